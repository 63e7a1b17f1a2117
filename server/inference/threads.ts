// How many threads evaluate: all cores of an idle machine, what others leave of a busy one, one when they collide.
import type { Clock, Machine } from "../platform/index.ts";

export interface Threads {
  /** The most that are ever used. */
  readonly most: number;
  /** The number for the next native call. */
  choose(call: CallKind): number;
  /** What the last native call took, with the number chosen for it. */
  record(call: CallKind, tokens: number, ms: number): void;
}

export type CallKind = "prefill" | "decode";

/** Decoding is bound by memory: more threads than this gain nothing. */
const MOST_THREADS = 8;
/** How often the machine's load is read. */
const SAMPLE_MS = 400;
const STALE_MS = 2000;
/** Part of a core that may be busy with others before a thread is given up for it: an editor that is typed into. */
const TOLERANCE = 0.25;
/**
 * Two threads beside one busy process decode nine times slower than one (measured), and evaluate prompts eight times
 * slower; a deeper context, two times. A call this much slower than usual is a collision.
 */
const COLLISION = 3;
/**
 * Whoever is in the way computes: two thirds of a core beside two threads on two cores. Where nobody did for this share of
 * a slow call, the machine itself stood still, and only a second slow call in a row counts.
 */
const BLAME = 0.5;
/** After a collision, this long on one thread before more are tried again; doubles while they collide again. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Whether decoding is faster on all cores or on one less depends on the machine: tried every so many tokens. */
const PROBE_EVERY = 512;
const PROBE_TOKENS = 12;
const PROBE_AFTER = 24;
/** The other number has to be faster by this share. */
const PROBE_GAIN = 0.97;

export function createThreads(deps: {
  readonly clock: Clock;
  readonly machine: Machine;
  /** A fixed number from the settings; undefined follows the load. */
  readonly fixed: number | undefined;
}): Threads {
  const { clock, machine } = deps;
  const most = deps.fixed ?? Math.max(1, Math.min(MOST_THREADS, machine.cores));
  let current = most;
  let sample = { atMs: clock.nowMs(), ...machine.cpuTime() };
  let foreignCores = 0;
  let pausedUntilMs = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let wasSlow = false;
  /** Milliseconds per token with more than one thread, as it is when nothing collides. */
  const usual = new Map<CallKind, number>();
  const probe = createProbe(most);

  /** What others computed since the load was read last. */
  const foreignMs = (): number => {
    const now = machine.cpuTime();
    return now.busyMs - sample.busyMs - (now.ownMs - sample.ownMs);
  };

  const readLoad = (): void => {
    const atMs = clock.nowMs();
    const passedMs = atMs - sample.atMs;
    if (passedMs < SAMPLE_MS) return;
    const measured = Math.max(0, foreignMs() / passedMs);
    // Half old, half new: one short burst does not change the count. What is long ago says nothing.
    foreignCores = passedMs > STALE_MS ? measured : (foreignCores + measured) / 2;
    sample = { atMs, ...machine.cpuTime() };
  };

  /** True when the call took much longer than such calls do. */
  const isSlow = (call: CallKind, msPerToken: number): boolean => {
    const known = usual.get(call);
    if (known !== undefined && msPerToken > known * COLLISION) return true;
    // Quick to learn that it can be faster, slow to believe that it has become slower.
    const weight = known !== undefined && msPerToken > known ? 0.05 : 0.5;
    usual.set(call, (known ?? msPerToken) * (1 - weight) + msPerToken * weight);
    return false;
  };

  return {
    most,
    choose(call) {
      if (deps.fixed !== undefined || most === 1) return most;
      readLoad();
      const free = Math.max(1, Math.min(most, Math.round(machine.cores - foreignCores - TOLERANCE)));
      const isAlone = clock.nowMs() >= pausedUntilMs;
      current = !isAlone ? 1 : free === most && call === "decode" ? probe.choose() : free;
      return current;
    },
    record(call, tokens, ms) {
      if (current === 1 || deps.fixed !== undefined) {
        if (call === "decode" && most === 2) probe.record(current, ms);
        return;
      }
      const nowMs = clock.nowMs();
      if (!isSlow(call, ms / Math.max(1, tokens))) {
        wasSlow = false;
        if (call === "decode") probe.record(current, ms);
        if (nowMs > pausedUntilMs + 2 * pauseMs) pauseMs = FIRST_PAUSE_MS;
        return;
      }
      const isCollision = wasSlow || foreignMs() >= ms * BLAME;
      wasSlow = !isCollision;
      if (!isCollision) return;
      pausedUntilMs = nowMs + pauseMs;
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      // What was usual once may never come back (another power mode): forget slowly.
      usual.set(call, (usual.get(call) ?? 0) * 1.2);
    },
  };
}

/**
 * Decodes a few tokens on one core less and a few on all of them, one after the other, and keeps the faster number. Medians:
 * one token for which the machine stood still decides nothing.
 */
function createProbe(most: number): { choose(): number; record(threads: number, ms: number): void } {
  let best = most;
  let tokens = PROBE_EVERY - PROBE_AFTER;
  let times = new Map<number, number[]>();
  const middleOf = (threads: number): number | undefined => {
    const sorted = times.get(threads)?.toSorted((one, other) => one - other) ?? [];
    return sorted[Math.floor(sorted.length / 2)];
  };
  return {
    choose() {
      if (tokens < PROBE_EVERY || most === 1) return best;
      return tokens < PROBE_EVERY + PROBE_TOKENS ? most - 1 : most;
    },
    record(threads, ms) {
      tokens += 1;
      if (tokens > PROBE_EVERY) times.set(threads, [...(times.get(threads) ?? []), ms]);
      if (tokens < PROBE_EVERY + 2 * PROBE_TOKENS) return;
      const other = best === most ? most - 1 : most;
      const [mine, others] = [middleOf(best), middleOf(other)];
      if (mine !== undefined && others !== undefined && others < mine * PROBE_GAIN) best = other;
      tokens = 0;
      times = new Map();
    },
  };
}
