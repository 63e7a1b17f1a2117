// Measurements of the engine beside its trace: two documents in turn, cancelling, and a busy neighbour.
import type { InferenceService, ModelRequest } from "../../../server/inference/index.ts";
import type { NativeCall } from "../../engine/timed-engine.ts";
import { createChance } from "../../report/statistics.ts";
import { startBusyProcess } from "./busy-process.ts";
import type { Contestant, Reply } from "./contestant.ts";
import type { LoadMeter } from "./foreign-load.ts";
import type { TypingFile } from "./places.ts";

export interface AlternatingResult {
  readonly contestant: string;
  readonly documents: number;
  readonly keys: readonly { readonly file: string; readonly ms: number; readonly reply: Reply }[];
  readonly foreignCores: number | undefined;
}

/** Documents whose keys take turns, as editors on one engine. */
export async function measureAlternating(
  contestant: Contestant,
  files: readonly TypingFile[],
  keys: number,
  load: LoadMeter,
  onStep: () => void,
): Promise<AlternatingResult> {
  const measured: { file: string; ms: number; reply: Reply }[] = [];
  const reading = load.read();
  for (let key = 0; key <= keys; key += 1) {
    for (const [index, file] of files.entries()) {
      const startedMs = performance.now();
      const reply = await contestant.ask(
        {
          document: `alternating:${index}`,
          path: file.name,
          lineComment: file.lineComment,
          before: file.before + file.typed.slice(0, key),
          after: file.after,
        },
        AbortSignal.timeout(60_000),
      );
      if (reply === undefined) throw new Error(`${contestant.name} gave no answer to alternating keys`);
      // The first turn is cold for both.
      if (key > 0) measured.push({ file: file.name, ms: performance.now() - startedMs, reply });
      onStep();
    }
  }
  const foreignCores = load.foreignSince(reading);
  return { contestant: contestant.name, documents: files.length, keys: measured, foreignCores };
}

export interface CancelResult {
  /** From the abort to the moment when the lane takes the next request up. */
  readonly waitMs: readonly number[];
  /** Native calls that ran in that time, whole or in part. */
  readonly slices: readonly number[];
  readonly longestCallMs: number;
  readonly foreignCores: number | undefined;
}

/** Two clocks are compared that are read one after the other. */
const CLOCK_MS = 1;

/** Cancels in the middle of reading a prompt and in the middle of writing an answer, at random moments. */
export async function measureCancel(
  service: InferenceService,
  calls: readonly NativeCall[],
  file: TypingFile,
  times: number,
  load: LoadMeter,
  onStep: () => void,
): Promise<CancelResult> {
  const chance = createChance(7);
  const reading = load.read();
  const request = (document: string, before: string, maxTokens: number): ModelRequest => ({
    document,
    path: file.name,
    lineComment: file.lineComment,
    before,
    after: "",
    requestClass: "explicit",
    shape: "block",
    findBlockEnd: () => undefined,
    maxTokens,
  });
  const never = new AbortController().signal;
  const small = request("cancel:next", "x = ", 1);
  await service.complete(small, never);
  const waitMs: number[] = [];
  const slices: number[] = [];
  const from = calls.length;
  for (let round = 0; round < times; round += 1) {
    const isReading = round % 2 === 0;
    const abort = new AbortController();
    // A line at the top that is new each time: nothing of the prompt can be reused.
    const before = isReading
      ? `${file.lineComment} ${round}\n${file.before.slice(-2500)}`
      : `y = ${round} + `;
    const cancelled = service.complete(
      request(isReading ? `cancel:${round}` : "cancel:same", before, 200),
      abort.signal,
    );
    await new Promise((resolve) => setTimeout(resolve, 5 + chance() * 200));
    abort.abort();
    const abortedMs = performance.now();
    const next = await service.complete({ ...small, before: `x = ${round}` }, never);
    await cancelled;
    if (next.ok) {
      const { queuedMs } = next.value.timing;
      waitMs.push(queuedMs);
      const freeMs = abortedMs + queuedMs;
      // The next request's own calls begin when the lane is free.
      slices.push(
        calls.filter((call) => call.endedMs > abortedMs && call.startedMs < freeMs - CLOCK_MS).length,
      );
    }
    service.forget(`cancel:${round}`);
    onStep();
  }
  const longestCallMs = Math.max(...calls.slice(from).map((call) => call.endedMs - call.startedMs));
  return { waitMs, slices, longestCallMs, foreignCores: load.foreignSince(reading) };
}

export interface NeighbourResult {
  /** Per 24-token answer, in the order of the phases. */
  readonly quietMs: readonly number[];
  readonly busyMs: readonly number[];
  readonly afterMs: readonly number[];
  /** Tokens held while it was measured. */
  readonly depth: number;
  readonly generated: number;
  readonly foreignCores: number | undefined;
}

/** The engine notices a neighbour, and that it has gone, within some seconds: threads.ts pauses for 5 s at first. */
const SETTLE_MS = 8000;

/** `whileBusy` runs while the neighbour is at work and the contestant rests: the floor is measured there. */
export async function measureNeighbour(
  contestant: Contestant,
  file: TypingFile,
  keys: number,
  load: LoadMeter,
  whileBusy: (depth: number) => Promise<void>,
  onStep: () => void,
): Promise<NeighbourResult> {
  let typed = 0;
  let depth = 0;
  let generated = 0;
  const reading = load.read();
  const ask = async (): Promise<number> => {
    const startedMs = performance.now();
    const reply = await contestant.ask(
      {
        document: "neighbour",
        path: file.name,
        lineComment: file.lineComment,
        // Another value each time: one typed character whose answer nobody remembers.
        before: `${file.before}value = ${typed}`,
        after: file.after,
      },
      AbortSignal.timeout(60_000),
    );
    typed += 1;
    depth = (reply?.reused ?? 0) + (reply?.evaluated ?? 0);
    generated = reply?.generated ?? 0;
    onStep();
    return performance.now() - startedMs;
  };
  const askFor = async (settleMs: number): Promise<number[]> => {
    const untilMs = performance.now() + settleMs;
    // Keys while the machine changes are not counted; they let the engine notice.
    while (performance.now() < untilMs) await ask();
    const times: number[] = [];
    while (times.length < keys) times.push(await ask());
    return times;
  };
  await ask();
  const quietMs = await askFor(0);
  const busy = startBusyProcess();
  load.own(busy.pid);
  let busyMs: number[];
  try {
    busyMs = await askFor(SETTLE_MS / 2);
    await whileBusy(depth);
  } finally {
    await busy.end();
  }
  const afterMs = await askFor(SETTLE_MS);
  return { quietMs, busyMs, afterMs, depth, generated, foreignCores: load.foreignSince(reading) };
}
