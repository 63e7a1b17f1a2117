// Shows how far a fetch is: a bar on a terminal, elsewhere a plain line at most every two seconds.
import { Presets, SingleBar } from "cli-progress";
import { formatBytes } from "../inference/index.ts";
import type { SupplyProgress } from "../inference/index.ts";
import type { Clock } from "../platform/index.ts";
import type { Output } from "./output.ts";

interface FetchProgress {
  readonly show: (progress: SupplyProgress) => void;
  /** Leaves the bar as it is and goes to the next line. */
  stop(): void;
}

const LEAST_INTERVAL_MS = 2_000;
const WORDS: Readonly<Record<SupplyProgress["phase"], string>> = {
  waiting: "waiting for another process that fetches it",
  fetching: "fetching",
  unpacking: "unpacking",
  verifying: "verifying",
  converting: "converting to a faster type",
};

export function createFetchProgress(name: string, output: Output, clock: Clock): FetchProgress {
  return output.terminal === undefined ? createLines(name, output, clock) : createBar(name, output.terminal);
}

function createBar(name: string, stream: NodeJS.WriteStream): FetchProgress {
  const bar = new SingleBar(
    {
      stream,
      hideCursor: true,
      clearOnComplete: false,
      format: `${name}  {phase}  {bar} {percentage}%  {received} of {of}  {eta_formatted}`,
    },
    Presets.shades_classic,
  );
  let isStarted = false;
  return {
    show(progress) {
      const { receivedBytes, totalBytes } = progress;
      const words = {
        phase: WORDS[progress.phase],
        received: formatBytes(receivedBytes),
        of: totalBytes === undefined ? "?" : formatBytes(totalBytes),
      };
      const total = totalBytes ?? Math.max(1, receivedBytes * 2);
      if (isStarted) {
        bar.setTotal(total);
        bar.update(receivedBytes, words);
      } else {
        bar.start(total, receivedBytes, words);
        isStarted = true;
      }
    },
    stop() {
      if (isStarted) bar.stop();
    },
  };
}

function createLines(name: string, output: Output, clock: Clock): FetchProgress {
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastPhase: SupplyProgress["phase"] | undefined;
  return {
    show({ phase, receivedBytes, totalBytes }) {
      const now = clock.nowMs();
      if (phase === lastPhase && now - lastMs < LEAST_INTERVAL_MS) return;
      lastMs = now;
      lastPhase = phase;
      const share =
        totalBytes === undefined || totalBytes === 0
          ? formatBytes(receivedBytes)
          : `${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)} (${Math.floor((receivedBytes / totalBytes) * 100)} %)`;
      output.complain(`${name}: ${WORDS[phase]}, ${share}`);
    },
    stop: () => undefined,
  };
}
