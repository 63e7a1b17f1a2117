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
