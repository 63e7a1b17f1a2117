// How many threads evaluate: one core is left to the editor, and on a busy machine the count follows what is free.
import type { Clock, Machine } from "../platform/index.ts";

export interface Threads {
  /** The most that are ever used. */
  readonly most: number;
  /** The number for the next native call. */
  choose(): number;
  /** Time of one decoded token with the number chosen last. */
  recordDecode(ms: number): void;
}

/** Decoding is bound by memory: more threads than this gain nothing. */
const MOST_THREADS = 8;
/** How often the machine's load is read. */
const SAMPLE_MS = 400;
/** Two threads beside one busy process decode nine times slower than one (measured): a fall this deep is contention. */
const COLLAPSE = 3;
const TOKENS_TO_JUDGE = 3;
/** After a collapse, this long on one thread before more are tried again; doubles while it collapses again. */
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 80_000;

export function createThreads(deps: {
  readonly clock: Clock;
  readonly machine: Machine;
  /** A fixed number from the settings; undefined follows the load. */
  readonly fixed: number | undefined;
}): Threads {
  const { clock, machine } = deps;
  const most = deps.fixed ?? Math.max(1, Math.min(MOST_THREADS, machine.cores - 1));
  let current = most;
  let sample = { atMs: clock.nowMs(), ...machine.cpuTime() };
  let foreignCores = 0;
  let best: number | undefined;
  let slow: number[] = [];
  let pausedUntilMs = 0;
  let pauseMs = FIRST_PAUSE_MS;

  const readLoad = (): void => {
    const atMs = clock.nowMs();
    const passedMs = atMs - sample.atMs;
    if (passedMs < SAMPLE_MS) return;
    const now = machine.cpuTime();
    const foreignMs = now.busyMs - sample.busyMs - (now.ownMs - sample.ownMs);
    // Half old, half new: one short burst does not change the count.
    foreignCores = (foreignCores + Math.max(0, foreignMs / passedMs)) / 2;
    sample = { atMs, ...now };
  };

  return {
    most,
    choose() {
      if (deps.fixed !== undefined || most === 1) return most;
      readLoad();
      const free = Math.max(1, Math.min(most, Math.round(machine.cores - foreignCores - 0.25)));
      current = clock.nowMs() < pausedUntilMs ? 1 : free;
      return current;
    },
    recordDecode(ms) {
      if (current === 1 || deps.fixed !== undefined) return;
      best = Math.min(best ?? ms, ms);
      slow = ms > best * COLLAPSE ? [...slow, ms] : [];
      if (slow.length === 0 && clock.nowMs() > pausedUntilMs + 2 * pauseMs) pauseMs = FIRST_PAUSE_MS;
      if (slow.length < TOKENS_TO_JUDGE) return;
      slow = [];
      pausedUntilMs = clock.nowMs() + pauseMs;
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      // What was fast once may never come back (another power mode): forget slowly.
      best *= 1.5;
    },
  };
}
