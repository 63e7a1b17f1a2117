// How fast this machine evaluates just now, and the size of the pieces that follow from it.

export interface Speed {
  recordPrefill(tokens: number, ms: number): void;
  recordDecode(ms: number): void;
  /** Tokens per second; 0 before the first measurement. */
  prefillPerSecond(): number;
  decodePerSecond(): number;
  /** How many prompt tokens go into one uninterruptible call. */
  sliceTokens(): number;
}

/** A cancelled request gives the lane back within one slice. */
const SLICE_MS = 45;
/** Fewer tokens a call waste most of the matrix kernels' work. */
const SMALLEST_SLICE = 8;
const FIRST_SLICE = 32;
/** Weight of a new measurement. */
const NEW = 0.3;

export function createSpeed(batchTokens: number): Speed {
  let prefillMsPerToken: number | undefined;
  let decodeMs: number | undefined;
  let isWarm = false;
  const blend = (old: number | undefined, value: number): number =>
    old === undefined ? value : old * (1 - NEW) + value * NEW;
  return {
    recordPrefill(tokens, ms) {
      // A few tokens cost as much as one: they say nothing about a slice.
      if (tokens < SMALLEST_SLICE) return;
      // The first slice after a load reads weights from disk, or compiles a graphics device's programs.
      if (isWarm) prefillMsPerToken = blend(prefillMsPerToken, Math.max(ms, 0.01) / tokens);
      isWarm = true;
    },
    recordDecode(ms) {
      decodeMs = blend(decodeMs, Math.max(ms, 0.01));
    },
    prefillPerSecond: () => (prefillMsPerToken === undefined ? 0 : 1000 / prefillMsPerToken),
    decodePerSecond: () => (decodeMs === undefined ? 0 : 1000 / decodeMs),
    sliceTokens() {
      if (prefillMsPerToken === undefined) return Math.min(FIRST_SLICE, batchTokens);
      const wanted = Math.round(SLICE_MS / prefillMsPerToken);
      return Math.min(batchTokens, Math.max(SMALLEST_SLICE, wanted));
    },
  };
}
