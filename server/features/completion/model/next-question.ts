// The question that comes when a suggestion was accepted: on the next line where the suggestion ends its own, else right behind it.
import { lineBreakOf } from "../../../text/index.ts";
import type { DocumentSnapshot } from "../../../workspace/index.ts";
import { blockPlaceAt } from "./block/block-place.ts";
import { indentOf, indentUnitOf } from "./block/indentation.ts";
import { questionAbout } from "./line-question.ts";
import type { LineQuestion } from "./line-question.ts";

/** `kept` is inserted at the question's cursor; its line breaks are LF. */
export function questionAfter(
  snapshot: DocumentSnapshot,
  { before, after }: LineQuestion,
  kept: string,
): LineQuestion {
  const lineBreak = lineBreakOf(snapshot.text);
  const accepted = before + kept.replaceAll("\n", lineBreak);
  const isLineEnd = /^[ \t]*(?:[\r\n]|$)/.test(after);
  if (!isLineEnd) return questionAbout(snapshot, accepted, after);
  // Editors put the cursor of a new line where the line above begins, one step further in when that opens a block.
  const lastLine = lastLineOf(accepted);
  const opens = blockPlaceAt(snapshot.language, accepted, after)?.startsBelow === true;
  const indent = indentOf(lastLine) + (opens ? indentUnitOf(before, after) : "");
  return questionAbout(snapshot, accepted + lineBreak + indent, after);
}

/** The document may be long: a regular expression would begin anew at each of its characters. */
function lastLineOf(text: string): string {
  const line = text.slice(text.lastIndexOf("\n") + 1);
  return line.slice(line.lastIndexOf("\r") + 1);
}
