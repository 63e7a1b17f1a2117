// Whether a text can be parsed at all, and whether it can be parsed between two keystrokes.
import type { Text } from "../text/index.ts";
import { MAX_LINE_LENGTH, MAX_PARSED_LENGTH } from "./limits.ts";

interface TextSize {
  /** No tree is made for it. */
  readonly isTooLong: boolean;
  /** Parsed off the turn only. */
  readonly hasLongLine: boolean;
}

export function sizeOf(text: Text): TextSize {
  const { content, lineStarts } = text;
  if (content.length > MAX_PARSED_LENGTH) return { isTooLong: true, hasLongLine: false };
  let hasLongLine = content.length - (lineStarts.at(-1) ?? 0) > MAX_LINE_LENGTH;
  for (let line = 1; line < lineStarts.length && !hasLongLine; line += 1)
    hasLongLine = (lineStarts[line] ?? 0) - (lineStarts[line - 1] ?? 0) > MAX_LINE_LENGTH;
  return { isTooLong: false, hasLongLine };
}

/** Why the text has no syntax, as a sentence for people; undefined when it is parsed. */
export function oversizeReason(text: Text): string | undefined {
  return sizeOf(text).isTooLong
    ? `The text is longer than ${MAX_PARSED_LENGTH.toLocaleString("en")} characters: syntax, symbols and findings are off for it.`
    : undefined;
}
