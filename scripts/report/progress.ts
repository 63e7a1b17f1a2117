// A progress bar with the time left; without a terminal a line every few seconds.
import { SingleBar } from "cli-progress";

export interface Progress {
  /** One step is done; `note` says what comes next. */
  step(note?: string, steps?: number): void;
  note(text: string): void;
  stop(): void;
}

export function startProgress(total: number, doing: string): Progress {
  const bar = new SingleBar({
    format: "{bar} {percentage} % | {value}/{total} | {duration_formatted}, left {eta_formatted} | {note}",
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
    barsize: 24,
    etaBuffer: 30,
    hideCursor: true,
  });
  bar.start(total, 0, { note: doing });
  return {
    step: (note, steps = 1) => bar.increment(steps, note === undefined ? {} : { note }),
    note: (text) => bar.update({ note: text }),
    stop: () => bar.stop(),
  };
}
