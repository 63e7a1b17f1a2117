// Quotes that open a string which nothing closes, near the places where the parser gave up.
import type { Node } from "web-tree-sitter";
import { lineAt, lineEnd, lineStart } from "../text/index.ts";
import type { Offset, Span, Text } from "../text/index.ts";
import type { Language } from "./languages.ts";

export interface OpenQuote {
  readonly offset: Offset;
  readonly quote: string;
}

const LOOKED_AT_NODES = 4;
const LOOKED_AT_LINES = 3;

/** Candidates only: an apostrophe in a comment or a lifetime looks the same until the repair is tried. */
export function openQuotes(
  text: Text,
  nodes: readonly Node[],
  literals: readonly Span[],
  language: Language,
): readonly OpenQuote[] {
  const quotes = [...language.quotes].sort((a, b) => b.length - a.length);
  const lines = new Set<number>();
  for (const node of nodes.slice(0, LOOKED_AT_NODES)) {
    const first = lineAt(text, node.startIndex);
    const last = Math.min(lineAt(text, node.endIndex), first + LOOKED_AT_LINES - 1);
    for (let line = first; line <= last; line += 1) lines.add(line);
  }
  return [...lines].flatMap((line) => openQuoteOf(text, line, literals, quotes) ?? []);
}

/** The first quote of the line that stands outside of every string that ends on the line. */
function openQuoteOf(
  text: Text,
  line: number,
  literals: readonly Span[],
  quotes: readonly string[],
): OpenQuote | undefined {
  const end = lineEnd(text, line);
  for (let at = lineStart(text, line); at < end; at += 1) {
    const literal = literals.find((span) => span.start <= at && at < span.end);
    if (literal !== undefined && (literal.end <= end || literal.start < at)) {
      at = literal.end - 1;
      continue;
    }
    const quote = quotes.find((mark) => text.content.startsWith(mark, at));
    if (quote !== undefined) return { offset: at, quote };
  }
  return undefined;
}
