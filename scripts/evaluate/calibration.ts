// Is the model right as often as it is sure? And from which sureness on is a line worth showing?
import { mean, wilson } from "../report/statistics.ts";
import type { Interval } from "../report/statistics.ts";

export interface Judged {
  /** Mean probability of the answer's tokens. */
  readonly probability: number;
  readonly isExact: boolean;
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly meanProbability: number;
  readonly exact: Interval;
}

/** Bins of equal width that hold at least one sample. */
export function reliability(samples: readonly Judged[], count = 10): readonly Bin[] {
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const [from, to] = [index / count, (index + 1) / count];
    const inside = samples.filter(
      ({ probability }) =>
        probability >= from && (probability < to || (index === count - 1 && probability <= 1)),
    );
    if (inside.length === 0) return [];
    const hits = inside.filter(({ isExact }) => isExact).length;
    const meanProbability = mean(inside.map(({ probability }) => probability));
    return [{ from, to, meanProbability, exact: wilson(hits, inside.length) }];
  });
}

/** Expected calibration error: how far the bins lie from the diagonal, weighted by their samples. */
export function calibrationError(bins: readonly Bin[]): number {
  const n = bins.reduce((sum, { exact }) => sum + exact.n, 0);
  if (n === 0) return 0;
  return bins.reduce(
    (sum, { meanProbability, exact }) => sum + (exact.n / n) * Math.abs(meanProbability - exact.value),
    0,
  );
}

export interface AtGate {
  readonly gate: number;
  readonly shown: Interval;
  /** Exact among those shown. */
  readonly precision: Interval;
}

export function atGate(samples: readonly Judged[], gate: number): AtGate {
  const shown = samples.filter(({ probability }) => probability >= gate);
  const hits = shown.filter(({ isExact }) => isExact).length;
  return { gate, shown: wilson(shown.length, samples.length), precision: wilson(hits, shown.length) };
}

export const gates: readonly number[] = Array.from({ length: 70 }, (_, step) => (step + 30) / 100);

export interface ChosenGate {
  readonly gate: number;
  /** False: no gate reached the target, and the one with the best lower bound was taken. */
  readonly isReached: boolean;
  readonly target: number;
  readonly chosenOn: AtGate;
  /** On samples of files that had no part in the choice. */
  readonly heldOut: AtGate;
}

/** Fewer shown samples than this say nothing about a gate. */
const LEAST_SHOWN = 10;

/** The lowest gate whose precision on `choosing` reaches `target`: it shows the most. */
export function chooseGate(
  choosing: readonly Judged[],
  heldOut: readonly Judged[],
  target: number,
): ChosenGate | undefined {
  const tried = gates
    .map((gate) => atGate(choosing, gate))
    .filter(({ precision }) => precision.n >= LEAST_SHOWN);
  const reached = tried.find(({ precision }) => precision.value >= target);
  const best = reached ?? [...tried].sort((a, b) => b.precision.low - a.precision.low)[0];
  if (best === undefined) return undefined;
  return {
    gate: best.gate,
    isReached: reached !== undefined,
    target,
    chosenOn: best,
    heldOut: atGate(heldOut, best.gate),
  };
}

/** Two halves by file, so that no file helps to choose a gate and is then used to test it. */
export function splitByFile<Sample extends { readonly file: string }>(
  samples: readonly Sample[],
): readonly [readonly Sample[], readonly Sample[]] {
  const files = [...new Set(samples.map(({ file }) => file))].sort();
  const isFirst = (file: string): boolean => files.indexOf(file) % 2 === 0;
  return [samples.filter(({ file }) => isFirst(file)), samples.filter(({ file }) => !isFirst(file))];
}
