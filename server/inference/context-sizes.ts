// How much state a loaded model gets: what the engine allocates, and what a recommendation has to count.
import type { ContextSize } from "./engine/engine.ts";

/** Two editors, each with the place where it is and the one it came from. */
export const SEQUENCES = 4;

/** On a processor the largest prompt that it reads in time, a long line and an answer. */
export const CONTEXT_SIZES: Readonly<Record<"processor" | "graphics", ContextSize>> = {
  processor: { contextTokens: 1280, batchTokens: 128 },
  graphics: { contextTokens: 8192, batchTokens: 512 },
};
