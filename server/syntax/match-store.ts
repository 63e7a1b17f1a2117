// What the queries of one open text matched, carried over from edit to edit: only what an edit may have changed is asked again.
import type { Tree } from "web-tree-sitter";
import type { Span, TextEdit } from "../text/index.ts";
import { runQuery, spanKey } from "./captures.ts";
import type { Match } from "./captures.ts";
import type { CompiledQuery } from "./compiled-query.ts";
import type { QueryName } from "./query-files.ts";
import { addEdit, moveSpan } from "./replaced-regions.ts";
import type { ReplacedRegion } from "./replaced-regions.ts";

export interface MatchStore {
  /** The text moved on; `changed` are the spans of the new text in which the new tree is built differently. */
  advance(edits: readonly TextEdit[], changed: readonly Span[]): void;
  /** Forgets everything: another text of `length` units begins. */
  reset(length: number): void;
  /** The matches in `tree`, which must be the tree of the text that `advance` led to. Valid until the next `advance`. */
  matches(name: QueryName, query: CompiledQuery, tree: Tree): readonly Match[];
  /** Asks about the next part that is not known yet, at most `units` long; answers whether all is known. */
  prime(name: QueryName, query: CompiledQuery, tree: Tree, units: number): boolean;
}

/** A rewrite of more than this many places is cheaper to ask again as a whole. */
const MAX_DIRTY_SPANS = 32;

interface Kept {
  readonly matches: readonly Match[];
  /** What was replaced since the matches were made. */
  readonly regions: readonly ReplacedRegion[];
  /** Spans of the newest text whose matches must be asked (again). */
  readonly dirty: readonly Span[];
}

export function createMatchStore(length: number): MatchStore {
  let unknown: Kept = unknownText(length);
  let kept = new Map<QueryName, Kept>();
  return {
    advance(edits, changed) {
      const grown = edits.reduce((sum, { start, end, newText }) => sum + newText.length - (end - start), 0);
      unknown = unknownText((unknown.dirty[0]?.end ?? 0) + grown);
      const touched = mergeSpans([...editedSpans(edits), ...changed]);
      for (const [name, entry] of kept) {
        const dirty = mergeSpans([...shiftSpans(entry.dirty, edits), ...touched]);
        if (dirty.length > MAX_DIRTY_SPANS) kept.delete(name);
        else kept.set(name, { matches: entry.matches, regions: edits.reduce(addEdit, entry.regions), dirty });
      }
    },
    reset(newLength) {
      unknown = unknownText(newLength);
      kept = new Map();
    },
    matches(name, query, tree) {
      const entry = kept.get(name);
      if (entry !== undefined && entry.dirty.length === 0) return entry.matches;
      const matches = entry === undefined ? runQuery(query, tree) : renew(entry, entry.dirty, query, tree);
      kept.set(name, { matches, regions: [], dirty: [] });
      return matches;
    },
    prime(name, query, tree, units) {
      const entry = kept.get(name) ?? unknown;
      const [first, ...others] = entry.dirty;
      if (first === undefined) return true;
      const middle = Math.min(first.end, first.start + units);
      const matches = renew(entry, [{ start: first.start, end: middle }], query, tree);
      const dirty = middle < first.end ? [{ start: middle, end: first.end }, ...others] : others;
      kept.set(name, { matches, regions: [], dirty });
      return dirty.length === 0;
    },
  };
}

function unknownText(length: number): Kept {
  return { matches: [], regions: [], dirty: [{ start: 0, end: length }] };
}

/** The kept matches in the newest text, with those that touch `spans` asked again. */
function renew(entry: Kept, spans: readonly Span[], query: CompiledQuery, tree: Tree): readonly Match[] {
  const dirty = mergeSpans(spans.map((span) => widen(span, tree)));
  const renewed: Match[] = [];
  const renewedAt = new Map<number, Match[]>();
  for (const span of dirty) {
    for (const match of runQuery(query, tree, { start: Math.max(0, span.start - 1), end: span.end + 1 })) {
      const key = keyOf(match);
      const sameStart = renewedAt.get(key);
      if (sameStart?.some((other) => isSame(other, match)) === true) continue;
      if (sameStart === undefined) renewedAt.set(key, [match]);
      else sameStart.push(match);
      renewed.push(match);
    }
  }
  const touchesDirty = createTouchCheck(dirty);
  const isKnown = (match: Match): boolean =>
    renewedAt.get(keyOf(match))?.some((other) => isSame(other, match)) === true;
  const carried: Match[] = [];
  for (const match of entry.matches) {
    const shifted = moveMatch(match, entry.regions);
    if (shifted !== undefined && !touchesDirty(shifted) && !isKnown(shifted)) carried.push(shifted);
  }
  return [...carried, ...renewed];
}

/** A change inside a node may change what its neighbours and the node around them are. */
function widen(span: Span, tree: Tree): Span {
  const node = tree.rootNode.namedDescendantForIndex(Math.max(0, span.start - 1), span.end + 1);
  const around = node?.parent ?? node;
  if (around === null || around.endIndex - around.startIndex > MAX_WIDENED) return span;
  return { start: Math.min(span.start, around.startIndex), end: Math.max(span.end, around.endIndex) };
}

const MAX_WIDENED = 2_000;

function keyOf(match: Match): number {
  const [first] = match.captures;
  return first === undefined ? 0 : spanKey(first);
}

function isSame(a: Match, b: Match): boolean {
  return (
    a.pattern === b.pattern &&
    a.captures.length === b.captures.length &&
    a.captures.every((capture, index) => {
      const other = b.captures[index];
      return capture.name === other?.name && capture.start === other.start && capture.end === other.end;
    })
  );
}

/** Undefined when an edit reached into a capture: whatever it is now is found by asking again. */
function moveMatch(match: Match, regions: readonly ReplacedRegion[]): Match | undefined {
  const captures: Match["captures"][number][] = [];
  let isMoved = false;
  for (const capture of match.captures) {
    const span = moveSpan(regions, capture.start, capture.end);
    if (span === undefined) return undefined;
    isMoved ||= span.start !== capture.start;
    captures.push(span.start === capture.start ? capture : { ...capture, ...span });
  }
  return isMoved ? { pattern: match.pattern, captures } : match;
}

/** Spans that an edit touches grow by what it inserted. */
function shiftSpans(spans: readonly Span[], edits: readonly TextEdit[]): Span[] {
  return spans.map((span) =>
    edits.reduce<Span>((at, edit) => {
      const delta = edit.newText.length - (edit.end - edit.start);
      const move = (offset: number): number =>
        offset > edit.end ? offset + delta : Math.min(offset, edit.start);
      if (at.end < edit.start) return at;
      if (at.start > edit.end) return { start: at.start + delta, end: at.end + delta };
      return { start: move(at.start), end: Math.max(move(at.end), edit.start + edit.newText.length) };
    }, span),
  );
}

/** Where each edit's new text ended up after the edits that followed it. */
function editedSpans(edits: readonly TextEdit[]): Span[] {
  return edits.flatMap((edit, index) =>
    shiftSpans([{ start: edit.start, end: edit.start + edit.newText.length }], edits.slice(index + 1)),
  );
}

function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end + 1)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

/** Whether a match's hull touches one of the spans, which are sorted and apart from each other. */
function createTouchCheck(spans: readonly Span[]): (match: Match) => boolean {
  return (match) => {
    let start = Infinity;
    let end = -1;
    for (const capture of match.captures) {
      if (capture.start < start) start = capture.start;
      if (capture.end > end) end = capture.end;
    }
    return spans.some((span) => start <= span.end && end >= span.start);
  };
}
