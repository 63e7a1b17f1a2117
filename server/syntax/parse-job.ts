// One parse of one text that can be cut into slices: it holds a parser and goes on where it stopped.
import type { Parser, Tree } from "web-tree-sitter";
import type { Clock } from "../platform/index.ts";
import type { Text } from "../text/index.ts";
import type { Grammar } from "./grammar-store.ts";
import type { OwnedTree, WasmEngine } from "./wasm-engine.ts";

export interface ParseJob {
  readonly text: Text;
  /** The finished tree, whose owner the caller becomes, or undefined when the deadline came first. */
  run(deadlineMs: number): OwnedTree | undefined;
  /** Gives everything back; needed unless `run` answered with a tree. */
  abandon(): void;
}

/** The job owns `base`, an edited tree to build on. */
export function createParseJob(deps: {
  readonly grammar: Grammar;
  readonly engine: WasmEngine;
  readonly clock: Clock;
  readonly text: Text;
  readonly base: OwnedTree | undefined;
}): ParseJob {
  const { grammar, engine, clock, text, base } = deps;
  let parser: Parser | undefined = grammar.borrowParser();
  const end = (): void => {
    if (parser === undefined) return;
    grammar.returnParser(parser);
    parser = undefined;
    base?.release();
  };
  return {
    text,
    run(deadlineMs) {
      if (parser === undefined) return undefined;
      const tree: Tree | null = parser.parse(text.content, base?.tree ?? null, {
        progressCallback: () => clock.nowMs() > deadlineMs,
      });
      if (tree === null) return undefined;
      end();
      return engine.own(tree);
    },
    abandon: end,
  };
}
