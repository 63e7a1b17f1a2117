// Blocks of several lines: cut before the first line that repeats, echoes what stands around, closes too much, or is no text.
import { bracketBalance } from "./bracket-scan.ts";
import { cutAtControlText } from "./control-text.ts";
import { filterLine } from "./chain.ts";
import type { LinePlace } from "./line-filter.ts";
import { hasLoop } from "./repetition.ts";
import { MIN_ECHO } from "./suffix-echo.ts";

/** Line breaks are LF. One line is filtered as a line; of a block, what stands before the first bad line is kept. */
export function filterText(text: string, place: LinePlace): string | undefined {
  if (!text.includes("\n")) return filterLine(text, place);
  const [first = "", ...rest] = text.split("\n");
  const lines = [first, ...rest];
  // The first line ends the cursor's own and is filtered as every line; where it is blank the block begins below.
  const head = first.trim() === "" ? "" : filterLine(first, place);
  if (head === undefined) return undefined;
  if (head !== first.trimEnd()) return head;
  const kept = [head];
  let depth = bracketBalance(place.lineLeft + first, place.brackets).open;
  for (let at = 1; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const balance = bracketBalance(line, place.brackets);
    depth += balance.open - balance.unopened.length;
    if (depth < -MAX_CLOSED_OUTSIDE || balance.firstWrong >= 0) break;
    if (isForeign(line) || isRepeated(line, kept) || isEcho(line, lines[at + 1], place)) break;
    kept.push(line);
  }
  const whole = kept.join("\n").trimEnd();
  return whole.trim() === "" ? undefined : whole;
}

/** A block may close what the line above the cursor has opened: one bracket, or one with a call around it. */
const MAX_CLOSED_OUTSIDE = 2;

function isForeign(line: string): boolean {
  return cutAtControlText(line, emptyPlace) !== line || hasLoop(line);
}

const emptyPlace: LinePlace = { lineLeft: "", lineRight: "", linesAbove: [], linesBelow: [], brackets: [] };

/** The same line a third time, or the same two lines again. */
function isRepeated(line: string, before: readonly string[]): boolean {
  const text = line.trim();
  if (text.length < MIN_ECHO) return false;
  const earlier = before.map((other) => other.trim()).filter((other) => other !== "");
  if (earlier.filter((other) => other === text).length >= 2) return true;
  const last = earlier.at(-1);
  return earlier.some((other, at) => other === last && at < earlier.length - 1 && earlier[at + 1] === text);
}

/** Two lines in a row that stand above already, or the line that comes next anyway. */
function isEcho(line: string, next: string | undefined, { linesAbove, linesBelow }: LinePlace): boolean {
  const text = line.trim();
  if (text === "") return false;
  const below = linesBelow.filter((other) => other.trim() !== "");
  // A closing bracket further in is another one.
  if (below[0]?.trimEnd() === line.trimEnd()) return true;
  if (text.length >= MIN_ECHO && below.some((other) => other.trim() === text)) return true;
  if (next === undefined || text.length < MIN_ECHO) return false;
  const above = linesAbove.map((other) => other.trim()).reverse();
  return above.some((other, at) => other === text && above[at + 1] === next.trim());
}
