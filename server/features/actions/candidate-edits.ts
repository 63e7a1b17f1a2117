// Where a missing text may belong: the parser's own place first, then the places where people forget it.
import type { SyntaxFinding } from "../../syntax/index.ts";
import { lineAt, lineEnd, lineStart, lineText } from "../../text/index.ts";
import type { Offset, Text, TextEdit } from "../../text/index.ts";

export interface CandidateEdit {
  readonly title: string;
  readonly edit: TextEdit;
}

/** Most promising first. Only repairs that insert something have other places; a removal or replacement stays where it is. */
export function candidateEdits(
  text: Text,
  finding: SyntaxFinding,
  lineComment: string | undefined,
): readonly CandidateEdit[] {
  const { repair } = finding;
  if (repair === undefined) return [];
  const { title, edit } = repair;
  const candidates: CandidateEdit[] = [{ title, edit }];
  if (edit.start !== edit.end || edit.newText.trim() === "") return candidates;
  const seen = new Set<Offset>([edit.start]);
  for (const { offset, where } of otherPlaces(text, finding, edit.start, lineComment)) {
    if (seen.has(offset)) continue;
    seen.add(offset);
    candidates.push({
      title: `Insert \`${edit.newText.trim()}\` ${where}`,
      edit: { start: offset, end: offset, newText: edit.newText },
    });
  }
  return candidates;
}

function* otherPlaces(
  text: Text,
  { span }: SyntaxFinding,
  repairedAt: Offset,
  lineComment: string | undefined,
): Generator<{ readonly offset: Offset; readonly where: string }> {
  const first = lineAt(text, span.start);
  const last = lineAt(text, span.end);
  const onLine = (line: number): string => `on line ${line + 1}`;
  const atEnd = (line: number): { readonly offset: Offset; readonly where: string } => ({
    offset: endOfCode(text, line, lineComment),
    where: `at the end of line ${line + 1}`,
  });
  yield { offset: span.start, where: onLine(first) };
  yield { offset: span.end, where: onLine(last) };
  yield atEnd(first);
  yield atEnd(last);
  const above = previousLine(text, lineAt(text, repairedAt));
  if (above !== undefined) yield atEnd(above);
  yield atEnd(lastLineOfBlock(text, first));
  yield { offset: text.content.trimEnd().length, where: "at the end of the file" };
}

/** Before blanks and before a comment that ends the line. */
function endOfCode(text: Text, line: number, lineComment: string | undefined): Offset {
  const whole = lineText(text, line);
  const comment = lineComment === undefined ? -1 : whole.indexOf(` ${lineComment}`);
  const code = (comment > 0 ? whole.slice(0, comment) : whole).trimEnd();
  return code === "" ? lineEnd(text, line) : lineStart(text, line) + code.length;
}

function previousLine(text: Text, line: number): number | undefined {
  for (let at = line - 1; at >= 0; at -= 1) if (lineText(text, at).trim() !== "") return at;
  return undefined;
}

/** The last line before the text is indented less than `line` again: there the block that it starts, or is in, ends. */
function lastLineOfBlock(text: Text, line: number): number {
  const own = indentOf(lineText(text, line));
  let last = line;
  for (let at = line + 1; at < text.lineStarts.length; at += 1) {
    const content = lineText(text, at);
    if (content.trim() === "") continue;
    if (indentOf(content) < own || (indentOf(content) === own && last > line)) break;
    last = at;
    if (at - line > MAX_BLOCK_LINES) break;
  }
  return last;
}

const MAX_BLOCK_LINES = 500;

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
