// Brackets and quotes that a piece of broken text opens and does not close, found without its tree.
import type { Language } from "../../syntax/index.ts";
import { lineAt, lineEnd, lineStart } from "../../text/index.ts";
import type { Offset, Span, Text } from "../../text/index.ts";

export interface Unclosed {
  /** Where it opens. */
  readonly offset: Offset;
  readonly closer: string;
  readonly isQuote: boolean;
  /** A closing bracket of another kind that comes where this one's was due. */
  readonly wrongCloserAt: Offset | undefined;
}

/** A span that the parser gave up on may reach to the end of the file. */
const MAX_SCANNED = 20_000;
const MAX_UNCLOSED = 4;

/** Looks at the whole lines of `span`; innermost first, at most four. */
export function findUnclosed(text: Text, span: Span, language: Language): readonly Unclosed[] {
  const { content } = text;
  const start = lineStart(text, lineAt(text, span.start));
  const end = Math.min(lineEnd(text, lineAt(text, span.end)), start + MAX_SCANNED);
  const quotes = [...language.quotes].sort((a, b) => b.length - a.length);
  const found: Unclosed[] = [];
  const open: { readonly offset: Offset; readonly closer: string }[] = [];

  for (let at = start; at < end; at += 1) {
    const quote = quotes.find((candidate) => content.startsWith(candidate, at));
    if (quote !== undefined) {
      const closed = endOfString(text, at, quote);
      if (closed === undefined) {
        found.push({ offset: at, closer: quote, isQuote: true, wrongCloserAt: undefined });
        at = lineEnd(text, lineAt(text, at));
      } else at = closed - 1;
      continue;
    }
    if (startsComment(content, at, language)) {
      at = lineEnd(text, lineAt(text, at));
      continue;
    }
    const here = content[at] ?? "";
    const opened = language.brackets.find(([opener]) => opener === here);
    if (opened !== undefined) {
      open.push({ offset: at, closer: opened[1] });
      continue;
    }
    const closes = open.findLastIndex(({ closer }) => closer === here);
    if (closes < 0) continue;
    // Everything that was opened after the bracket that this one closes was not closed in time.
    for (const skipped of open.splice(closes).slice(1)) {
      found.push({ ...skipped, isQuote: false, wrongCloserAt: at });
    }
  }
  for (const left of open) found.push({ ...left, isQuote: false, wrongCloserAt: undefined });
  return found.sort((a, b) => b.offset - a.offset).slice(0, MAX_UNCLOSED);
}

/** Past the closing quote; a quote of one character ends on its line. */
function endOfString(text: Text, at: Offset, quote: string): Offset | undefined {
  const { content } = text;
  const limit = quote.length > 1 || quote === "`" ? content.length : lineEnd(text, lineAt(text, at));
  for (let offset = at + quote.length; offset < limit; offset += 1) {
    if (content[offset] === "\\") offset += 1;
    else if (content.startsWith(quote, offset)) return offset + quote.length;
  }
  return undefined;
}

function startsComment(content: string, at: Offset, { lineComment }: Language): boolean {
  return lineComment !== undefined && content.startsWith(lineComment, at);
}
