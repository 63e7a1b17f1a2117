// Which texts are too large or too odd for analysis at every keystroke.
import { lineEnd, lineStart } from "../text/index.ts";
import type { Text } from "../text/index.ts";

export interface SizeLimits {
  /** UTF-16 code units of the whole text. */
  readonly maxLength: number;
  /** UTF-16 code units of the longest line. */
  readonly maxLineLength: number;
}

/** Above them editors switch off their own colouring too (20,000 per line is the default of VS Code). */
export const defaultSizeLimits: SizeLimits = { maxLength: 1_000_000, maxLineLength: 20_000 };

/** One sentence for the user, or undefined for a text of ordinary size. */
export function oversizeReason(name: string, text: Text, limits: SizeLimits): string | undefined {
  const consequence = "hearth offers only the words of the text here";
  if (text.content.length > limits.maxLength) {
    const sizeText = `${text.content.length} characters, the limit is ${limits.maxLength}`;
    return `${name} is too large for analysis at every keystroke (${sizeText}): ${consequence}.`;
  }
  if (text.content.includes("\0")) return `${name} looks like a binary file: ${consequence}.`;
  if (hasLineLongerThan(text, limits.maxLineLength)) {
    return `${name} has a line of more than ${limits.maxLineLength} characters, as minified files have: ${consequence}.`;
  }
  return undefined;
}

function hasLineLongerThan(text: Text, limit: number): boolean {
  if (text.content.length <= limit) return false;
  for (let line = 0; line < text.lineStarts.length; line += 1) {
    const next = text.lineStarts[line + 1] ?? text.content.length;
    // The line break counts in this quick test, so the exact length decides.
    if (next - lineStart(text, line) > limit && lineEnd(text, line) - lineStart(text, line) > limit) {
      return true;
    }
  }
  return false;
}
