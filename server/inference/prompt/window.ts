// Which lines above the cursor the model sees: cut at a line, and the cut stays where it is while somebody types.

export interface PrefixWindow {
  /** Index of the first segment inside. */
  readonly start: number;
  /** How many segments there were, and the first two inside: with them the place is found again after edits above. */
  readonly total: number;
  readonly first: string | undefined;
  readonly second: string | undefined;
  /** Tokens inside. */
  readonly used: number;
  /** The budget it was cut for, in tokens; it holds until the next cut, however fast the machine is meanwhile. */
  readonly budget: number;
}

/** A new cut leaves this share of the budget free, so that many lines fit before the next cut. */
const FILL_OF_NEW_CUT = 0.7;
/** Some lines before the next cut: time to read the next window while nobody waits for it. */
const NEARLY_FULL = 0.85;
/** Below this share the cursor has moved up so far that the model sees too little: cut anew. */
const LEAST_FILL = 0.35;

/** `count` gives a segment's tokens; it is asked for the segments inside the window only. */
export function placeWindow(
  segments: readonly string[],
  previous: PrefixWindow | undefined,
  budget: number,
  count: (segment: string) => number,
): PrefixWindow {
  const kept = previous === undefined ? undefined : findAgain(segments, previous);
  if (previous !== undefined && kept !== undefined) {
    const used = countUpTo(segments, kept, previous.budget, count);
    if (used <= previous.budget && (kept === 0 || used >= previous.budget * LEAST_FILL)) {
      return describe(segments, kept, used, previous.budget);
    }
  }
  let start = segments.length;
  let used = 0;
  while (start > 0) {
    const next = count(segments[start - 1] ?? "");
    const isOnlyOne = start === segments.length && next <= budget;
    if (used + next > budget * FILL_OF_NEW_CUT && !isOnlyOne) break;
    used += next;
    start -= 1;
  }
  return describe(segments, start, used, budget);
}

/** True where a few more lines make a new cut necessary. */
export function isNearlyFull({ used, budget }: PrefixWindow): boolean {
  return used > budget * NEARLY_FULL;
}

function describe(segments: readonly string[], start: number, used: number, budget: number): PrefixWindow {
  const [first, second] = [segments[start], segments[start + 1]];
  return { start, total: segments.length, first, second, used, budget };
}

/** The same place, or the place moved by what came or went above it; of several alike the nearest to the end. */
function findAgain(segments: readonly string[], previous: PrefixWindow): number | undefined {
  if (previous.start === 0) return 0;
  const isSame = (index: number): boolean =>
    segments[index] === previous.first && segments[index + 1] === previous.second;
  const moved = previous.start + segments.length - previous.total;
  for (const candidate of [previous.start, moved]) if (isSame(candidate)) return candidate;
  const found = segments.findLastIndex((_, index) => isSame(index));
  return found === -1 ? undefined : found;
}

/** Counts from `start` to the end; stops as soon as the limit is passed. */
function countUpTo(
  segments: readonly string[],
  start: number,
  limit: number,
  count: (segment: string) => number,
): number {
  let used = 0;
  for (let index = start; index < segments.length && used <= limit; index += 1) {
    used += count(segments[index] ?? "");
  }
  return used;
}
