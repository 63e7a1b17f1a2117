// Notices a daemon that lives and does not react: a request waits, nothing at all comes, and a question that costs nothing
// stays without an answer. A request that merely takes long does not count: its daemon answers the question.
import type { Clock } from "../platform/index.ts";

export interface Pulse {
  /** A request was sent. */
  watch(): void;
  /** Something came from the daemon. */
  noteSign(): void;
}

const BEAT_MS = 5_000;
/** The longest stall seen was a few seconds: a grammar compiled on a machine with eight times as much work as cores. */
const SILENCE_MS = 30_000;

export function createPulse(deps: {
  readonly clock: Clock;
  readonly isWaiting: () => boolean;
  /** Sends a request that any session answers, if only to say that it does not know it; nobody sees the answer. */
  readonly ask: (id: string) => void;
  readonly onSilence: (seconds: number) => void;
}): Pulse {
  const { clock } = deps;
  let lastSignMs = 0;
  let isWatching = false;
  let asked = 0;

  const beat = (): void => {
    if (!deps.isWaiting()) {
      isWatching = false;
      return;
    }
    const silenceMs = clock.nowMs() - lastSignMs;
    if (silenceMs >= SILENCE_MS) {
      isWatching = false;
      return deps.onSilence(Math.round(silenceMs / 1000));
    }
    if (silenceMs >= BEAT_MS) {
      asked += 1;
      deps.ask(`hearth-pulse-${asked}`);
    }
    clock.schedule(BEAT_MS, beat);
  };

  return {
    watch() {
      if (isWatching) return;
      isWatching = true;
      lastSignMs = clock.nowMs();
      clock.schedule(BEAT_MS, beat);
    },
    noteSign() {
      lastSignMs = clock.nowMs();
    },
  };
}
