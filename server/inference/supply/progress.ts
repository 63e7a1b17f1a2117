// Progress for people: at most ten calls a second, a change of phase at once.
import type { Clock } from "../../platform/index.ts";
import type { SupplyProgress } from "../model-source.ts";

const LEAST_INTERVAL_MS = 100;

export function throttleProgress(
  clock: Clock,
  listener: (progress: SupplyProgress) => void,
): (progress: SupplyProgress) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastPhase: SupplyProgress["phase"] | undefined;
  return (progress) => {
    const now = clock.nowMs();
    const isEnd = progress.receivedBytes === progress.totalBytes;
    if (progress.phase === lastPhase && !isEnd && now - lastMs < LEAST_INTERVAL_MS) return;
    lastMs = now;
    lastPhase = progress.phase;
    listener(progress);
  };
}
