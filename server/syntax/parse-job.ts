// One parse of one text that can be cut into slices: it holds a parser and goes on where it stopped.
import type { Parser, Tree } from "web-tree-sitter";
import type { Clock } from "../platform/index.ts";
import type { Span, Text, TextEdit } from "../text/index.ts";
import type { Grammar } from "./grammar-store.ts";
import type { OwnedTree, WasmEngine } from "./wasm-engine.ts";

export interface FinishedParse {
  /** The caller becomes its owner. */
  readonly owned: OwnedTree;
  readonly text: Text;
  /** Spans in which the tree is built differently from the one it builds on; undefined when it builds on none. */
  readonly changed: readonly Span[] | undefined;
  /** From the text of the tree that it builds on to this one. */
  readonly edits: readonly TextEdit[];
}

export interface ParseJob {
  /** Undefined when the deadline came first. */
  run(deadlineMs: number): FinishedParse | undefined;
  /** Gives everything back; needed unless `run` answered with a tree. */
  abandon(): void;
}

/** The job owns `base.edited`, the tree to build on, which was told of `base.edits`. */
export function createParseJob(deps: {
  readonly grammar: Grammar;
  readonly engine: WasmEngine;
  readonly clock: Clock;
  readonly text: Text;
  readonly base: { readonly edited: OwnedTree; readonly edits: readonly TextEdit[] } | undefined;
}): ParseJob {
  const { grammar, engine, clock, text, base } = deps;
  let parser: Parser | undefined = grammar.borrowParser();
  const end = (): void => {
    if (parser === undefined) return;
    grammar.returnParser(parser);
    parser = undefined;
    base?.edited.release();
  };
  return {
    run(deadlineMs) {
      if (parser === undefined) return undefined;
      const tree: Tree | null = parser.parse(text.content, base?.edited.tree ?? null, {
        progressCallback: () => clock.nowMs() > deadlineMs,
      });
      if (tree === null) return undefined;
      const changed = base?.edited.tree
        .getChangedRanges(tree)
        .map(({ startIndex, endIndex }) => ({ start: startIndex, end: endIndex }));
      end();
      return { owned: engine.own(tree), text, changed, edits: base?.edits ?? [] };
    },
    abandon: end,
  };
}
