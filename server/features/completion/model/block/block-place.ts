// Whether a block of several lines is wanted at the cursor: the empty body of what the line above or this line opens, or an empty documentation comment.
import { escapeForPattern } from "../../../../kernel/index.ts";
import type { Language } from "../../../../syntax/index.ts";
import { indentWidth } from "./indentation.ts";

export interface BlockPlace {
  readonly kind: "body" | "comment";
  /** The cursor stands at the end of the opening line: the answer begins with a line break. */
  readonly startsBelow: boolean;
  /** Width of the opening line's indentation, in columns. */
  readonly openWidth: number;
  /** Matches the start of what closes the block, at the start of a line's text; undefined where only indentation tells. */
  readonly closer: string | undefined;
  /** The closer stands below the cursor already. */
  readonly hasCloser: boolean;
}

/** Only this much of the text on each side is looked at, in UTF-16 units. */
const WINDOW = 2_000;

export function blockPlaceAt(
  language: Language | undefined,
  before: string,
  after: string,
): BlockPlace | undefined {
  if (language === undefined) return undefined;
  const below = after.slice(0, WINDOW).split(LINE_BREAK);
  if (below[0]?.trim() !== "") return undefined;
  const next = below.slice(1).find((line) => line.trim() !== "");
  const above = before.slice(-WINDOW).split(LINE_BREAK);
  const lineLeft = above.at(-1) ?? "";
  return (
    commentAt(language, lineLeft, above.at(-2), next) ??
    bodyAt(language, lineLeft.trim() === "" ? above.at(-2) : lineLeft, lineLeft.trim() !== "", next)
  );
}

const LINE_BREAK = /\r\n|\r|\n/;

function bodyAt(
  language: Language,
  opening: string | undefined,
  startsBelow: boolean,
  next: string | undefined,
): BlockPlace | undefined {
  if (opening === undefined) return undefined;
  const text = opening.trim();
  const isBraced = text.endsWith("{") && language.brackets.some(([open]) => open === "{");
  const isOpener =
    isBraced || (language.blockOpener !== undefined && new RegExp(language.blockOpener, "u").test(text));
  if (!isOpener) return undefined;
  const openWidth = indentWidth(opening);
  // A body that is there already is not written again.
  if (next !== undefined && indentWidth(next) > openWidth) return undefined;
  const closer = isBraced ? "\\}" : language.blockCloser;
  const hasCloser =
    closer !== undefined &&
    next !== undefined &&
    indentWidth(next) === openWidth &&
    startsWith(next.trim(), closer);
  return { kind: "body", startsBelow, openWidth, closer, hasCloser };
}

/** `/**` or the long quotes of a documentation string, with nothing in it yet, and something to document. */
function commentAt(
  { blockComment, quotes, blockOpener }: Language,
  lineLeft: string,
  lineAbove: string | undefined,
  next: string | undefined,
): BlockPlace | undefined {
  const text = lineLeft.trim();
  const openWidth = indentWidth(lineLeft);
  const place = (closer: string, startsBelow: boolean): BlockPlace => ({
    kind: "comment",
    startsBelow,
    openWidth,
    closer,
    hasCloser: next !== undefined && startsWith(next.trim(), closer),
  });
  if (blockComment !== null && blockComment !== undefined && next !== undefined) {
    const [open, close] = blockComment;
    const isOpening = (line: string): boolean =>
      line.startsWith(open) && /^[*!]{1,2}$/.test(line.slice(open.length));
    if (isOpening(text)) return place(escapeForPattern(close), true);
    if (text === "*" && lineAbove !== undefined && isOpening(lineAbove.trim())) {
      return place(escapeForPattern(close), false);
    }
  }
  const isBody =
    lineAbove !== undefined &&
    blockOpener !== undefined &&
    new RegExp(blockOpener, "u").test(lineAbove.trim());
  if (isBody && quotes.some((quote) => quote.length >= LONG_QUOTE && quote === text)) {
    return place(escapeForPattern(text), false);
  }
  return undefined;
}

const LONG_QUOTE = 3;

export function startsWith(text: string, pattern: string): boolean {
  return new RegExp(`^(?:${pattern})`, "u").test(text);
}
