// Name indexes of open documents: read at once where that is quick, else the last one with its offsets moved, renewed between keystrokes.
import type { Clock } from "../../../platform/index.ts";
import type { SyntaxDocument, SyntaxSnapshot } from "../../../syntax/index.ts";
import type { Offset, Text } from "../../../text/index.ts";
import { indexNames } from "./name-index.ts";
import type { NameIndex } from "./name-index.ts";

export interface IndexAt {
  readonly index: NameIndex;
  /** The offset in the text that the index was made from. */
  readonly offset: Offset;
}

export interface IndexKeeper {
  /** Undefined without a grammar, and for a large text until its first index was made in the background. */
  indexAt(document: SyntaxDocument, text: Text, offset: Offset): IndexAt | undefined;
  /** Whatever is known of a document without any work. */
  lastIndex(document: SyntaxDocument): NameIndex | undefined;
  /** Has the index made soon; false when the newest text's is there already. */
  renewSoon(document: SyntaxDocument): boolean;
}

/** What a keystroke may spend on reading a file's names again. */
const MAX_READ_MS = 4;
/** UTF-16 units; the first reading of a longer text would be felt, so it does not happen in a request. */
const MAX_FIRST_READ_LENGTH = 40_000;
const RENEW_AFTER_MS = 120;
/** Renewing takes at most an eighth of the time, however large the text. */
const REST_PER_READ = 8;

interface Known {
  readonly index: NameIndex;
  readonly text: Text;
  readonly readMs: number;
}

export function createIndexKeeper(deps: {
  readonly clock: Clock;
  /** A failure in the background. */
  readonly onError: (error: unknown) => void;
}): IndexKeeper {
  const { clock } = deps;
  const known = new WeakMap<SyntaxDocument, Known>();
  const scheduled = new WeakSet<SyntaxDocument>();

  const read = (document: SyntaxDocument, parsed: SyntaxSnapshot): Known => {
    const startMs = clock.nowMs();
    const index = indexNames(parsed.facts());
    const entry = { index, text: parsed.text, readMs: clock.nowMs() - startMs };
    known.set(document, entry);
    return entry;
  };

  const isRenewed = (document: SyntaxDocument): boolean => {
    const parsed = document.current();
    return parsed !== undefined && parsed.text === known.get(document)?.text;
  };

  const renewSoon = (document: SyntaxDocument): boolean => {
    if (isRenewed(document)) return false;
    if (scheduled.has(document)) return true;
    scheduled.add(document);
    const restMs = (known.get(document)?.readMs ?? 0) * REST_PER_READ;
    clock.schedule(Math.max(RENEW_AFTER_MS, restMs), () => {
      scheduled.delete(document);
      try {
        const parsed = document.current();
        if (parsed !== undefined && !isRenewed(document)) read(document, parsed);
      } catch (error) {
        deps.onError(error);
      }
    });
    return true;
  };

  return {
    indexAt(document, text, offset) {
      const parsed = document.current();
      const last = known.get(document);
      if (last !== undefined && last.text === text) return { index: last.index, offset };
      const isQuick =
        last === undefined ? text.content.length <= MAX_FIRST_READ_LENGTH : last.readMs <= MAX_READ_MS;
      if (parsed?.text === text && isQuick) return { index: read(document, parsed).index, offset };
      renewSoon(document);
      if (last === undefined) return undefined;
      return { index: last.index, offset: moveOffset(text.content, last.text.content, offset) };
    },
    lastIndex: (document) => known.get(document)?.index,
    renewSoon,
  };
}

/** The offset of the same place in `before`; inside what was changed, the nearest one. */
function moveOffset(now: string, before: string, offset: Offset): Offset {
  const shorter = Math.min(now.length, before.length);
  let start = 0;
  while (start < shorter && now.charCodeAt(start) === before.charCodeAt(start)) start += 1;
  if (offset <= start) return offset;
  let tail = 0;
  while (
    tail < shorter - start &&
    now.charCodeAt(now.length - 1 - tail) === before.charCodeAt(before.length - 1 - tail)
  )
    tail += 1;
  if (offset >= now.length - tail) return offset - now.length + before.length;
  return Math.min(offset, before.length - tail);
}
