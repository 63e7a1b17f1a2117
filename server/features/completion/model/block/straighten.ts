// The model's text behind an indentation that stands there already: a model that is asked behind four blanks often writes a fifth.
import type { BlockPlace } from "./block-place.ts";
import { indentOf, indentUnitOf, indentWidth } from "./indentation.ts";

/**
 * Without blanks at its beginning where the cursor's line is indented as it should be; lines that were moved in with the
 * first one come back with it. Line breaks are LF.
 */
export function straighten(
  text: string,
  { before, after, block }: { readonly before: string; readonly after: string; readonly block?: BlockPlace },
): string {
  const lineLeft = before.slice(before.search(LAST_LINE));
  const extra = indentOf(text);
  if (extra === "" || lineLeft === "" || lineLeft.trim() !== "" || /^\s*(\n|$)/.test(text)) return text;
  const unit = indentWidth(indentUnitOf(before, after));
  const width = indentWidth(lineLeft);
  if (width % unit !== 0) return text;
  const isTooFar =
    block?.kind === "body" ? width > block.openWidth : indentWidth(extra) % unit !== 0 && !ALIGNED.test(text);
  if (!isTooFar) return text;
  const [first = "", ...rest] = text.split("\n");
  const moved = lineLeft + extra;
  const isMoved = (line: string): boolean =>
    line.startsWith(moved) && (indentWidth(line) - indentWidth(moved)) % unit === 0;
  const end = rest.findIndex((line) => line.trim() !== "" && !isMoved(line));
  const back = rest.map((line, at) =>
    (end < 0 || at < end) && isMoved(line) ? lineLeft + line.slice(moved.length) : line,
  );
  return [first.slice(extra.length), ...back].join("\n");
}

const LAST_LINE = /[^\r\n]*$/;
/** The stars of a documentation comment stand one blank further in. */
const ALIGNED = /^\s*\*/;
