// Statistics of measurements: seeded chance, intervals for shares and means, similarity of texts.

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Uniform numbers in 0..1 that are the same for the same seed (mulberry32, public domain, Tommy Ettinger). */
export function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy in random order. */
export function shuffle<Value>(values: readonly Value[], chance: () => number): Value[] {
  const shuffled = [...values];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(chance() * (last + 1));
    const [a, b] = [shuffled[last], shuffled[other]];
    if (a === undefined || b === undefined) continue;
    shuffled[last] = b;
    shuffled[other] = a;
  }
  return shuffled;
}

/** For 95 %. */
const Z = 1.959964;

/** Wilson's score interval of a share: holds for few samples and for shares near 0 and 1 (Wilson 1927). */
export function wilson(hits: number, n: number): Interval {
  if (n === 0) return { value: 0, low: 0, high: 1, n };
  const share = hits / n;
  const scale = 1 + Z ** 2 / n;
  const middle = (share + Z ** 2 / (2 * n)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  // At the ends the formula meets 0 and 1 exactly; floating point does not.
  return {
    value: share,
    low: hits === 0 ? 0 : Math.max(0, middle - half),
    high: hits === n ? 1 : Math.min(1, middle + half),
    n,
  };
}

const RESAMPLES = 2000;

/** The mean with its 95 % percentile bootstrap interval; seeded, so that a run repeats. */
export function bootstrapMean(values: readonly number[], seed = 1): Interval {
  const n = values.length;
  if (n === 0) return { value: 0, low: 0, high: 0, n };
  const chance = createChance(seed);
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let draw = 0; draw < n; draw += 1) sum += values[Math.floor(chance() * n)] ?? 0;
    return sum / n;
  });
  return { value: mean(values), low: percentile(means, 0.025), high: percentile(means, 0.975), n };
}

/** Of `changed` minus `base`, sample by sample: far narrower than two separate intervals. */
export function pairedDifference(base: readonly number[], changed: readonly number[], seed = 1): Interval {
  return bootstrapMean(
    base.map((value, index) => (changed[index] ?? 0) - value),
    seed,
  );
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Nearest rank; 0 of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? 0;
}

/** 1 for equal texts, 0 for texts with nothing in common: one minus the edit distance over the longer length. */
export function editSimilarity(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 1 : 1 - editDistance(a, b) / longest;
}

function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const changed = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(changed, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
