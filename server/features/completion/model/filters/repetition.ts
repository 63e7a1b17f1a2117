// Small models loop: a line that says the same thing again and again, or repeats the lines above, is dropped.
import type { LineFilter } from "./line-filter.ts";

/** A piece with a letter in it, three times or more in a row, at least this many characters in all. */
const MIN_LOOP_LENGTH = 9;
/** So many equal lines above make one more an echo, not a pattern of the code. */
const EQUAL_LINES_ABOVE = 2;

export const dropRepetition: LineFilter = (line, place) => {
  if (hasLoop(line)) return undefined;
  const whole = (place.lineLeft + line).trim();
  const above = place.linesAbove.map((other) => other.trim()).filter((other) => other !== "");
  const equal = above.slice(0, EQUAL_LINES_ABOVE).filter((other) => other === whole);
  return equal.length === EQUAL_LINES_ABOVE ? undefined : line;
};

export function hasLoop(line: string): boolean {
  for (const match of line.matchAll(/(.{1,24}?)\1{2,}/gu)) {
    const piece = match[1] ?? "";
    if (match[0].length >= MIN_LOOP_LENGTH && /\p{L}/u.test(piece)) return true;
  }
  return false;
}
