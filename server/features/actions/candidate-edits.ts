// Where a missing text may belong: the parser's own place first, then the places where people forget it.
import type { Language, SyntaxFinding } from "../../syntax/index.ts";
import { lineAt, lineBreakOf, lineEnd, lineStart, lineText } from "../../text/index.ts";
import type { Offset, Text, TextEdit } from "../../text/index.ts";
import { findUnclosed } from "./unclosed.ts";
import type { Unclosed } from "./unclosed.ts";

export interface CandidateEdit {
  readonly title: string;
  readonly edit: TextEdit;
}

/** Most promising first; each gives another text. Whether one helps is for the parser to say. */
export function* candidateEdits(
  text: Text,
  finding: SyntaxFinding,
  language: Language,
): Generator<CandidateEdit> {
  const seen = new Set<string>();
  for (const candidate of allCandidates(text, finding, language)) {
    const key = resultKey(text.content, candidate.edit);
    if (seen.has(key)) continue;
    seen.add(key);
    yield candidate;
  }
}

function* allCandidates(text: Text, finding: SyntaxFinding, language: Language): Generator<CandidateEdit> {
  const { repair, span } = finding;
  if (repair !== undefined) yield repair;
  const unclosed = findUnclosed(text, span, language);
  for (const one of unclosed) {
    for (const edit of closingEdits(text, one, language)) yield insertion(text, edit);
  }
  const innermost = unclosed[0];
  if (innermost !== undefined && unclosed.length > 1) {
    const closers = unclosed.map(({ closer }) => closer).join("");
    yield insertion(text, insertAt(endOfCode(text, lineAt(text, innermost.offset), language), closers));
  }
  if (repair !== undefined && isInsertion(repair.edit)) {
    for (const offset of otherPlaces(text, finding, language)) {
      // Before its bracket a closer closes nothing, whatever the parser makes of it.
      if (finding.code === "unclosed-bracket" && offset < span.end) continue;
      yield insertion(text, insertAt(offset, repair.edit.newText));
    }
  }
  // What opens a block in a language without brackets for it.
  yield insertion(text, insertAt(endOfCode(text, lineAt(text, span.start), language), ":"));
}

function insertion(text: Text, edit: TextEdit): CandidateEdit {
  return { title: `Insert \`${edit.newText.trim()}\` on line ${lineAt(text, edit.start) + 1}`, edit };
}

function insertAt(offset: Offset, newText: string): TextEdit {
  return { start: offset, end: offset, newText };
}

function isInsertion(edit: TextEdit): boolean {
  return edit.start === edit.end && edit.newText.trim() !== "";
}

/** Before what follows it on the line; where its bracket ends the line, on a line of its own after the block. */
function* closingEdits(text: Text, unclosed: Unclosed, language: Language): Generator<TextEdit> {
  const { offset, closer, wrongCloserAt } = unclosed;
  if (wrongCloserAt !== undefined) yield insertAt(wrongCloserAt, closer);
  const line = lineAt(text, offset);
  const end = endOfCode(text, line, language);
  const isBlock = offset + 1 === end;
  if (isBlock) {
    const indent = /^[ \t]*/.exec(lineText(text, line))?.[0] ?? "";
    const last = lastLineOfBlock(text, line);
    yield insertAt(lineEnd(text, last), `${lineBreakOf(text)}${indent}${closer}`);
    return;
  }
  for (const place of placesBeforeTail(text.content, offset + 1, end)) yield insertAt(place, closer);
  const last = lastLineOfBlock(text, line);
  if (last > line) yield insertAt(endOfCode(text, last, language), closer);
}

/** The ends of the code on a line with ever less of its trailing punctuation, innermost first: `f(1|;|`. */
function placesBeforeTail(content: string, from: Offset, end: Offset): readonly Offset[] {
  const places = [end];
  let at = end;
  while (at > from && places.length < MAX_PLACES && /[;,:{)\]}\s]/.test(content[at - 1] ?? "")) {
    at -= 1;
    if (!/\s/.test(content[at - 1] ?? "")) places.unshift(at);
  }
  return places;
}

const MAX_PLACES = 4;

function* otherPlaces(text: Text, { span, repair }: SyntaxFinding, language: Language): Generator<Offset> {
  yield span.start;
  yield span.end;
  yield endOfCode(text, lineAt(text, span.start), language);
  yield endOfCode(text, lineAt(text, span.end), language);
  const above = previousLine(text, lineAt(text, repair?.edit.start ?? span.start));
  if (above !== undefined) yield endOfCode(text, above, language);
  yield endOfCode(text, lastLineOfBlock(text, lineAt(text, span.start)), language);
  yield text.content.trimEnd().length;
}

/** Before blanks and before a comment that ends the line. */
function endOfCode(text: Text, line: number, { lineComment }: Language): Offset {
  const whole = lineText(text, line);
  const comment = lineComment === undefined ? -1 : whole.indexOf(` ${lineComment}`);
  const code = (comment > 0 ? whole.slice(0, comment) : whole).trimEnd();
  return code === "" ? lineEnd(text, line) : lineStart(text, line) + code.length;
}

function previousLine(text: Text, line: number): number | undefined {
  for (let at = line - 1; at >= 0; at -= 1) if (lineText(text, at).trim() !== "") return at;
  return undefined;
}

/** The last line that is indented deeper than `line` before one that is not. */
function lastLineOfBlock(text: Text, line: number): number {
  const own = indentOf(lineText(text, line));
  let last = line;
  for (let at = line + 1; at < text.lineStarts.length && at - line <= MAX_BLOCK_LINES; at += 1) {
    const content = lineText(text, at);
    if (content.trim() === "") continue;
    if (indentOf(content) <= own) break;
    last = at;
  }
  return last;
}

const MAX_BLOCK_LINES = 500;

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Equal for edits that give the same text, such as `)` before or after another `)`. */
function resultKey(content: string, edit: TextEdit): string {
  if (!isInsertion(edit)) return JSON.stringify(edit);
  // An insertion is moved left over equal text.
  let { start } = edit;
  let { newText } = edit;
  while (start > 0 && content[start - 1] === newText.at(-1)) {
    newText = (newText.at(-1) ?? "") + newText.slice(0, -1);
    start -= 1;
  }
  return `${start}:${newText}`;
}
