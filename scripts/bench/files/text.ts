// Immutable text with its line starts. Offsets are UTF-16 code units, as in JavaScript strings.

/** UTF-16 code units from the start of the text. Not branded: it is added and subtracted everywhere. */
export type Offset = number;

/** Half-open: `start` is in, `end` is out. */
export interface Span {
  readonly start: Offset;
  readonly end: Offset;
}

/** Replaces `start..end` by `newText`. */
export interface TextEdit extends Span {
  readonly newText: string;
}

export interface Text {
  readonly content: string;
  /** Offset of the first code unit of each line; a line ends at LF, CRLF or a lone CR, as in LSP. Never empty. */
  readonly lineStarts: readonly Offset[];
}

export function createText(content: string): Text {
  return { content, lineStarts: lineStartsIn(content, 0, content.length, [0]) };
}

export function lineCount(text: Text): number {
  return text.lineStarts.length;
}

/** The line that holds `offset`; an offset between CR and LF belongs to the line that they end. */
export function lineAt(text: Text, offset: Offset): number {
  let low = 0;
  let high = text.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((text.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function lineStart(text: Text, line: number): Offset {
  return text.lineStarts[Math.max(0, Math.min(line, text.lineStarts.length - 1))] ?? 0;
}

/** End of the line without its line break. */
export function lineEnd(text: Text, line: number): Offset {
  const start = lineStart(text, line);
  let end = text.lineStarts[line + 1] ?? text.content.length;
  if (line + 1 >= text.lineStarts.length) return end;
  if (end > start && text.content.charCodeAt(end - 1) === LF) end -= 1;
  if (end > start && text.content.charCodeAt(end - 1) === CR) end -= 1;
  return end;
}

export function lineText(text: Text, line: number): string {
  return text.content.slice(lineStart(text, line), lineEnd(text, line));
}

/** The line break that the text uses first, LF when it has none. */
export function lineBreakOf(text: Text): "\n" | "\r\n" | "\r" {
  const second = text.lineStarts[1];
  if (second === undefined) return "\n";
  if (text.content.charCodeAt(second - 1) === CR) return "\r";
  return text.content.charCodeAt(second - 2) === CR ? "\r\n" : "\n";
}

/** One edit; line starts outside the edited lines are reused. The edit must lie inside the text. */
export function applyEdit(text: Text, edit: TextEdit): Text {
  const content = text.content.slice(0, edit.start) + edit.newText + text.content.slice(edit.end);
  const shift = edit.newText.length - (edit.end - edit.start);
  // One code unit before the edit may join with it (CR before LF), and one after it likewise.
  const firstLine = lineAt(text, Math.max(0, edit.start - 1));
  const lastLine = lineAt(text, Math.min(text.content.length, edit.end + 1));
  const kept = text.lineStarts.slice(0, firstLine + 1);
  const scanEnd = (text.lineStarts[lastLine + 1] ?? text.content.length) + shift;
  const scanned = lineStartsIn(content, lineStart(text, firstLine), scanEnd, kept);
  for (let line = lastLine + 2; line < text.lineStarts.length; line += 1) {
    scanned.push((text.lineStarts[line] ?? 0) + shift);
  }
  return { content, lineStarts: scanned };
}

/** Edits in the order given, each relative to the text that the previous one left. */
export function applyEdits(text: Text, edits: readonly TextEdit[]): Text {
  return edits.reduce(applyEdit, text);
}

const LF = 10;
const CR = 13;

/** Appends to `starts` the line starts that follow line breaks in `from..to`. */
function lineStartsIn(content: string, from: Offset, to: Offset, starts: Offset[]): Offset[] {
  for (let offset = from; offset < to; offset += 1) {
    const unit = content.charCodeAt(offset);
    if (unit === CR && content.charCodeAt(offset + 1) === LF) {
      // A CRLF that ends exactly at `to` still belongs to this scan.
      offset += 1;
      starts.push(offset + 1);
    } else if (unit === LF || unit === CR) {
      starts.push(offset + 1);
    }
  }
  return starts;
}
// Offset <-> position in the encodings that LSP negotiates. The only place that knows them.
import { lineEnd, lineStart, lineAt } from "./text.ts";
import type { Offset, Text } from "./text.ts";

export type PositionEncoding = "utf-8" | "utf-16" | "utf-32";

/** Zero-based; `character` counts code units of the negotiated encoding. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Clamps: a line past the end gives the end of the text, a character past the line end gives the line end. Never splits a surrogate pair. */
export function offsetAt(text: Text, position: Position, encoding: PositionEncoding): Offset {
  if (position.line < 0) return 0;
  if (position.line >= text.lineStarts.length) return text.content.length;
  const start = lineStart(text, position.line);
  const end = lineEnd(text, position.line);
  if (encoding === "utf-16")
    return snapToCodePoint(text.content, Math.min(start + Math.max(0, position.character), end));
  let offset = start;
  let remaining = position.character;
  while (offset < end && remaining > 0) {
    const point = text.content.codePointAt(offset) ?? 0;
    const units = encoding === "utf-8" ? utf8Length(point) : 1;
    if (units > remaining) break;
    remaining -= units;
    offset += point > 0xffff ? 2 : 1;
  }
  return offset;
}

export function positionAt(text: Text, offset: Offset, encoding: PositionEncoding): Position {
  const clamped = snapToCodePoint(text.content, Math.max(0, Math.min(offset, text.content.length)));
  const line = lineAt(text, clamped);
  const start = lineStart(text, line);
  const end = Math.min(clamped, lineEnd(text, line));
  if (encoding === "utf-16") return { line, character: end - start };
  let character = 0;
  for (let at = start; at < end;) {
    const point = text.content.codePointAt(at) ?? 0;
    character += encoding === "utf-8" ? utf8Length(point) : 1;
    at += point > 0xffff ? 2 : 1;
  }
  return { line, character };
}

/** The offset itself, or the start of the surrogate pair that it would split. */
export function snapToCodePoint(content: string, offset: Offset): Offset {
  if (offset <= 0 || offset >= content.length) return offset;
  const isLow = (content.charCodeAt(offset) & 0xfc00) === 0xdc00;
  const afterHigh = (content.charCodeAt(offset - 1) & 0xfc00) === 0xd800;
  return isLow && afterHigh ? offset - 1 : offset;
}

/** Bytes in UTF-8; a lone surrogate counts as the replacement character's three. */
function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
// Content changes as clients send them, applied in order. Bad ranges keep the text: they are reported, never guessed at.
import { offsetAt } from "./positions.ts";
import type { Position, PositionEncoding } from "./positions.ts";
import { applyEdit, createText } from "./text.ts";
import type { Text, TextEdit } from "./text.ts";

/** Without a range the change replaces the whole text. */
export interface ContentChange {
  readonly range?: { readonly start: Position; readonly end: Position };
  readonly text: string;
}

export interface ChangedText {
  readonly text: Text;
  /** What was applied, in order, each relative to the text before it. */
  readonly edits: readonly TextEdit[];
  /** One sentence for each change that was not applied as sent. */
  readonly problems: readonly string[];
}

/** Positions past a line's or the text's end are clamped (LSP asks for it); a reversed range is skipped and the text kept. */
export function applyChanges(
  before: Text,
  changes: readonly ContentChange[],
  encoding: PositionEncoding,
): ChangedText {
  let text = before;
  const edits: TextEdit[] = [];
  const problems: string[] = [];
  for (const change of changes) {
    if (change.range === undefined) {
      edits.push({ start: 0, end: text.content.length, newText: change.text });
      text = createText(change.text);
      continue;
    }
    const { start, end } = change.range;
    if (end.line < start.line || (end.line === start.line && end.character < start.character)) {
      problems.push(
        `a change was skipped: its range ends at ${end.line}:${end.character}, before its start at ${start.line}:${start.character}`,
      );
      continue;
    }
    const edit = {
      start: offsetAt(text, start, encoding),
      end: offsetAt(text, end, encoding),
      newText: change.text,
    };
    edits.push(edit);
    text = applyEdit(text, edit);
  }
  return { text, edits, problems };
}
