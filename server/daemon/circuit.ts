// How to go on after a daemon died: at once, then with growing pauses, and after too many deaths in a minute without the model.
import type { Clock } from "../platform/index.ts";

/** `shared`: the daemon behind the socket. `private`: a process of this editor's own. `plain`: the same without a model. */
export type LinkMode = "shared" | "private" | "plain";

export interface Circuit {
  readonly mode: LinkMode;
  noteDeath(): void;
  /** No socket can be had: from now on the daemon is private. */
  noteNoSocket(): void;
  /** Pause before the next try. */
  delayMs(): number;
}

/** Native code that dies on the same input dies again: five times are no accident. */
export const DEATHS_PER_MINUTE = 5;
const WINDOW_MS = 60_000;
const DELAYS_MS: readonly number[] = [0, 50, 200, 500, 1_000];
/** What dies without a model has no reason to live the next time; trying costs a process start. */
const PLAIN_DELAYS_MS: readonly number[] = [0, 500, 2_000, 5_000, 10_000];

export function createCircuit(
  clock: Clock,
  start: LinkMode,
  deathsPerMinute: number = DEATHS_PER_MINUTE,
): Circuit {
  let mode = start;
  let deathsMs: number[] = [];
  const recent = (): number => {
    deathsMs = deathsMs.filter((atMs) => clock.nowMs() - atMs < WINDOW_MS);
    return deathsMs.length;
  };
  return {
    get mode() {
      return mode;
    },
    noteDeath() {
      deathsMs.push(clock.nowMs());
      if (mode === "plain" || recent() < deathsPerMinute) return;
      mode = "plain";
      deathsMs = [];
    },
    noteNoSocket() {
      if (mode === "shared") mode = "private";
    },
    delayMs() {
      const delays = mode === "plain" ? PLAIN_DELAYS_MS : DELAYS_MS;
      return delays[Math.min(Math.max(0, recent() - 1), delays.length - 1)] ?? 0;
    },
  };
}
