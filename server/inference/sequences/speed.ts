// How fast this machine evaluates just now, and the size of the pieces that follow from it.

export interface Speed {
  recordPrefill(tokens: number, ms: number): void;
  /** One token behind a prompt of `depth` tokens. */
  recordDecode(ms: number, depth: number): void;
  /** Tokens per second; 0 before the first measurement. */
  prefillPerSecond(): number;
  decodePerSecond(): number;
  /** What a token takes behind a prompt of that many tokens; 0 before the first measurement. */
  decodeMsAt(depth: number): number;
  /** One token, and `guessed` ones behind it in the same call. */
  recordDraft(guessed: number, ms: number, depth: number): void;
  /** What a guessed token takes, as a share of what a token takes in a call of its own. */
  draftCost(): number;
  /** How many guessed tokens fit behind one into an uninterruptible call; at least one. */
  draftTokens(depth: number): number;
  /** How many prompt tokens go into one uninterruptible call. */
  sliceTokens(): number;
}

/**
 * A cancelled request gives the lane back within one slice. Calls take up to half as long again as measured before, so
 * that 30 ms keep 99 of 100 below 50; larger ones gain little (measured: 7.5 ms a token in calls of 6, 7 in calls of 8).
 */
const SLICE_MS = 30;
/** Fewer tokens a call waste most of the matrix kernels' work (measured, tokens a second: 2 150, 4 200, 8 257). */
const SMALLEST_SLICE = 4;
/** Attention costs as much as all else behind this many tokens (measured: 8.4 ms at 0, 11.5 at 1,450, 18.6 at 3,820). */
const DOUBLES_AT = 3400;
/** On two cores without a graphics device (measured: 0.3 to 0.5); the matrix kernels of those take many for one. */
const FIRST_DRAFT_COST = 0.4;
/** However dear it was in a bad moment, a good guess is tried again: nothing else would tell that the moment is over. */
const MOST_DRAFT_COST = 0.7;
/** However cheap it looked in a lucky moment: guesses of eight made calls of 50 to 90 ms where 30 were meant. */
const LEAST_DRAFT_COST = 0.1;
/** Weight of a new measurement. */
const NEW = 0.3;
/** A slice that took longer than expected counts more: the next one must not. */
const NEW_SLOWER = 0.6;

export function createSpeed(batchTokens: number): Speed {
  let prefillMsPerToken: number | undefined;
  let decodeMs: number | undefined;
  /** The same at depth 0. */
  let shallowMs: number | undefined;
  let draftCost = FIRST_DRAFT_COST;
  let isWarm = false;
  const blend = (old: number | undefined, value: number, weight = NEW): number =>
    old === undefined ? value : old * (1 - weight) + value * weight;
  const decodeMsAt = (depth: number): number => (shallowMs ?? 0) * (1 + depth / DOUBLES_AT);
  return {
    recordPrefill(tokens, ms) {
      // A few tokens cost as much as one: they say nothing about a slice.
      if (tokens < SMALLEST_SLICE) return;
      // The first slice after a load reads weights from disk, or compiles a graphics device's programs.
      const perToken = Math.max(ms, 0.01) / tokens;
      const isSlower = prefillMsPerToken !== undefined && perToken > prefillMsPerToken;
      if (isWarm) prefillMsPerToken = blend(prefillMsPerToken, perToken, isSlower ? NEW_SLOWER : NEW);
      isWarm = true;
    },
    recordDecode(ms, depth) {
      decodeMs = blend(decodeMs, Math.max(ms, 0.01));
      shallowMs = blend(shallowMs, Math.max(ms, 0.01) / (1 + depth / DOUBLES_AT));
    },
    prefillPerSecond: () => (prefillMsPerToken === undefined ? 0 : 1000 / prefillMsPerToken),
    decodePerSecond: () => (decodeMs === undefined ? 0 : 1000 / decodeMs),
    decodeMsAt,
    recordDraft(guessed, ms, depth) {
      const plain = decodeMsAt(depth);
      if (plain === 0) return;
      const share = (ms - plain) / guessed / plain;
      draftCost = Math.min(MOST_DRAFT_COST, Math.max(0, blend(draftCost, Math.min(1, share))));
    },
    draftCost: () => draftCost,
    draftTokens(depth) {
      const plain = decodeMsAt(depth);
      if (plain === 0) return 1;
      return Math.max(1, Math.round((SLICE_MS - plain) / (plain * Math.max(LEAST_DRAFT_COST, draftCost))));
    },
    sliceTokens() {
      // Nothing is known after a load, and the first call is the slowest: it reads the weights.
      if (prefillMsPerToken === undefined) return Math.min(SMALLEST_SLICE, batchTokens);
      const wanted = Math.round(SLICE_MS / prefillMsPerToken);
      return Math.min(batchTokens, Math.max(SMALLEST_SLICE, wanted));
    },
  };
}
