// Where a block of the model's is over: at what closes it, or before the first line that stands no deeper than the line that opened it.
import type { BlockPlace } from "./block-place.ts";
import { startsWith } from "./block-place.ts";
import { indentOf, indentWidth } from "./indentation.ts";

/** Longer blocks are read by nobody before they are accepted. */
const MAX_LINES = 12;

/**
 * The length of the answer that belongs to the block when it is over; undefined while it goes on. The last line may be
 * unfinished. Line breaks in the answer are LF or CRLF.
 */
export function findBlockEnd(answer: string, place: BlockPlace): number | undefined {
  if (place.kind === "comment") return findCommentEnd(answer, place);
  let at = 0;
  let count = 0;
  let blanks = 0;
  let lastText = 0;
  for (const raw of answer.split("\n")) {
    const isLast = at + raw.length === answer.length;
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    const text = line.trim();
    // The first line stands at the cursor's indentation, or ends the opening line.
    const isOwnLine = at > 0;
    if (text === "") {
      if (isOwnLine && !isLast) blanks += 1;
      if (blanks === 2) return lastText;
    } else {
      blanks = 0;
      const closes = place.closer !== undefined && startsWith(text, place.closer);
      // The beginning of a word may become the one that closes the block.
      const mayClose = isLast && place.closer !== undefined && !place.hasCloser && /^\p{L}+$/u.test(text);
      const isOut = isOwnLine ? indentWidth(line) <= place.openWidth : closes;
      if (isOut) {
        if (mayClose) return undefined;
        if (!closes || place.hasCloser) return lastText;
        return closerEnd(line, at, isLast, place);
      }
      count += 1;
      if (count > MAX_LINES) return lastText;
      lastText = at + line.length;
    }
    at += raw.length + 1;
  }
  return undefined;
}

/** The closing line up to the brackets and separators right after the closer; what follows these is another matter. */
function closerEnd(
  line: string,
  at: number,
  isLast: boolean,
  { closer = "" }: BlockPlace,
): number | undefined {
  const indent = indentOf(line);
  const found = new RegExp(`^(?:${closer})[)\\]};,]*`, "u").exec(line.slice(indent.length));
  const length = indent.length + (found?.[0].length ?? 0);
  // An unfinished line may go on with another bracket.
  return isLast && length === line.length ? undefined : at + length;
}

function findCommentEnd(answer: string, { closer = "", hasCloser }: BlockPlace): number | undefined {
  const found = new RegExp(closer, "u").exec(answer);
  if (found !== null) {
    if (!hasCloser) return found.index + found[0].length;
    return answer.slice(0, found.index).trimEnd().length;
  }
  const lines = answer.split("\n");
  if (lines.length <= MAX_LINES) return undefined;
  return lines.slice(0, MAX_LINES).join("\n").length;
}
