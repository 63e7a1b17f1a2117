// Which bracket of a text has no partner: a scan of the characters, with strings and comments left out.
import type { Offset, Span } from "../text/index.ts";

export interface LonelyBracket {
  readonly kind: "unclosed" | "unopened";
  readonly offset: Offset;
  readonly bracket: string;
  /** What closes it, or what would have opened it. */
  readonly partner: string;
  /** The closing bracket of another kind at which the scan noticed; undefined when it came to its end. */
  readonly noticedAt: Offset | undefined;
}

interface OpenBracket {
  readonly offset: Offset;
  readonly bracket: string;
  readonly closer: string;
  readonly indent: number;
}

/** `literals` are sorted and apart. Brackets of one character only; in order of their offsets. */
export function lonelyBrackets(
  content: string,
  range: Span,
  literals: readonly Span[],
  brackets: readonly (readonly [string, string])[],
): readonly LonelyBracket[] {
  const pairs = brackets.filter(([open, close]) => open.length === 1 && close.length === 1);
  if (pairs.length === 0) return [];
  const found = bracketsIn(content, range, literals, pairs);
  const plain = match(content, found, pairs, false);
  // Only in a text that is out of balance may the indentation say whose bracket it was.
  return plain.length === 0 ? plain : match(content, found, pairs, true);
}

function bracketsIn(
  content: string,
  range: Span,
  literals: readonly Span[],
  pairs: readonly (readonly [string, string])[],
): readonly Offset[] {
  const wanted = new Set(pairs.flat().map((bracket) => bracket.charCodeAt(0)));
  const offsets: Offset[] = [];
  let literal = 0;
  for (let at = range.start; at < range.end; at += 1) {
    while (literal < literals.length && (literals[literal]?.end ?? 0) <= at) literal += 1;
    const inside = literals[literal];
    if (inside !== undefined && inside.start <= at) at = inside.end - 1;
    else if (wanted.has(content.charCodeAt(at))) offsets.push(at);
  }
  return offsets;
}

function match(
  content: string,
  offsets: readonly Offset[],
  pairs: readonly (readonly [string, string])[],
  heedsIndent: boolean,
): readonly LonelyBracket[] {
  const closerOf = new Map(pairs);
  const openerOf = new Map(pairs.map(([open, close]) => [close, open]));
  const open: OpenBracket[] = [];
  const lonely: LonelyBracket[] = [];
  const giveUp = ({ offset, bracket, closer }: OpenBracket, noticedAt: Offset | undefined): void => {
    lonely.push({ kind: "unclosed", offset, bracket, partner: closer, noticedAt });
  };
  for (const offset of offsets) {
    const bracket = content.charAt(offset);
    const closer = closerOf.get(bracket);
    if (closer !== undefined) {
      open.push({ offset, bracket, closer, indent: indentAt(content, offset) });
      continue;
    }
    let partner = open.findLastIndex((candidate) => candidate.closer === bracket);
    if (heedsIndent && partner !== -1 && isFirstInLine(content, offset)) {
      const indent = indentAt(content, offset);
      const aligned = open.findLastIndex((other) => other.closer === bracket && other.indent === indent);
      if (aligned !== -1 && (open[partner]?.indent ?? 0) > indent) partner = aligned;
    }
    if (partner === -1) {
      lonely.push({
        kind: "unopened",
        offset,
        bracket,
        partner: openerOf.get(bracket) ?? "",
        noticedAt: offset,
      });
      continue;
    }
    for (const skipped of open.splice(partner).slice(1)) giveUp(skipped, offset);
  }
  for (const left of open) giveUp(left, undefined);
  return lonely.sort((a, b) => a.offset - b.offset);
}

/** Columns of white space at the start of the line that holds `offset`. */
export function indentAt(content: string, offset: Offset): number {
  const start = lineStartBefore(content, offset);
  let at = start;
  while (content[at] === " " || content[at] === "\t") at += 1;
  return at - start;
}

function isFirstInLine(content: string, offset: Offset): boolean {
  return content.slice(lineStartBefore(content, offset), offset).trim() === "";
}

function lineStartBefore(content: string, offset: Offset): Offset {
  return offset === 0 ? 0 : content.lastIndexOf("\n", offset - 1) + 1;
}
