// Where the closing half of a bracket or of a quote may belong, the likeliest place first.
import type { Node } from "web-tree-sitter";
import { lineAt, lineBreakOf, lineCount, lineEnd, lineStart, lineText } from "../text/index.ts";
import type { Offset, Text } from "../text/index.ts";
import { indentAt } from "./brackets.ts";
import type { LonelyBracket } from "./brackets.ts";
import type { OpenQuote } from "./quotes.ts";

interface ClosingPlace {
  readonly at: Offset;
  readonly newText: string;
}

/** Lines looked through for the one that ends the block of an opening bracket. */
const MAX_BLOCK_LINES = 2_000;

export function closingPlaces(
  text: Text,
  { offset, partner, noticedAt }: LonelyBracket,
  nodes: readonly Node[],
): readonly ClosingPlace[] {
  const line = lineAt(text, offset);
  const rest = text.content.slice(offset + 1, lineEnd(text, line)).trim();
  // Nothing behind it, or a list that goes on: what it holds stands on the next lines.
  const opensBlock = rest === "" || rest.endsWith(",");
  const places: ClosingPlace[] = [];
  const add = (at: Offset, newText: string = partner): void => {
    if (at > offset && !places.some((place) => place.at === at)) places.push({ at, newText });
  };
  const missing = nodes.find(
    (node) => node.isMissing && node.type === partner && node.parent?.firstChild?.startIndex === offset,
  );
  if (missing !== undefined) add(missing.startIndex);
  if (opensBlock) addBlockEnd(text, offset, line, partner, add);
  else {
    if (noticedAt !== undefined && lineAt(text, noticedAt) === line)
      add(trimmedBefore(text, noticedAt, offset));
    for (const at of endsOfLine(text, line, offset + 1)) add(at);
    for (const at of wordEnds(text, line, offset + 1)) add(at);
    addBlockEnd(text, offset, line, partner, add);
  }
  if (noticedAt !== undefined) add(trimmedBefore(text, noticedAt, offset));
  add(trimmedBefore(text, text.content.length, offset), opensBlock ? lineBreakOf(text) + partner : partner);
  if (opensBlock) for (const at of endsOfLine(text, line, offset + 1)) add(at);
  return places;
}

/** The ends of a string: before what usually follows one on the line, at the line's end, at the end of the text. */
export function quotePlaces(text: Text, { offset, quote }: OpenQuote): readonly Offset[] {
  const line = lineAt(text, offset);
  const inLine = endsOfLine(text, line, offset + quote.length);
  return quote.length > 1 ? [...inLine, text.content.length] : inLine;
}

/** The end of the line's text, preceded by the places before the punctuation that ends it, the furthest back first. */
function endsOfLine(text: Text, line: number, from: Offset): readonly Offset[] {
  const ends: Offset[] = [];
  let at = lineEnd(text, line);
  const skipSpaces = (): void => {
    while (at > from && /\s/.test(text.content.charAt(at - 1))) at -= 1;
  };
  skipSpaces();
  ends.push(at);
  while (at > from && /[:;,{)\]}>]/.test(text.content.charAt(at - 1)) && ends.length < 5) {
    at -= 1;
    skipSpaces();
    ends.push(at);
  }
  return ends.reverse();
}

const MAX_WORD_ENDS = 4;

/** Before the last spaces of the line: `f(a: &[u8] -> u8 {` lacks its bracket in front of the arrow. */
function wordEnds(text: Text, line: number, from: Offset): readonly Offset[] {
  const ends: Offset[] = [];
  for (let at = lineEnd(text, line) - 1; at > from && ends.length < MAX_WORD_ENDS; at -= 1)
    if (/\s/.test(text.content.charAt(at)) && /\S/.test(text.content.charAt(at - 1))) ends.push(at);
  return ends;
}

/** Before the first line that is indented no deeper than the line that opens the block. */
function addBlockEnd(
  text: Text,
  offset: Offset,
  line: number,
  partner: string,
  add: (at: Offset, newText?: string) => void,
): void {
  const indent = indentAt(text.content, offset);
  const last = Math.min(lineCount(text), line + MAX_BLOCK_LINES);
  for (let next = line + 1; next < last; next += 1) {
    if (lineText(text, next).trim() === "") continue;
    const start = lineStart(text, next);
    if (indentAt(text.content, start) > indent) continue;
    const at = trimmedBefore(text, start, offset);
    const lead = text.content.slice(lineStart(text, line), lineStart(text, line) + indent);
    add(at, at > lineEnd(text, line) ? `${lineBreakOf(text)}${lead}${partner}` : partner);
    return;
  }
}

/** `offset` without the white space in front of it. */
function trimmedBefore(text: Text, offset: Offset, from: Offset): Offset {
  let at = offset;
  while (at > from + 1 && /\s/.test(text.content.charAt(at - 1))) at -= 1;
  return at;
}
