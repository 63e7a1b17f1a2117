// The circuit breaker: after failures in a row a server is left alone for a while, then one request at a time tries it again.
import type { Clock } from "../../../platform/index.ts";

export interface Breaker {
  readonly state: "closed" | "open" | "half-open";
  /** When an open breaker lets a trial through, by the clock; undefined when it is closed. */
  readonly untilMs: number | undefined;
  /** The last failure's reason, kept after the server is back. */
  readonly lastFailure: string | undefined;
  /** A request wants to go. A trial must end in `succeed`, `fail` or `release`. */
  admit(): "normal" | "trial" | "refused";
  succeed(): void;
  /** `open`: it is certain that the next request fails too. `final`: only a person can help, so it stays open for long. */
  fail(reason: string, weight: "count" | "open" | "final"): void;
  /** A request ended without saying anything about the server; frees the place of a trial. */
  release(): void;
  /** The server said how long it wants to be left alone. */
  pause(forMs: number): void;
  /** An open breaker whose server gave a sign of life lets the next request through as a trial. */
  hope(): void;
  /** Closes it and forgets the failures. */
  reset(): void;
}

/** One failure happens; three in a row are a state. */
const FAILURES_TO_OPEN = 3;
const FIRST_REST_MS = 1000;
const LONGEST_REST_MS = 60_000;
/** A server that names a longer time is not believed. */
const LONGEST_PAUSE_MS = 300_000;

/** `random` gives 0..1: half of each rest is left to it, so that several daemons do not come back at one moment. */
export function createBreaker(deps: {
  readonly clock: Clock;
  readonly random: () => number;
  readonly onChange: () => void;
}): Breaker {
  const { clock, random } = deps;
  let state: Breaker["state"] = "closed";
  let failures = 0;
  let rests = 0;
  let untilMs = 0;
  let pausedUntilMs = 0;
  let isTrying = false;
  let lastFailure: string | undefined;

  const move = (next: Breaker["state"]): void => {
    const isChange = next !== state;
    state = next;
    if (isChange) deps.onChange();
  };

  const open = (isFinal: boolean): void => {
    const restMs = isFinal ? LONGEST_REST_MS : Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** rests);
    rests += 1;
    untilMs = clock.nowMs() + restMs * (0.5 + random() / 2);
    isTrying = false;
    move("open");
  };

  return {
    get state() {
      return state;
    },
    get untilMs() {
      return state === "open" ? untilMs : undefined;
    },
    get lastFailure() {
      return lastFailure;
    },
    admit() {
      const nowMs = clock.nowMs();
      if (nowMs < pausedUntilMs) return "refused";
      if (state === "closed") return "normal";
      if (state === "open") {
        if (nowMs < untilMs) return "refused";
        move("half-open");
      }
      if (isTrying) return "refused";
      isTrying = true;
      return "trial";
    },
    succeed() {
      failures = 0;
      rests = 0;
      isTrying = false;
      move("closed");
    },
    fail(reason, weight) {
      lastFailure = reason;
      failures += 1;
      // A request that was on its way when it opened adds nothing.
      if (state === "open") return;
      const isOver = weight !== "count" || state === "half-open" || failures >= FAILURES_TO_OPEN;
      if (isOver) open(weight === "final");
    },
    release() {
      isTrying = false;
    },
    pause(forMs) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.nowMs() + Math.min(forMs, LONGEST_PAUSE_MS));
    },
    hope() {
      if (state === "open") move("half-open");
    },
    reset() {
      failures = 0;
      rests = 0;
      isTrying = false;
      pausedUntilMs = 0;
      move("closed");
    },
  };
}
