// Spans inside, ranges on the wire: the only crossing, in the encoding that was negotiated.
import { offsetAt, positionAt } from "../text/index.ts";
import type { PositionEncoding, Span, Text, TextEdit } from "../text/index.ts";
import type { TextEdit as WireTextEdit } from "vscode-languageserver";
import type { WireRange } from "./params.ts";

export function toRange(text: Text, span: Span, encoding: PositionEncoding): WireRange {
  return { start: positionAt(text, span.start, encoding), end: positionAt(text, span.end, encoding) };
}

/** A reversed range becomes the span between its two ends. */
export function toSpan(text: Text, range: WireRange, encoding: PositionEncoding): Span {
  const start = offsetAt(text, range.start, encoding);
  const end = offsetAt(text, range.end, encoding);
  return { start: Math.min(start, end), end: Math.max(start, end) };
}

export function toWireEdit(text: Text, edit: TextEdit, encoding: PositionEncoding): WireTextEdit {
  return { range: toRange(text, edit, encoding), newText: edit.newText };
}
