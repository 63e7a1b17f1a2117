// Trying out an edit: the tree that a text would have after it, within a deadline, on a copy.
import type { Clock } from "../platform/index.ts";
import { applyEdit } from "../text/index.ts";
import type { Text, TextEdit } from "../text/index.ts";
import type { Grammar } from "./grammar-store.ts";
import { createParseJob } from "./parse-job.ts";
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

export interface Trial {
  /** Goes on until the deadline; undefined when that came first. The caller owns the answer's tree. */
  run(deadlineMs: number): ParsedText | undefined;
  /** Needed unless `run` gave an answer. */
  abandon(): void;
}

/** `before` is left as it is, and is not needed any more after this. */
export function startTrial(deps: TrialDeps, before: ParsedText, edit: TextEdit): Trial {
  const text = applyEdit(before.text, edit);
  const edited = deps.engine.own(before.owned.tree.copy());
  editTree(edited.tree, before.text, text, [edit]);
  return createParseJob({ ...deps, text, base: { edited, edits: [edit] } });
}

/** The caller owns the answer's tree; undefined when the deadline came first. */
export function tryEdit(
  deps: TrialDeps,
  before: ParsedText,
  edit: TextEdit,
  deadlineMs: number,
): ParsedText | undefined {
  const trial = startTrial(deps, before, edit);
  let parsed: ParsedText | undefined;
  try {
    parsed = trial.run(deadlineMs);
    return parsed;
  } finally {
    if (parsed === undefined) trial.abandon();
  }
}
