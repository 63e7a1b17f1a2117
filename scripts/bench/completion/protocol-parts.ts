// What is measured through the real protocol in daemon mode: typing in files of several languages, two editors, bursts, a long trace.
import { residentMegabytes } from "../machine.ts";
import type { Editor } from "../../editor/editor.ts";
import type { LineTotals } from "../../../server/features/index.ts";
import { readStatus, untilModelRests } from "../../editor/model-state.ts";
import type { LoadMeter } from "./foreign-load.ts";
import type { TypingFile } from "./places.ts";
import type { BenchPlan } from "./plan.ts";
import { askBoth, keysOf, openCold, openTypist, typeKeys, typePaced } from "./protocol-typing.ts";
import type { AskedKey, PacedResult, ProtocolKey, Typist } from "./protocol-typing.ts";
import { takeSeat } from "./seat.ts";
import type { Seat, SeatOrder } from "./seat.ts";

/** Faster than most people type, and the pace of the peers' measurements. */
const KEY_MS = 150;
/** At which two editors type at once; see `AtOnce`. */
export const PACES_MS: readonly number[] = [KEY_MS, 0];

export interface TypedFile {
  readonly file: string;
  readonly language: string;
  readonly coldMs: number;
  readonly keys: readonly ProtocolKey[];
}

export async function measureTypedFile(
  editor: Editor,
  folder: string,
  source: TypingFile,
  keys: number,
  load: LoadMeter,
  onStep: () => void,
): Promise<TypedFile> {
  const typist = openTypist(editor, folder, source, source.typed, "typed");
  const coldMs = await openCold(typist);
  const measured = await typeKeys(typist, keysOf(source.typed).slice(0, keys), load, onStep);
  typist.file.close();
  return { file: source.name, language: source.languageId, coldMs, keys: measured };
}

export async function measurePaced(
  editor: Editor,
  folder: string,
  source: TypingFile,
  keys: number,
  paceMs: number,
  load: LoadMeter,
): Promise<PacedResult & { readonly file: string }> {
  const text = (source.typed + source.after).slice(0, keys * 2);
  const typist = openTypist(editor, folder, source, text, `paced-${paceMs}`);
  await openCold(typist);
  const result = await typePaced(typist, keysOf(text).slice(0, keys), paceMs, load);
  await untilModelRests();
  typist.file.close();
  return { ...result, file: source.name };
}

