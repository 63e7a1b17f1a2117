// What already stands right of the cursor, or on the next lines, is not suggested again.
import { bracketBalance } from "./bracket-scan.ts";
import type { LineFilter, LinePlace } from "./line-filter.ts";

export const cutSuffixEcho: LineFilter = (line, place) => {
  if (isNeighbour(line, place)) return undefined;
  return cutOverlap(line, place);
};

/** The line as a whole, or the suggestion alone, stands below already. */
function isNeighbour(line: string, place: LinePlace): boolean {
  const whole = (place.lineLeft + line).trim();
  const suggested = line.trim();
  const below = place.linesBelow.map((other) => other.trim()).filter((other) => other !== "");
  const [next] = below;
  if (next === undefined) return false;
  if (next === whole) return true;
  return suggested.length >= MIN_ECHO && below.includes(suggested) && place.lineLeft.trim() === "";
}

/** Shorter texts such as `return` may well stand on two lines. */
export const MIN_ECHO = 8;

/**
 * The longest end of the suggestion that the text right of the cursor starts with is cut, unless the suggestion needs
 * it: in `print(|)` the bracket of `x)` is there already, the one of `f(x)` is not.
 */
function cutOverlap(line: string, place: LinePlace): string {
  const right = place.lineRight.trimEnd();
  for (let length = Math.min(line.length, right.length); length > 0; length -= 1) {
    if (!line.endsWith(right.slice(0, length))) continue;
    const kept = line.slice(0, line.length - length);
    const overlap = line.slice(line.length - length);
    // One letter that happens to be equal proves nothing.
    if (/^[\p{L}\p{N}_]$/u.test(overlap)) continue;
    if (bracketBalance(kept, place.brackets).open === 0) return kept;
  }
  return line;
}
