// What a filter of model lines sees and says.
import type { DocumentSnapshot } from "../../../../workspace/index.ts";

export interface LinePlace {
  /** The cursor's line left of the cursor, and right of it without the line break. */
  readonly lineLeft: string;
  readonly lineRight: string;
  /** A few lines above the cursor's, nearest first, and below it. */
  readonly linesAbove: readonly string[];
  readonly linesBelow: readonly string[];
  readonly brackets: readonly (readonly [string, string])[];
}

/** The line, or what may be kept of it; undefined drops the suggestion. */
export type LineFilter = (line: string, place: LinePlace) => string | undefined;

/** How many neighbouring lines filters look at. */
const NEIGHBOURS = 5;

export function linePlaceAt(snapshot: DocumentSnapshot, before: string, after: string): LinePlace {
  const above = lastLines(before);
  const below = firstLines(after);
  return {
    lineLeft: above[0] ?? "",
    lineRight: below[0] ?? "",
    linesAbove: above.slice(1),
    linesBelow: below.slice(1),
    brackets: snapshot.language?.brackets ?? commonBrackets,
  };
}

export const commonBrackets = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
] as const;

/** Only a window of the text is split: it may be a megabyte long. */
const WINDOW = 4000;

function lastLines(before: string): readonly string[] {
  return before
    .slice(-WINDOW)
    .split(/\r\n|\r|\n/)
    .slice(-NEIGHBOURS - 1)
    .reverse();
}

function firstLines(after: string): readonly string[] {
  return after
    .slice(0, WINDOW)
    .split(/\r\n|\r|\n/)
    .slice(0, NEIGHBOURS + 1);
}
