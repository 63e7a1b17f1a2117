// A model's text as the document would have it: one kind of line break, the document's indentation, no unfinished last line.
import type { AnswerPiece, ModelCompletion } from "../../../../inference/index.ts";
import { PART_GATE } from "../line-answer.ts";
import type { BlockPlace } from "./block-place.ts";
import { findBlockEnd } from "./block-end.ts";
import { reindent, seenIndentUnit } from "./indentation.ts";

/** With LF for line breaks, and the indentation that the lines around have; the model's own where they have none. */
export function plainText(
  text: string,
  { before, after }: { readonly before: string; readonly after: string },
): string {
  const lines = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  const unit = lines.includes("\n") ? seenIndentUnit(before, after) : undefined;
  return unit === undefined ? lines : reindent(lines, unit);
}

/** The block without what lies beyond its end; its last line is dropped when the model was stopped within it. */
export function finishBlock(text: string, place: BlockPlace, stop: ModelCompletion["stop"]): string {
  const end = findBlockEnd(`${text}\n`, place);
  if (end !== undefined && end < text.length) return text.slice(0, end);
  const isUnfinished = stop === "token-limit" || stop === "low-confidence" || stop === "repetition";
  const lastBreak = text.lastIndexOf("\n");
  return (isUnfinished && lastBreak > 0 ? text.slice(0, lastBreak) : text).trimEnd();
}

/**
 * How much of a doubtful block is sure: the longest part of whole lines that reaches the gate, in UTF-16 units of the
 * pieces' text; 0 when its first line does not.
 */
export function sureLength(pieces: readonly AnswerPiece[]): number {
  let sure = 0;
  let length = 0;
  let sum = 0;
  let hasText = false;
  pieces.forEach(({ text, probability }, at) => {
    const lineBreak = text.search(/[\r\n]/);
    if (lineBreak >= 0 && hasText && sum / at >= PART_GATE) sure = length + lineBreak;
    hasText ||= text.trim() !== "";
    sum += probability;
    length += text.length;
  });
  return sure;
}
