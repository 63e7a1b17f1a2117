// Regions that can be folded: bodies, runs of comment lines, runs of imports.
import { lineAt, lineEnd } from "../text/index.ts";
import type { Span, Text } from "../text/index.ts";
import type { Match } from "./captures.ts";
import type { Fold } from "./syntax-service.ts";

const kindOfCapture: ReadonlyMap<string, Fold["kind"]> = new Map([
  ["fold", "code"],
  ["fold.comment", "comment"],
  ["fold.imports", "imports"],
]);

/** Sorted by start; one fold per first line, the longest; none that ends on the line where it starts. */
export function foldsOf(text: Text, matches: readonly Match[]): readonly Fold[] {
  const captured: Fold[] = [];
  for (const { captures } of matches)
    for (const { name, start, end } of captures) {
      const kind = kindOfCapture.get(name);
      if (kind !== undefined) captured.push({ kind, start, end: withoutLineBreak(text, start, end) });
    }
  captured.sort((a, b) => a.start - b.start || b.end - a.end);
  const longest = new Map<number, Fold>();
  for (const fold of joinRuns(text, captured)) {
    const firstLine = lineAt(text, fold.start);
    const known = longest.get(firstLine);
    if (lineAt(text, fold.end) > firstLine && (known === undefined || known.end < fold.end))
      longest.set(firstLine, fold);
  }
  return [...longest.values()].sort((a, b) => a.start - b.start);
}

/** Some grammars let a comment or a body end with its line break. */
function withoutLineBreak(text: Text, start: number, end: number): number {
  const lastLine = lineAt(text, end);
  const lineBegin = text.lineStarts[lastLine] ?? 0;
  return end === lineBegin && end > start && lastLine > 0
    ? Math.max(start, lineEnd(text, lastLine - 1))
    : end;
}

/** Comments, and imports, that follow each other with nothing but white space on the next line are one fold. */
function joinRuns(text: Text, folds: readonly Fold[]): readonly Fold[] {
  const joined: Fold[] = [];
  const lastOfKind = new Map<Fold["kind"], number>();
  for (const fold of folds) {
    const index = lastOfKind.get(fold.kind);
    const previous = index === undefined ? undefined : joined[index];
    if (
      fold.kind !== "code" &&
      index !== undefined &&
      previous !== undefined &&
      follows(text, previous, fold)
    ) {
      joined[index] = { ...previous, end: Math.max(previous.end, fold.end) };
      continue;
    }
    lastOfKind.set(fold.kind, joined.length);
    joined.push(fold);
  }
  return joined;
}

function follows(text: Text, previous: Span, next: Span): boolean {
  const gap = text.content.slice(previous.end, next.start);
  return (
    next.start <= previous.end ||
    (/^[\s;]*$/.test(gap) && lineAt(text, next.start) - lineAt(text, previous.end) <= 1)
  );
}
