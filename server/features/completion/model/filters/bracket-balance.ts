// A closing bracket of the wrong kind, or one that the rest of the line has already, ends the suggestion before it.
import { bracketBalance } from "./bracket-scan.ts";
import type { LineFilter } from "./line-filter.ts";

export const cutAtWrongBracket: LineFilter = (line, place) => {
  const { lineLeft, lineRight, brackets } = place;
  const whole = bracketBalance(lineLeft + line, brackets);
  if (whole.firstWrong >= lineLeft.length) return line.slice(0, whole.firstWrong - lineLeft.length);
  if (lineRight.trim() === "") return line;
  // Closing brackets right of the cursor are waiting for what is open left of it: the suggestion must not take them away.
  const left = bracketBalance(lineLeft, brackets).open;
  const right = bracketBalance(lineRight, brackets).unopened.length;
  const own = bracketBalance(line, brackets).unopened;
  const surplus = right > 0 ? own[Math.max(0, left - right)] : undefined;
  return surplus === undefined ? line : line.slice(0, surplus);
};
