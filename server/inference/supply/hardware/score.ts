// What a machine is worth for completion: a score from 0 to 100 and the tier that follows from it. Pure arithmetic.
import type { DiskKind } from "./hardware.ts";
import { decodeTokensPerSecond } from "./speed.ts";
import type { Pace } from "./speed.ts";

export type Tier = "fast" | "balanced" | "powerful";

export interface ScoreInputs extends Pace {
  /** Memory that weights and state may take, in gigabytes of 10^9 bytes. */
  readonly usableGigabytes: number;
  readonly disk: DiskKind;
}

/** The measure of all: a model of one and a half billion parameters in eight bits. */
const MEASURE_BYTES = 1.65e9;
const DISK_POINTS: Readonly<Record<DiskKind, number>> = { nvme: 100, ssd: 70, hdd: 25, unknown: 60 };
/** How far a score must be beyond a border before the tier changes. */
const HYSTERESIS = 3;
const BORDERS: readonly (readonly [from: number, tier: Tier])[] = [
  [80, "powerful"],
  [45, "balanced"],
  [0, "fast"],
];

/**
 * The weights and borders are ours, chosen so that known machines come out sensibly: memory .30, decoding .35, reading
 * prompts .30, disk .05, the first three on logarithmic scales from "just usable" to "more than enough".
 */
export function scoreOf(inputs: ScoreInputs): number {
  const memory = onScale(inputs.usableGigabytes, 1, 64);
  const speed = onScale(decodeTokensPerSecond(inputs, MEASURE_BYTES), 4, 256);
  const compute = onScale(inputs.prefillTokensPerSecond, 30, 6000);
  return Math.round(0.3 * memory + 0.35 * speed + 0.3 * compute + 0.05 * DISK_POINTS[inputs.disk]);
}

function onScale(value: number, least: number, most: number): number {
  const points = (100 * Math.log2(value / least)) / Math.log2(most / least);
  return Number.isNaN(points) ? 0 : Math.min(100, Math.max(0, points));
}

/** `before`: the tier of an earlier look, which is kept while the score is near its border. */
export function tierOf(score: number, before?: Tier): Tier {
  const tier = tierAt(score);
  if (before === undefined || tier === before) return tier;
  const isNear = tierAt(score - HYSTERESIS) === before || tierAt(score + HYSTERESIS) === before;
  return isNear ? before : tier;
}

function tierAt(score: number): Tier {
  return BORDERS.find(([from]) => score >= from)?.[1] ?? "fast";
}
