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
