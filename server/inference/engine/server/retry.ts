// When a request is sent again: only before anything of an answer came, after a pause that grows, and only while its answer is of use.
import type { Clock } from "../../../platform/index.ts";
import type { RequestClass } from "../../inference-service.ts";
import { mayRetry } from "./server-failure.ts";
import type { ServerFailure } from "./server-failure.ts";

/** A line that comes later than this after the key is a line for a text that has moved on; warming is never worth a second try. */
const USEFUL_MS: Readonly<Record<RequestClass, number>> = {
  typing: 1500,
  explicit: 6000,
  background: 10_000,
  warming: 0,
};
const MOST_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/**
 * The pause before the next attempt, undefined when there is none. Full jitter (any time up to the grown pause): clients that failed
 * together do not come back together (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015). `Retry-After` is the least.
 */
export function pauseBeforeRetry(
  failure: ServerFailure,
  attempt: {
    /** Attempts so far. */
    readonly count: number;
    readonly requestClass: RequestClass;
    readonly elapsedMs: number;
  },
  random: () => number,
): number | undefined {
  if (!mayRetry(failure) || attempt.count >= MOST_ATTEMPTS) return undefined;
  const ceilingMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt.count - 1));
  const pauseMs = (failure.retryAfterMs ?? 0) + random() * ceilingMs;
  return attempt.elapsedMs + pauseMs < USEFUL_MS[attempt.requestClass] ? pauseMs : undefined;
}

/** Whether another engine's answer would still be of use. */
export function isStillUseful(requestClass: RequestClass, elapsedMs: number): boolean {
  return elapsedMs < USEFUL_MS[requestClass];
}

/** Resolves after the pause, or at once when the signal aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      signal.removeEventListener("abort", end);
      unschedule();
      resolve();
    };
    const unschedule = clock.schedule(ms, end);
    signal.addEventListener("abort", end, { once: true });
  });
}