export interface MenuWork {
  /** From the arrival of the request to its answer, as the daemon counts it; the menu waits for no model. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly requests: number;
  readonly foreignCores: number | undefined;
}

/** `editor` was started with a model deadline of 0: what is left is the work for the menu, beside a model at work. */
export async function measureMenuWork(
  editor: Editor,
  folder: string,
  source: TypingFile,
  keys: number,
  load: LoadMeter,
): Promise<MenuWork> {
  const text = (source.typed + source.after).slice(0, keys * 2);
  const typist = openTypist(editor, folder, source, text, "menu");
  await openCold(typist);
  const reading = load.read();
  for (const key of keysOf(text).slice(0, keys)) await askBoth(typist, key);
  const foreignCores = load.foreignSince(reading);
  const { sessions } = await readStatus();
  const newest = [...sessions].sort((a, b) => b.id - a.id)[0];
  const summary = newest?.latencies["textDocument/completion"];
  typist.file.close();
  if (summary === undefined) throw new Error("the daemon tells no latency of the menu");
  return { p50Ms: summary.p50Ms, p95Ms: summary.p95Ms, requests: summary.count, foreignCores };
}

/** The same keys in the same texts, alone and while the other editor types too, each in documents of its own. */
export interface AtOnce {
  /** Between two keys at least; 0 is faster than anybody types, since most answers are there within milliseconds. */
  readonly paceMs: number;
  readonly seats: readonly {
    readonly files: string;
    readonly alone: readonly AskedKey[];
    readonly together: readonly AskedKey[];
  }[];
}

export interface TwoEditors {
  readonly alternating: readonly ProtocolKey[];
  /** Of the daemon, before and after the second editor's document was asked about. */
  readonly oneMB: number | undefined;
  readonly twoMB: number | undefined;
  readonly atOnce: readonly AtOnce[];
  readonly foreignCores: number | undefined;
}

/** In which files each of the two types a line, one after the other. */
export type Seats = readonly [readonly TypingFile[], readonly TypingFile[]];

export async function measureTwoEditors(
  editors: readonly [Editor, Editor],
  seats: Seats,
  start: Pick<SeatOrder, "command" | "folder"> & {
    readonly environment: Readonly<Record<string, string | undefined>>;
  },
  { pairKeys, atOnceKeys }: Pick<BenchPlan, "pairKeys" | "atOnceKeys">,
  load: LoadMeter,
  onStep: (steps: number) => void,
): Promise<TwoEditors> {
  const { pid } = await readStatus();
  const { command, folder, environment } = start;
  const reading = load.read();
  const open = async (number: 0 | 1): Promise<Typist> => {
    const source = seats[number][0];
    if (source === undefined) throw new Error("there is no file to type in");
    const typist = openTypist(editors[number], folder, source, source.typed, `turn-${number + 1}`);
    await openCold(typist);
    return typist;
  };
  const first = await open(0);
  const oneMB = residentMegabytes(pid);
  const second = await open(1);
  const alternating: ProtocolKey[] = [];
  for (let index = 0; index < pairKeys; index += 1) {
    for (const typist of [first, second]) {
      const next = keysOf(typist.upcoming()).slice(0, 1);
      alternating.push(...(await typeKeys(typist, next, load, () => undefined)));
    }
  }
  const twoMB = residentMegabytes(pid);
  first.file.close();
  second.file.close();
  const atOnce: AtOnce[] = [];
  for (const paceMs of PACES_MS) {
    const sit = (number: 0 | 1, when: string): Promise<Seat> => {
      const order = { command, folder, sources: seats[number], keys: atOnceKeys, paceMs };
      return takeSeat({ ...order, label: `${when}-${paceMs}-${number + 1}` }, environment, load);
    };
    const alone = [...(await typeAt([await sit(0, "alone")])), ...(await typeAt([await sit(1, "alone")]))];
    const together = await typeAt([await sit(0, "both"), await sit(1, "both")]);
    onStep(alone.flat().length + together.flat().length);
    atOnce.push({
      paceMs,
      seats: seats.map((sources, index) => ({
        files: sources.map(({ name }) => name).join(", "),
        alone: alone[index] ?? [],
        together: together[index] ?? [],
      })),
    });
  }
  return {
    alternating,
    oneMB,
    twoMB,
    atOnce,
    foreignCores: load.foreignSince(reading),
  };
}

async function typeAt(seats: readonly Seat[]): Promise<readonly (readonly AskedKey[])[]> {
  const typed = await Promise.all(seats.map((seat) => seat.type()));
  await Promise.all(seats.map((seat) => seat.leave()));
  return typed;
}

export interface LongTrace {
  readonly keys: number;
  /** Where the lines of the answers came from. */
  readonly totals: LineTotals;
  /** Completions that the model ran, warming and looking ahead included. */
  readonly modelRequests: number;
  readonly evaluated: number;
  readonly generated: number;
  readonly usefulBeforeNext: number;
  readonly modelBeforeNext: number;
  readonly accepted: number;
  readonly acceptedCharacters: number;
  readonly typedCharacters: number;
  readonly daemonCpuSeconds: number | undefined;
  readonly foreignCores: number | undefined;
}

/** Types on in a file; whenever what is suggested in time is what the file goes on with, it is accepted instead of typed. */
export async function measureLongTrace(
  editor: Editor,
  folder: string,
  source: TypingFile,
  keys: number,
  load: LoadMeter,
  onStep: () => void,
): Promise<LongTrace> {
  const { pid } = await readStatus();
  const text = (source.typed + source.after).slice(0, keys * 4);
  const typist = openTypist(editor, folder, source, text, "trace");
  await openCold(typist);
  const [before, cpu] = [await readStatus(), load.cpuSecondsOf(pid)];
  const reading = load.read();
  let [useful, modelShown, accepted, acceptedCharacters, typedCharacters, done] = [0, 0, 0, 0, 0, 0];
  let key = keysOf(typist.upcoming())[0];
  while (key !== undefined && done < keys) {
    const abort = new AbortController();
    const startedMs = performance.now();
    typedCharacters += key.length;
    const asked = askBoth(typist, key, abort.signal);
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, KEY_MS - (performance.now() - startedMs))),
    );
    abort.abort();
    const { firstItemMs, modelItemMs, ghostText } = await asked;
    const suggested = ghostText?.trimEnd();
    if (firstItemMs !== undefined && firstItemMs <= KEY_MS) useful += 1;
    if (modelItemMs !== undefined && modelItemMs <= KEY_MS) modelShown += 1;
    if (suggested !== undefined && suggested.length >= 3 && typist.upcoming().startsWith(suggested)) {
      typist.type(suggested);
      accepted += 1;
      acceptedCharacters += suggested.length;
    }
    done += 1;
    onStep();
    key = keysOf(typist.upcoming())[0];
  }
  await untilModelRests();
  const [after, cpuAfter] = [await readStatus(), load.cpuSecondsOf(pid)];
  typist.file.close();
  const added = (name: "requests" | "evaluated" | "generated"): number =>
    after.inference.totals[name] - before.inference.totals[name];
  return {
    keys: done,
    totals: subtract(after.completion, before.completion),
    modelRequests: added("requests"),
    evaluated: added("evaluated"),
    generated: added("generated"),
    usefulBeforeNext: useful,
    modelBeforeNext: modelShown,
    accepted,
    acceptedCharacters,
    typedCharacters,
    daemonCpuSeconds: cpu === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpu,
    foreignCores: load.foreignSince(reading),
  };
}

function subtract(after: LineTotals, before: LineTotals): LineTotals {
  return {
    cache: after.cache - before.cache,
    kept: after.kept - before.kept,
    asked: after.asked - before.asked,
    unanswered: after.unanswered - before.unanswered,
    partial: after.partial - before.partial,
    ahead: after.ahead - before.ahead,
  };
}
