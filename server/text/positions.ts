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
