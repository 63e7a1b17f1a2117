// The counters on the disk: one small file in the state folder, shared by all daemons of this user.
import { isRecord } from "../../kernel/index.ts";
import type { Clock, FolderFiles, Log } from "../../platform/index.ts";
import type { AcceptanceCounts, AcceptanceRow, SuggestionKind } from "./acceptance.ts";

export type RowKey = Pick<AcceptanceRow, "kind" | "model" | "language">;

export interface Tally {
  add(key: RowKey, count: keyof AcceptanceCounts): void;
  rows(): readonly AcceptanceRow[];
  /** Writes what was counted since the last time. */
  flush(): void;
}

const FILE = "acceptance.json";
const FORMAT = 1;
/** Models and languages that one person uses are few; above this a language is counted as "other". */
const MAX_ROWS = 200;
/** A count that is lost in a crash is no harm; a write for each one would be. */
const WRITE_PAUSE_MS = 5000;
const kinds: readonly SuggestionKind[] = ["name", "line", "block", "inline"];
const counts = ["shown", "accepted", "judged", "kept"] as const;

export function createTally(deps: {
  readonly files: FolderFiles;
  readonly clock: Clock;
  readonly log: Log;
}): Tally {
  const { files, clock, log } = deps;
  /** Counted here and not written yet: other daemons write the same file, so sums are made when it is written. */
  let unwritten = new Map<string, AcceptanceRow>();
  let written: ReadonlyMap<string, AcceptanceRow> | undefined;
  let cancelWrite: (() => void) | undefined;

  const read = (): ReadonlyMap<string, AcceptanceRow> => {
    const text = files.read(FILE);
    if (text === undefined) return new Map();
    const rows = parseRows(text);
    if (rows === undefined)
      log.warn({ file: FILE }, "the counts of accepted suggestions were unreadable and start anew");
    return new Map((rows ?? []).map((row) => [keyOf(row), row]));
  };

  const flush = (): void => {
    cancelWrite?.();
    cancelWrite = undefined;
    if (unwritten.size === 0) return;
    const sums = new Map(read());
    for (const row of unwritten.values()) addRow(sums, row);
    const isWritten = files.write(
      FILE,
      JSON.stringify({ format: FORMAT, rows: [...sums.values()] }, undefined, 1),
    );
    if (!isWritten) {
      log.debug({ file: FILE }, "the counts of accepted suggestions could not be written");
      return;
    }
    written = sums;
    unwritten = new Map();
  };

  return {
    add(key, count) {
      addRow(unwritten, { ...key, ...none, [count]: 1 });
      cancelWrite ??= clock.schedule(WRITE_PAUSE_MS, flush);
    },
    rows() {
      const sums = new Map((written ??= read()));
      for (const row of unwritten.values()) addRow(sums, row);
      return [...sums.values()];
    },
    flush,
  };
}

const none: AcceptanceCounts = { shown: 0, accepted: 0, judged: 0, kept: 0 };

function addRow(rows: Map<string, AcceptanceRow>, row: AcceptanceRow): void {
  const isRoom = rows.has(keyOf(row)) || rows.size < MAX_ROWS;
  const key: RowKey = isRoom
    ? { kind: row.kind, model: row.model, language: row.language }
    : { kind: row.kind, model: "other", language: "other" };
  const known = rows.get(keyOf(key)) ?? { ...key, ...none };
  rows.set(keyOf(key), {
    ...key,
    shown: known.shown + row.shown,
    accepted: known.accepted + row.accepted,
    judged: known.judged + row.judged,
    kept: known.kept + row.kept,
  });
}

function keyOf({ kind, model, language }: RowKey): string {
  return JSON.stringify([kind, model, language]);
}

/** Undefined when the text is none of ours: half written, of another format, or somebody else's. */
function parseRows(text: string): readonly AcceptanceRow[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isRecord(parsed) || parsed["format"] !== FORMAT || !Array.isArray(parsed["rows"])) return undefined;
    const rows = parsed["rows"].slice(0, MAX_ROWS * 2).map(parseRow);
    return rows.every((row) => row !== undefined) ? rows : undefined;
  } catch {
    // Not JSON: a file that was cut off.
    return undefined;
  }
}

function parseRow(raw: unknown): AcceptanceRow | undefined {
  if (!isRecord(raw)) return undefined;
  const { model, language } = raw;
  const kind = kinds.find((known) => known === raw["kind"]);
  if (kind === undefined || typeof model !== "string" || typeof language !== "string") return undefined;
  const [shown, accepted, judged, kept] = counts.map((name) => raw[name]);
  return isCount(shown) && isCount(accepted) && isCount(judged) && isCount(kept)
    ? { kind, model, language, shown, accepted, judged, kept }
    : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
