// How much of the file a prompt may hold: as much as this machine reads and answers from in time, and no more.
import type { Speed } from "../sequences/speed.ts";

export interface Budget {
  /** In tokens; for the next cut of a window. */
  tokens(): number;
}

/** Steps in tokens; a prompt is cut for one of them. */
const SIZES = [256, 384, 512, 768, 1024, 2048, 4096];
/** A place that was never seen is read within this time. */
const COLD_MS = 2500;
/** A line of 24 tokens follows within this time, also behind a prompt of that size. */
const LINE_MS = 600;
const LINE_TOKENS = 24;
/** Before anything is measured. */
const FIRST = 512;
/** A larger step has to fit with this much to spare, the present one may fail by as much: noise moves nothing. */
const SPARE = 1.25;

export function createBudget(speed: Pick<Speed, "prefillPerSecond" | "decodeMsAt">, largest: number): Budget {
  let size = FIRST;
  /** What the size costs, as a share of what it may cost. */
  const load = (tokens: number): number => {
    const perSecond = speed.prefillPerSecond();
    const coldMs = perSecond === 0 ? 0 : (tokens / perSecond) * 1000;
    return Math.max(coldMs / COLD_MS, (speed.decodeMsAt(tokens) * LINE_TOKENS) / LINE_MS);
  };
  return {
    tokens() {
      if (speed.prefillPerSecond() === 0) return Math.min(largest, size);
      const fitting = SIZES.findLast((one) => load(one) <= 1) ?? SIZES[0] ?? FIRST;
      if (fitting < size && load(size) > SPARE) size = fitting;
      if (fitting > size) size = SIZES.findLast((one) => one >= size && load(one) * SPARE <= 1) ?? size;
      return Math.min(largest, size);
    },
  };
}
