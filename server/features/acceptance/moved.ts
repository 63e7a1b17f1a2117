// Where offsets go when a text is edited, and how much of one text is left in another.
import type { Offset, TextEdit } from "../../text/index.ts";

/** What an edit really changes: without the text that it replaces by itself, as clients that send whole lines do. */
export function shrinkEdit(before: string, edit: TextEdit): TextEdit {
  const limit = Math.min(edit.end - edit.start, edit.newText.length);
  let left = 0;
  while (left < limit && before.charCodeAt(edit.start + left) === edit.newText.charCodeAt(left)) left += 1;
  let right = 0;
  while (
    right < limit - left &&
    before.charCodeAt(edit.end - 1 - right) === edit.newText.charCodeAt(edit.newText.length - 1 - right)
  )
    right += 1;
  return {
    start: edit.start + left,
    end: edit.end - right,
    newText: edit.newText.slice(left, edit.newText.length - right),
  };
}

/** Text that is inserted exactly at `offset` comes after it; an offset inside what was replaced goes to its start. */
export function moveOffset(offset: Offset, edit: TextEdit): Offset {
  if (edit.start >= offset) return offset;
  if (edit.end > offset) return edit.start;
  return offset + edit.newText.length - (edit.end - edit.start);
}

/** How many code units of `text` stand at `offset` of `content`. */
export function matchAt(content: string, offset: Offset, text: string): number {
  let length = 0;
  while (length < text.length && content.charCodeAt(offset + length) === text.charCodeAt(length)) length += 1;
  return length;
}

/** The share of `accepted` that `now` still begins and ends with, 0..1. */
export function shareLeft(accepted: string, now: string): number {
  if (accepted.length === 0) return 0;
  const { start, end } = shrinkEdit(accepted, { start: 0, end: accepted.length, newText: now });
  return 1 - (end - start) / accepted.length;
}
