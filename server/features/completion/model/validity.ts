// The validity gate: with the suggestion the text must not have more syntax errors than it has now.
import { bracketBalance } from "./filters/bracket-scan.ts";
import type { EditTrial, SyntaxSnapshot } from "../../../syntax/index.ts";
import { lineAt, lineBreakOf, lineText } from "../../../text/index.ts";
import type { TextEdit } from "../../../text/index.ts";
import type { DocumentSnapshot } from "../../../workspace/index.ts";

export type Validity = "valid" | "invalid" | "unknown";

export interface Judgement {
  readonly validity: Validity;
  /** The text with the suggestion, when that is valid. */
  readonly trial: EditTrial | undefined;
}

/** For all attempts at one text together; a reparse of a text of ordinary size takes one or two milliseconds. */
const BUDGET_MS = 12;

/**
 * A line that opens a block is not finished, so it also counts as valid when closing its brackets, or giving it a body,
 * makes it so. Unknown when there is no parse of this very text, or not in time.
 */
export function judgeValidity(snapshot: DocumentSnapshot, edit: TextEdit): Judgement {
  const syntax = snapshot.syntax.current();
  if (syntax?.text !== snapshot.text) return unknown;
  const allowed = allowedErrors(syntax, edit);
  let isKnown = true;
  for (const newText of finishedForms(snapshot, edit)) {
    const trial = syntax.trialOf({ ...edit, newText }, BUDGET_MS / 3);
    if (trial === undefined) isKnown = false;
    else if (trial.errorCount <= allowed) return { validity: "valid", trial };
  }
  return isKnown ? { validity: "invalid", trial: undefined } : unknown;
}

/** An empty body is an error that any body mends: a block must not make up for it with one of its own. */
function allowedErrors(syntax: SyntaxSnapshot, edit: TextEdit): number {
  const now = syntax.errorCount();
  if (now === 0 || !/[\r\n]/.test(edit.newText)) return now;
  const start = edit.newText.search(/\S/);
  const newText = `${edit.newText.slice(0, Math.max(0, start))}x`;
  return Math.min(now, syntax.errorCountAfter({ ...edit, newText }, BUDGET_MS / 3) ?? now);
}

const unknown: Judgement = { validity: "unknown", trial: undefined };

function* finishedForms(snapshot: DocumentSnapshot, edit: TextEdit): Generator<string> {
  const { text, language } = snapshot;
  yield edit.newText;
  const { closers } = bracketBalance(edit.newText, language?.brackets ?? []);
  if (closers !== "") yield edit.newText + closers;
  if (!/[\p{L}\p{N}]/u.test(edit.newText)) return;
  const lastBreak = edit.newText.search(/[^\r\n]*$/);
  const lastLine = lastBreak > 0 ? edit.newText.slice(lastBreak) : lineText(text, lineAt(text, edit.start));
  const indent = /^[ \t]*/.exec(lastLine)?.[0] ?? "";
  const body = `${lineBreakOf(text)}${indent}    x`;
  yield edit.newText + body + (closers === "" ? "" : `${lineBreakOf(text)}${indent}${closers}`);
}
