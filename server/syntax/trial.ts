// Trying out an edit: the tree that a text would have after it, within a deadline, on a copy.
import type { Clock } from "../platform/index.ts";
import { applyEdit } from "../text/index.ts";
import type { Text, TextEdit } from "../text/index.ts";
import type { Grammar } from "./grammar-store.ts";
import { editTree } from "./tree-edits.ts";
import type { OwnedTree, WasmEngine } from "./wasm-engine.ts";

export interface ParsedText {
  readonly text: Text;
  readonly owned: OwnedTree;
}

export interface TrialDeps {
  readonly grammar: Grammar;
  readonly engine: WasmEngine;
  readonly clock: Clock;
}

/** The caller owns the answer's tree; undefined when the deadline came first. `before` is left as it is. */
export function tryEdit(
  { grammar, engine, clock }: TrialDeps,
  before: ParsedText,
  edit: TextEdit,
  deadlineMs: number,
): ParsedText | undefined {
  const text = applyEdit(before.text, edit);
  const base = engine.own(before.owned.tree.copy());
  const parser = grammar.borrowParser();
  try {
    editTree(base.tree, before.text, text, [edit]);
    const tree = parser.parse(text.content, base.tree, {
      progressCallback: () => clock.nowMs() > deadlineMs,
    });
    return tree === null ? undefined : { text, owned: engine.own(tree) };
  } finally {
    grammar.returnParser(parser);
    base.release();
  }
}
