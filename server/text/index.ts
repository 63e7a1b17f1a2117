// text/: text, lines, positions, edits. Pure. Everything inside hearth is in UTF-16 offsets; positions exist only at the wire.
export {
  createText,
  lineCount,
  lineAt,
  lineStart,
  lineEnd,
  lineText,
  lineBreakOf,
  applyEdit,
  applyEdits,
} from "./text.ts";
export type { Offset, Span, Text, TextEdit } from "./text.ts";
export { offsetAt, positionAt, snapToCodePoint } from "./positions.ts";
export type { Position, PositionEncoding } from "./positions.ts";
export { applyChanges } from "./changes.ts";
export type { ChangedText, ContentChange } from "./changes.ts";
