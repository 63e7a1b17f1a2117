// Long synchronous work yields to the event loop at most every 10 ms and stops when it is cancelled.
import { cancelled } from "./errors.ts";

export type Checkpoint = () => Promise<void>;

const YIELD_AFTER_MS = 10;

/** Await the result between the steps of a loop. `yieldTurn` gives the event loop a turn (setImmediate in the daemon). */
export function createCheckpoint(deps: {
  readonly signal?: AbortSignal | undefined;
  readonly nowMs: () => number;
  readonly yieldTurn: () => Promise<void>;
}): Checkpoint {
  let lastYieldMs = deps.nowMs();
  const isAborted = (): boolean => deps.signal?.aborted ?? false;
  return async () => {
    if (isAborted()) throw cancelled();
    if (deps.nowMs() - lastYieldMs < YIELD_AFTER_MS) return;
    await deps.yieldTurn();
    lastYieldMs = deps.nowMs();
    if (isAborted()) throw cancelled();
  };
}
