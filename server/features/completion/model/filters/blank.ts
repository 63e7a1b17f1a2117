// A line of nothing is no suggestion; blanks at the end of a line are never wanted.
import type { LineFilter } from "./line-filter.ts";

export const dropBlank: LineFilter = (line) => {
  const kept = line.trimEnd();
  return kept === "" ? undefined : kept;
};
