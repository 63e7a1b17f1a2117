// Outline, folding and selection of one document, read from its parse and bounded for clients.
import type { Fold, OutlineItem, SyntaxSnapshot } from "../../syntax/index.ts";
import { lineAt, lineEnd, lineStart } from "../../text/index.ts";
import type { Offset, Span } from "../../text/index.ts";
import type { DocumentSnapshot } from "../../workspace/index.ts";

export interface SymbolsFeature {
  /** Wait for the parse; empty without a grammar or when `signal` fired. */
  outline(snapshot: DocumentSnapshot, signal: AbortSignal): Promise<readonly OutlineItem[]>;
  folds(snapshot: DocumentSnapshot, signal: AbortSignal): Promise<readonly Fold[]>;
  /** For each offset the spans from the innermost one out: each holds the offset and lies in the next. Never empty. */
  selections(
    snapshot: DocumentSnapshot,
    offsets: readonly Offset[],
    signal: AbortSignal,
  ): Promise<readonly (readonly Span[])[]>;
}

/** More would not be looked at, and some clients stall on them. */
const MAX_OUTLINE_ITEMS = 10_000;
const MAX_OUTLINE_DEPTH = 32;
const MAX_FOLDS = 5_000;
const MAX_SELECTION_SPANS = 100;

export function createSymbols(): SymbolsFeature {
  return {
    async outline(snapshot, signal) {
      const parsed = await parseOf(snapshot, signal);
      return parsed === undefined ? [] : limitOutline(parsed.outline());
    },

    async folds(snapshot, signal) {
      const parsed = await parseOf(snapshot, signal);
      return (parsed?.folds() ?? []).slice(0, MAX_FOLDS);
    },

    async selections(snapshot, offsets, signal) {
      const parsed = await parseOf(snapshot, signal);
      return offsets.map((offset) => selectionAt(snapshot, parsed, offset));
    },
  };
}

/** Of this very text: spans of another one would be wrong places. */
async function parseOf(snapshot: DocumentSnapshot, signal: AbortSignal): Promise<SyntaxSnapshot | undefined> {
  const current = snapshot.syntax.current();
  if (current?.text === snapshot.text) return current;
  const parsed = await snapshot.syntax.whenParsed(signal);
  return !signal.aborted && parsed?.text === snapshot.text ? parsed : undefined;
}

function limitOutline(items: readonly OutlineItem[]): readonly OutlineItem[] {
  let left = MAX_OUTLINE_ITEMS;
  const take = (level: readonly OutlineItem[], depth: number): readonly OutlineItem[] => {
    if (depth > MAX_OUTLINE_DEPTH) return [];
    const kept: OutlineItem[] = [];
    for (const item of level) {
      if (left <= 0) break;
      left -= 1;
      kept.push({ ...item, children: take(item.children, depth + 1) });
    }
    return kept;
  };
  return take(items, 1);
}

/** Without a parse: the line, then the whole text. */
function selectionAt(
  snapshot: DocumentSnapshot,
  parsed: SyntaxSnapshot | undefined,
  offset: Offset,
): readonly Span[] {
  const { text } = snapshot;
  const whole = { start: 0, end: text.content.length };
  const line = lineAt(text, offset);
  const fallback = [{ start: lineStart(text, line), end: lineEnd(text, line) }, whole];
  const holding = (parsed?.selectionSpans(offset) ?? fallback).filter(
    (span) => span.start <= offset && offset <= span.end,
  );
  const chain: Span[] = [];
  for (const span of [...holding.slice(0, MAX_SELECTION_SPANS - 1), whole]) {
    const inner = chain.at(-1);
    if (
      inner === undefined ||
      (span.start <= inner.start && inner.end <= span.end && !isEqual(span, inner))
    ) {
      chain.push(span);
    }
  }
  return chain;
}

function isEqual(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}
