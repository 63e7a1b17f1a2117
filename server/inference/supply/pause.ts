// Waits on the injected clock; rejects at once when cancelled.
import { cancelled } from "../../kernel/index.ts";
import type { Clock } from "../../platform/index.ts";

export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled());
      return;
    }
    const onAbort = (): void => {
      unschedule();
      reject(cancelled());
    };
    const unschedule = clock.schedule(delayMs, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
