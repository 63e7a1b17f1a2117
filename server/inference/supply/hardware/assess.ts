// From what a machine has to what it can do: the inputs of the score, in words and numbers.
import type { Hardware } from "./hardware.ts";
import { scoreOf, tierOf } from "./score.ts";
import { MEASURE_PARAMETERS } from "./speed.ts";
import type { ScoreInputs, Tier } from "./score.ts";

export interface Assessment {
  readonly hardware: Hardware;
  readonly inputs: ScoreInputs;
  /** 0 to 100. */
  readonly score: number;
  readonly tier: Tier;
  /** Where the weights would lie. */
  readonly place: "graphics" | "processor";
}

export function assess(hardware: Hardware, before?: Tier): Assessment {
  const inputs = inputsOf(hardware);
  const score = scoreOf(inputs);
  const place = hardware.graphics === undefined ? "processor" : "graphics";
  return { hardware, inputs, score, tier: tierOf(score, before), place };
}

/** Decoding leaves this part of a device's own memory to others. */
const DISCRETE_PART = 0.9;
/** Metal's recommended working set: two thirds of a small machine's memory, three quarters of a large one's. */
const LARGE_UNIFIED_BYTES = 36e9;
/** A machine has other work: half of what is free. */
const FREE_PART = 0.5;
/** When it could not be measured: an old laptop's two channels. */
const ASSUMED_BANDWIDTH = 20;
/** One thread does not fill the memory's channels, two nearly do (17 and 46 GB/s measured); more add little. */
const FILLING_THREADS = 2;

function inputsOf({ graphics, disk, ...machine }: Hardware): ScoreInputs {
  if (graphics === undefined) {
    return {
      usableGigabytes: (machine.freeMemoryBytes * FREE_PART) / 1e9,
      bandwidthGigabytes:
        machine.bandwidthGigabytes === undefined
          ? ASSUMED_BANDWIDTH
          : machine.bandwidthGigabytes * Math.min(FILLING_THREADS, machine.cores),
      efficiency: 0.5,
      overheadMs: machine.cores <= 2 ? 6 : machine.cores < 8 ? 4 : 3,
      prefillTokensPerSecond: processorPrefill(machine.cores, machine.features),
      disk,
    };
  }
  const { memoryBytes, isUnified, bandwidthGigabytes } = graphics;
  const unifiedPart = memoryBytes > LARGE_UNIFIED_BYTES ? 0.75 : 0.67;
  return {
    usableGigabytes: (memoryBytes * (isUnified ? unifiedPart : DISCRETE_PART)) / 1e9,
    bandwidthGigabytes,
    efficiency: isUnified ? 0.85 : 0.8,
    overheadMs: 1.3,
    // Arithmetic grows with bandwidth inside a family of devices; the factors fit what is published for ten of them.
    prefillTokensPerSecond: Math.min(40_000, bandwidthGigabytes * (isUnified ? 7.3 : 17)),
    disk,
  };
}

/** In billions of operations a second and core, measured with VNNI (120 on a busy machine), the others in proportion. */
const CORE_SPEEDS: readonly (readonly [feature: RegExp, gigaflops: number])[] = [
  [/^(avx512_vnni|avx_vnni|amx_int8)$/, 120],
  [/^i8mm$/, 100],
  [/^asimddp$/, 60],
  [/^avx2$/, 40],
];
const PLAIN_CORE = 25;

function processorPrefill(cores: number, features: readonly string[]): number {
  const found = CORE_SPEEDS.find(([pattern]) => features.some((feature) => pattern.test(feature)));
  const gigaflops = (found?.[1] ?? PLAIN_CORE) * cores;
  return (gigaflops * 1e9) / (2 * MEASURE_PARAMETERS);
}
