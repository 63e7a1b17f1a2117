// Typing through the real protocol in daemon mode: the menu and ghost text asked at each key, as editors that show both do.
import type { Editor, OpenFile } from "../../editor/editor.ts";
import { readStatus, untilModelRests } from "../../editor/model-state.ts";
import type { LoadMeter } from "./foreign-load.ts";
import type { TypingFile } from "./places.ts";

export interface ProtocolKey {
  /** To the first answer that holds an item: a name or the model's line. Undefined when there was none. */
  readonly firstItemMs: number | undefined;
  /** To the answer that holds the model's text; undefined when it was not shown. */
  readonly modelItemMs: number | undefined;
  /** To the model's answer, shown or not. */
  readonly modelAnswerMs: number;
  /** An item agrees with the text that is typed next. */
  readonly isRight: boolean;
  readonly evaluated: number;
  readonly reused: number;
  readonly generated: number;
  /** Requests that reached the model; 0 is an answer without it. */
  readonly modelRequests: number;
  readonly foreignCores: number | undefined;
}

export interface Typist {
  readonly file: OpenFile;
  /** The next key is typed; the offset behind it. */
  type(text: string): number;
  readonly at: () => number;
  /** What the real file goes on with. */
  readonly upcoming: () => string;
}

/** Opens the file without its next `taken` characters, which are typed later. */
export function openTypist(
  editor: Editor,
  folder: string,
  source: TypingFile,
  taken: string,
  label: string,
): Typist {
  const before = source.before;
  const after = (source.typed + source.after).startsWith(taken)
    ? (source.typed + source.after).slice(Math.max(taken.length, source.typed.length))
    : source.after;
  const file = editor.open(`${folder}/${label}-${source.name}`, source.languageId, before + after);
  let at = before.length;
  let typed = 0;
  return {
    file,
    type(text) {
      at = file.replace(at, at, text);
      typed += text.length;
      return at;
    },
    at: () => at,
    upcoming: () => taken.slice(typed),
  };
}

/** The place is asked about once before the keys, so that they find it as an editor would: read. The first answer's time. */
export async function openCold(typist: Typist): Promise<number> {
  await untilModelRests();
  const { modelAnswerMs } = await askBoth(typist, "");
  await untilModelRests();
  return modelAnswerMs;
}

/** One key at a time; the next one when the model has nothing left to do, so that counts are exact. */
export async function typeKeys(
  typist: Typist,
  keys: readonly string[],
  load: LoadMeter,
  onKey: () => void,
): Promise<readonly ProtocolKey[]> {
  const measured: ProtocolKey[] = [];
  for (const key of keys) {
    const before = (await readStatus()).inference.totals;
    const reading = load.read();
    const asked = await askBoth(typist, key);
    const foreignCores = load.foreignSince(reading);
    await untilModelRests();
    const after = (await readStatus()).inference.totals;
    measured.push({
      firstItemMs: asked.firstItemMs,
      modelItemMs: asked.modelItemMs,
      modelAnswerMs: asked.modelAnswerMs,
      isRight: asked.isRight,
      evaluated: after.evaluated - before.evaluated,
      reused: after.reused - before.reused,
      generated: after.generated - before.generated,
      modelRequests: after.requests - before.requests,
      foreignCores,
    });
    onKey();
  }
  return measured;
}

export type AskedKey = Pick<ProtocolKey, "firstItemMs" | "modelItemMs" | "modelAnswerMs" | "isRight">;

interface Asked extends AskedKey {
  readonly ghostText: string | undefined;
}

