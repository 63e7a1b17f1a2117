// The baseline that knows nothing: what followed the same words the last time is written again.

export interface Copied {
  readonly text: string;
  /** Grows with the length of what agreed; comparable with itself only. */
  readonly confidence: number;
}

/** Shorter agreements than this many characters of the line copy nothing. */
const LEAST_AGREED = 3;
/** An agreement of this many characters is half sure. */
const HALF_SURE = 12;

/**
 * The rest of the line behind the nearest place above, else below, that ends with most of what stands left of the cursor
 * on its line; at the beginning of a line, the line that followed the same line before.
 */
export function copyLine(before: string, after: string): Copied {
  const start = before.lastIndexOf("\n") + 1;
  const left = before.slice(start).trimStart();
  if (left === "") return copyNext(before, after, start);
  for (let length = left.length; length >= Math.min(LEAST_AGREED, left.length); length -= 1) {
    const wanted = left.slice(left.length - length);
    for (const [text, at] of [
      [before, before.lastIndexOf(wanted, start - 1)],
      [after, after.indexOf(wanted)],
    ] as const) {
      const rest = at < 0 ? "" : lineFrom(text, at + wanted.length);
      if (rest.trim() !== "") return { text: rest, confidence: length / (length + HALF_SURE) };
    }
  }
  return NOTHING;
}

const NOTHING: Copied = { text: "", confidence: 0 };

function copyNext(before: string, after: string, start: number): Copied {
  const previous = before.slice(0, start).trimEnd().split("\n").at(-1)?.trim() ?? "";
  if (previous === "") return NOTHING;
  const above = before.slice(0, Math.max(0, before.lastIndexOf(previous)));
  for (const [text, at] of [
    [above, above.lastIndexOf(previous)],
    [after, after.indexOf(previous)],
  ] as const) {
    if (at < 0) continue;
    const next = text
      .slice(at + previous.length)
      .split("\n")
      .slice(1)
      .find((line) => line.trim() !== "");
    if (next !== undefined)
      return { text: next.trim(), confidence: previous.length / (previous.length + HALF_SURE) };
  }
  return NOTHING;
}

function lineFrom(text: string, at: number): string {
  const end = text.indexOf("\n", at);
  return text.slice(at, end < 0 ? text.length : end);
}
