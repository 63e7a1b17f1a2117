// The text left of the cursor as a prompt sees it: what is being typed, the line in front of that, and the pieces above.
import { findBoundary } from "./boundary.ts";
import { splitSegments } from "./segments.ts";
import type { LineJoint } from "./segments.ts";

export interface CursorText {
  /** The text above the current line, as `splitSegments` cuts it; of a large file the last part. */
  readonly above: readonly string[];
  /** The current line up to the typed part; with a leading joint the break before it is a part of it. */
  readonly line: string;
  /** The answer repeats this before it goes on; empty when nothing is healed. */
  readonly typed: string;
  /** The current line left of the cursor, however long. */
  readonly lineBefore: string;
}

export interface CursorRules {
  readonly joint: LineJoint;
  /** False: the prompt ends at the cursor as it is. */
  readonly isHealed: boolean;
  /** For everything in the prompt but the current line's left part. */
  readonly budgetTokens: number;
  /** For the current line's left part, and lines above it that stand behind the suffix. */
  readonly lineTokens: number;
  /** A piece's tokens. */
  readonly count: (segment: string) => number;
}

/** The left part of an absurdly long line is cut at multiples of this many UTF-16 units. */
const LINE_CUT = 512;
/** Text further up than this (in UTF-16 units) is not looked at; few tokens are longer than 12 on average. */
const UNITS_PER_TOKEN = 12;
/** The place where looking starts moves in steps of this many units, so that it does not move with every key. */
const LOOK_STEP = 16_384;
/** A character of three bytes may be three tokens. */
const MOST_TOKENS_PER_UNIT = 3;

export function cutAtCursor(text: string, rules: CursorRules): CursorText {
  const { joint } = rules;
  const before = text.slice(findLookStart(text, rules.budgetTokens));
  const boundary = rules.isHealed ? findBoundary(before, joint) : { end: before.length, typed: "" };
  const lineStart = before.lastIndexOf("\n") + 1;
  // With a leading joint the break before the line is part of the line's own piece.
  const aboveEnd = joint === "leading" ? endOfText(before, lineStart) : lineStart;
  return {
    above: splitSegments(before.slice(0, aboveEnd), joint),
    line: fitLine(cutLine(before.slice(Math.min(aboveEnd, boundary.end), boundary.end)), rules),
    typed: boundary.typed,
    lineBefore: before.slice(lineStart),
  };
}

/** Work per key must not grow with the file: a place some way up, at the start of a line where there is one. */
function findLookStart(before: string, budgetTokens: number): number {
  const wanted = Math.max(LOOK_STEP, budgetTokens * UNITS_PER_TOKEN);
  const start = Math.floor((before.length - wanted) / LOOK_STEP) * LOOK_STEP;
  if (start <= 0) return 0;
  const nextLine = before.indexOf("\n", start) + 1;
  return nextLine > start && nextLine < before.length - wanted / 2 ? nextLine : start;
}

/** Cuts the front of a very long line at a place that does not move with every key. */
function cutLine(line: string): string {
  if (line.length <= 2 * LINE_CUT) return line;
  return line.slice(Math.floor((line.length - LINE_CUT) / LINE_CUT) * LINE_CUT);
}

/** A line of rare characters may be several tokens a character: cut so far that it fits whatever stands in it. */
function fitLine(line: string, { count, lineTokens }: CursorRules): string {
  if (count(line) <= lineTokens) return line;
  const step = Math.max(8, Math.floor(lineTokens / 8));
  const length = Math.floor(lineTokens / MOST_TOKENS_PER_UNIT);
  return line.slice(Math.ceil((line.length - length) / step) * step);
}

/** The end of the last line above `lineStart` that holds more than white space. */
function endOfText(before: string, lineStart: number): number {
  let end = lineStart;
  while (end > 0 && /\s/.test(before.charAt(end - 1))) end -= 1;
  return end;
}
