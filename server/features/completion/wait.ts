// Waiting with a deadline for work that goes on after it.
import type { Clock } from "../../platform/index.ts";

/**
 * The work's value, or undefined when the deadline came first. The work's own signal fires only when `signal` does
 * before the deadline: what is late goes on in the background.
 */
export function waitAtMost<Value>(
  deadlineMs: number,
  clock: Clock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value | undefined> {
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => controller.abort();
    const settle = (): void => {
      stopTimer();
      signal.removeEventListener("abort", onAbort);
    };
    const stopTimer = clock.schedule(deadlineMs, () => {
      settle();
      resolve(undefined);
    });
    signal.addEventListener("abort", onAbort, { once: true });
    work(controller.signal).then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