/** Types a key and waits for both answers. A cancelled one counts as not answered. */
export async function askBoth(typist: Typist, key: string, signal?: AbortSignal): Promise<Asked> {
  const at = typist.type(key);
  const next = typist.upcoming();
  const startedMs = performance.now();
  const noteMs = (): number => performance.now() - startedMs;
  const menu = typist.file.complete(at, signal).then(
    ({ items }) => {
      const ms = noteMs();
      const line = items.find((item) => item.detail === "model");
      const word = /[\p{L}\p{N}_$]*$/u.exec(typist.file.text().slice(0, at))?.[0] ?? "";
      const isRight = items.some(
        ({ label }) => label.startsWith(word) && agrees(label.slice(word.length), next),
      );
      return { ms: items.length > 0 ? ms : undefined, lineMs: line === undefined ? undefined : ms, isRight };
    },
    (error: unknown) => {
      if (signal?.aborted !== true) throw error;
      return { ms: undefined, lineMs: undefined, isRight: false };
    },
  );
  const ghost = typist.file.inline(at, signal).then(
    ({ text }) => {
      const ms = noteMs();
      return { ms, text, itemMs: text === undefined ? undefined : ms, isRight: agrees(text ?? "", next) };
    },
    (error: unknown) => {
      if (signal?.aborted !== true) throw error;
      return { ms: noteMs(), text: undefined, itemMs: undefined, isRight: false };
    },
  );
  const [fromMenu, fromGhost] = await Promise.all([menu, ghost]);
  return {
    firstItemMs: earliest(fromMenu.ms, fromGhost.itemMs),
    modelItemMs: earliest(fromMenu.lineMs, fromGhost.itemMs),
    modelAnswerMs: fromGhost.ms,
    isRight: fromMenu.isRight || fromGhost.isRight,
    ghostText: fromGhost.text,
  };
}

/** At least two characters, and the file goes on with them. */
function agrees(text: string, next: string): boolean {
  const offered = text.trimEnd();
  return offered.length >= 2 && next.startsWith(offered);
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

export interface PacedResult {
  readonly keys: number;
  readonly paceMs: number;
  /** With at least one item before the next key came. */
  readonly usefulBeforeNext: number;
  /** With an item that agrees with what is typed next. */
  readonly rightBeforeNext: number;
  readonly modelBeforeNext: number;
  /** From the last key to the model's answer. */
  readonly lastModelAnswerMs: number;
  readonly lastFirstItemMs: number | undefined;
  /** Per key to the first item, where one came before the next key. */
  readonly firstItemMs: readonly number[];
  readonly foreignCores: number | undefined;
}

/** Keys at a fixed pace; each cancels the requests before it, as editors do. Every request has its one answer. */
export async function typePaced(
  typist: Typist,
  keys: readonly string[],
  paceMs: number,
  load: LoadMeter,
): Promise<PacedResult> {
  const reading = load.read();
  let previous = new AbortController();
  const pending: Promise<Asked>[] = [];
  for (const [index, key] of keys.entries()) {
    previous.abort();
    previous = new AbortController();
    pending.push(askBoth(typist, key, previous.signal));
    if (index < keys.length - 1) await new Promise((resolve) => setTimeout(resolve, paceMs));
  }
  const answers = await Promise.all(pending);
  const inTime = (ms: number | undefined): boolean => ms !== undefined && ms <= paceMs;
  const last = answers.at(-1);
  return {
    keys: keys.length,
    paceMs,
    usefulBeforeNext: answers.filter(({ firstItemMs }) => inTime(firstItemMs)).length,
    rightBeforeNext: answers.filter(({ firstItemMs, isRight }) => inTime(firstItemMs) && isRight).length,
    modelBeforeNext: answers.filter(({ modelItemMs }) => inTime(modelItemMs)).length,
    lastModelAnswerMs: last?.modelAnswerMs ?? 0,
    lastFirstItemMs: last?.firstItemMs,
    firstItemMs: answers.flatMap(({ firstItemMs }) => (inTime(firstItemMs) ? [firstItemMs ?? 0] : [])),
    foreignCores: load.foreignSince(reading),
  };
}

/** The file's own text as keys: one character each, a line break together with the indentation that editors add. */
export function keysOf(text: string): readonly string[] {
  return text.match(/\n[ \t]*|[^\n]/gu) ?? [];
}
