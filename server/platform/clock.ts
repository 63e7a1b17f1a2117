// The door to time. The test twin moves only when it is told to.

export interface Clock {
  /** Milliseconds of a monotonic clock: for durations and deadlines. Wall-clock jumps do not touch it. */
  nowMs(): number;
  /** Wall-clock time, for logs and file stamps only. */
  wallTime(): Date;
  /** Calls once after `delayMs` unless the returned function is called first. Does not keep the process alive. */
  schedule(delayMs: number, callback: () => void): () => void;
  /** Gives the event loop one turn. */
  yieldTurn(): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallTime: () => new Date(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
  yieldTurn: () => new Promise((resolve) => setImmediate(resolve)),
};

export interface ManualClock extends Clock {
  /** Moves time on and runs what fell due, in order. */
  advance(byMs: number): void;
}

export function createManualClock(): ManualClock {
  let nowMs = 0;
  let pending: { readonly atMs: number; readonly callback: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    wallTime: () => new Date(nowMs),
    schedule(delayMs, callback) {
      const entry = { atMs: nowMs + delayMs, callback };
      pending.push(entry);
      return () => {
        pending = pending.filter((other) => other !== entry);
      };
    },
    yieldTurn: () => Promise.resolve(),
    advance(byMs) {
      const untilMs = nowMs + byMs;
      for (;;) {
        const due = pending.filter((entry) => entry.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (due === undefined) break;
        pending = pending.filter((entry) => entry !== due);
        nowMs = Math.max(nowMs, due.atMs);
        due.callback();
      }
      nowMs = untilMs;
    },
  };
}
