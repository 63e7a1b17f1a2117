// One trace over one file: cold, again, typing, deleting, Enter, moving away and back, a line above, typing without waiting.
import type { Contestant, Place, Reply } from "./contestant.ts";
import type { LoadMeter } from "./foreign-load.ts";
import { insertLineAbove, moveDown, nextLineToType } from "./places.ts";
import type { TypingFile } from "./places.ts";

export const phases = [
  "cold",
  "same again",
  "typing",
  "deleting",
  "Enter",
  "40 lines down",
  "back",
  "line inserted above",
  "typing the unexpected",
  "typing, not waiting",
] as const;

export type Phase = (typeof phases)[number];

export interface Sample {
  readonly phase: Phase;
  readonly ms: number;
  readonly reply: Reply;
  /** Cores that other work used meanwhile. */
  readonly foreignCores: number | undefined;
}

export interface OpenTyping {
  readonly keys: number;
  /** Answers that came before the next key. */
  readonly answeredBeforeNext: number;
  /** From the last key to its answer; undefined when none came in time. */
  readonly lastAnswerMs: number | undefined;
  readonly foreignCores: number | undefined;
}

export interface TraceResult {
  readonly contestant: string;
  readonly file: string;
  readonly samples: readonly Sample[];
  readonly open: OpenTyping | undefined;
  /** Why the trace ended early; what was measured until then is kept. */
  readonly problem?: string;
}

export interface TracePlan {
  readonly keys: number;
  /** Keys of a word that no model expects, so that each of them needs the model. */
  readonly unexpected: number;
  readonly deletions: number;
  /** 0 leaves the open typing out. */
  readonly openKeys: number;
}

/** The pace of the peers' measurements. */
const OPEN_PACE_MS = 150;
const GIVE_UP_MS = 20_000;
/** Of the line that is typed without waiting. */
const LEFT_OVER = 2;
const UNEXPECTED = "zqx7wkvj3p";

export async function runTrace(
  contestant: Contestant,
  file: TypingFile,
  plan: TracePlan,
  load: LoadMeter,
  onStep: (phase: Phase) => void,
): Promise<TraceResult> {
  const samples: Sample[] = [];
  const placeOf = (before: string, after = file.after): Place => ({
    document: `trace:${file.name}`,
    path: file.name,
    lineComment: file.lineComment,
    before,
    after,
  });
  const measure = async (phase: Phase, place: Place): Promise<void> => {
    const reading = load.read();
    const startedMs = performance.now();
    const reply = await contestant.ask(place, AbortSignal.timeout(GIVE_UP_MS * 3));
    const ms = performance.now() - startedMs;
    if (reply === undefined) throw new Error(`${contestant.name} gave no answer (${phase}, ${file.name})`);
    samples.push({ phase, ms, reply, foreignCores: load.foreignSince(reading) });
    onStep(phase);
  };
  const typedUpTo = (keys: number): string => file.before + file.typed.slice(0, keys);

  const follow = async (): Promise<OpenTyping | undefined> => {
    await measure("cold", placeOf(typedUpTo(0)));
    await measure("same again", placeOf(typedUpTo(0)));
    for (let key = 1; key <= plan.keys; key += 1) await measure("typing", placeOf(typedUpTo(key)));
    let typed = plan.keys;
    for (let gone = 0; gone < plan.deletions; gone += 1) {
      typed -= 1;
      await measure("deleting", placeOf(typedUpTo(typed)));
    }
    const indent = /[ \t]*$/.exec(file.before)?.[0] ?? "";
    await measure("Enter", placeOf(`${typedUpTo(typed)}\n${indent}`));
    const down = moveDown(typedUpTo(typed), file.after, 40);
    await measure("40 lines down", placeOf(down.before, down.after));
    await measure("back", placeOf(typedUpTo(typed)));
    const inserted = insertLineAbove(typedUpTo(typed), 30, file.lineComment).text;
    await measure("line inserted above", placeOf(inserted));
    const lineStart = insertLineAbove(file.before, 30, file.lineComment).text;
    for (let key = 1; key <= plan.unexpected; key += 1) {
      await measure("typing the unexpected", placeOf(lineStart + UNEXPECTED.slice(0, key)));
    }
    if (plan.openKeys === 0) return undefined;
    // A line further down that nothing was answered about yet; its start was asked for, as after Enter.
    const fresh = nextLineToType(file, plan.openKeys + LEFT_OVER);
    if (fresh === undefined) throw new Error(`${file.name} has no line to type without waiting`);
    await contestant.ask(placeOf(fresh.before, fresh.after), AbortSignal.timeout(GIVE_UP_MS * 3));
    const open = await typeOpen(contestant, plan.openKeys, load, (key) =>
      placeOf(fresh.before + fresh.typed.slice(0, key), fresh.after),
    );
    onStep("typing, not waiting");
    return open;
  };
  const head = { contestant: contestant.name, file: file.name };
  try {
    const open = await follow();
    return { ...head, samples, open };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...head, samples, open: undefined, problem };
  }
}

/** Keys at a fixed pace; each aborts the question before it, as editors do. */
async function typeOpen(
  contestant: Contestant,
  keys: number,
  load: LoadMeter,
  placeAfter: (keys: number) => Place,
): Promise<OpenTyping> {
  const reading = load.read();
  let answeredBeforeNext = 0;
  let previous = new AbortController();
  let lastAnswerMs: number | undefined;
  const pending: Promise<void>[] = [];
  for (let key = 1; key <= keys; key += 1) {
    previous.abort();
    previous = new AbortController();
    const { signal } = previous;
    const sentMs = performance.now();
    const limit = AbortSignal.any([signal, AbortSignal.timeout(GIVE_UP_MS)]);
    const asked = contestant.ask(placeAfter(key), limit).then((reply) => {
      if (reply === undefined) return;
      if (key === keys) lastAnswerMs = performance.now() - sentMs;
      if (performance.now() - sentMs <= OPEN_PACE_MS) answeredBeforeNext += 1;
    });
    pending.push(asked);
    if (key < keys) await new Promise((resolve) => setTimeout(resolve, OPEN_PACE_MS));
  }
  await Promise.all(pending);
  return { keys, answeredBeforeNext, lastAnswerMs, foreignCores: load.foreignSince(reading) };
}
