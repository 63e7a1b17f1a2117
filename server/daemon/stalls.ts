// How long the event loop was blocked: a timer that comes late says so.
import type { Clock } from "../platform/index.ts";

const BEAT_MS = 500;

export function watchStalls(clock: Clock): { longestMs(): number } {
  let longestMs = 0;
  let dueMs = clock.nowMs() + BEAT_MS;
  const beat = (): void => {
    longestMs = Math.max(longestMs, clock.nowMs() - dueMs);
    dueMs = clock.nowMs() + BEAT_MS;
    clock.schedule(BEAT_MS, beat);
  };
  clock.schedule(BEAT_MS, beat);
  return { longestMs: () => longestMs };
}
