// The validity gate: with the suggestion the text must not have more syntax errors than it has now.
import { bracketBalance } from "./filters/bracket-scan.ts";
import { lineAt, lineBreakOf, lineText } from "../../../text/index.ts";
import type { TextEdit } from "../../../text/index.ts";
import type { DocumentSnapshot } from "../../../workspace/index.ts";

export type Validity = "valid" | "invalid" | "unknown";

/** For all attempts together; a reparse of a text of ordinary size takes one or two milliseconds. */
const BUDGET_MS = 12;

/**
 * A line that opens a block is not finished, so it also counts as valid when closing its brackets, or giving it a body,
 * makes it so. Unknown when there is no parse of this very text, or not in time.
 */
export function judgeValidity(snapshot: DocumentSnapshot, edit: TextEdit): Validity {
  const syntax = snapshot.syntax.current();
  if (syntax?.text !== snapshot.text) return "unknown";
  const allowed = syntax.errorCount();
  let isKnown = true;
  for (const newText of finishedForms(snapshot, edit)) {
    const count = syntax.errorCountAfter({ ...edit, newText }, BUDGET_MS / 3);
    if (count === undefined) isKnown = false;
    else if (count <= allowed) return "valid";
  }
  return isKnown ? "invalid" : "unknown";
}

function* finishedForms(snapshot: DocumentSnapshot, edit: TextEdit): Generator<string> {
  const { text, language } = snapshot;
  yield edit.newText;
  const { closers } = bracketBalance(edit.newText, language?.brackets ?? []);
  if (closers !== "") yield edit.newText + closers;
  if (!/[\p{L}\p{N}]/u.test(edit.newText)) return;
  const indent = /^[ \t]*/.exec(lineText(text, lineAt(text, edit.start)))?.[0] ?? "";
  const body = `${lineBreakOf(text)}${indent}    x`;
  yield edit.newText + body + (closers === "" ? "" : `${lineBreakOf(text)}${indent}${closers}`);
}
