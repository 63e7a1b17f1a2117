// Where offsets go when a text is edited, and how much of one text is left in another.
import type { Offset, TextEdit } from "../../text/index.ts";

/** What an edit really changes: without the text that it replaces by itself, as clients that send whole lines do. */
export function shrinkEdit(before: string, { start, end, newText }: TextEdit): TextEdit {
  const limit = Math.min(end - start, newText.length);
  const left = countWhile(limit, (from, to) => isEqual(before, start + from, newText, from, to - from));
  const right = countWhile(limit - left, (from, to) =>
    isEqual(before, end - to, newText, newText.length - to, to - from),
  );
  return { start: start + left, end: end - right, newText: newText.slice(left, newText.length - right) };
}

/** The largest count up to `limit` for which `holds` of every part; halving keeps whole texts cheap. */
function countWhile(limit: number, holds: (from: number, to: number) => boolean): number {
  let count = 0;
  for (let step = limit; step > 0;) {
    if (count + step <= limit && holds(count, count + step)) count += step;
    else step = Math.floor(step / 2);
  }
  return count;
}

function isEqual(a: string, aStart: number, b: string, bStart: number, length: number): boolean {
  return a.slice(aStart, aStart + length) === b.slice(bStart, bStart + length);
}

/** An edit without its text, for whoever only wants to know where things went. */
export interface Shift {
  readonly start: Offset;
  readonly end: Offset;
  readonly inserted: number;
}

export function shiftOf({ start, end, newText }: TextEdit): Shift {
  return { start, end, inserted: newText.length };
}

/** Text that is inserted exactly at `offset` comes after it; an offset inside what was replaced goes to its start. */
export function moveOffset(offset: Offset, { start, end, inserted }: Shift): Offset {
  if (start >= offset) return offset;
  if (end > offset) return start;
  return offset + inserted - (end - start);
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
