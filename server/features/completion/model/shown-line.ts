// From a line as the model gave it to an edit that may be shown, or to nothing.
import type { Offset, TextEdit } from "../../../text/index.ts";
import type { DocumentSnapshot } from "../../../workspace/index.ts";
import { filterLine } from "./filters/chain.ts";
import { linePlaceAt } from "./filters/line-filter.ts";
import type { LineQuestion } from "./line-question.ts";
import { judgeValidity } from "./validity.ts";

/**
 * `head` is the text from `start` to where the line goes on: the typed part of a word, or a selected menu entry. The
 * edit replaces `start..end` by the head and what is kept of the line. Undefined when nothing worth showing is left.
 */
export function showLine(
  snapshot: DocumentSnapshot,
  question: LineQuestion,
  line: string,
  head: { readonly start: Offset; readonly end: Offset; readonly text: string },
): TextEdit | undefined {
  const place = linePlaceAt(snapshot, question.before, question.after);
  const kept = filterLine(line, place);
  if (kept === undefined) return undefined;
  const edit = { start: head.start, end: head.end, newText: head.text + kept };
  return judgeValidity(snapshot, edit) === "invalid" ? undefined : edit;
}
