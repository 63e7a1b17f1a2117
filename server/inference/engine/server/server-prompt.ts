// The prompt for a server, as text: in the same anchored order as in process, so that the server's own prefix cache keeps it.
import { findBoundary } from "../../prompt/boundary.ts";
import type { PromptFormat } from "../../prompt/prompt-format.ts";
import type { PromptMemory, PromptSource } from "../../prompt/prompt.ts";
import { splitSegments } from "../../prompt/segments.ts";
import { keepSuffix } from "../../prompt/suffix.ts";
import { placeWindow } from "../../prompt/window.ts";

/** A control token of the format, or a part of the user's text. */
export type PromptPiece = { readonly control: string } | { readonly text: string };

export interface ServerPrompt {
  /** For a server that takes the whole prompt: up to the typed part. */
  readonly pieces: readonly PromptPiece[];
  /** For a server that lays out the prompt itself: the text on both sides of the cut before the typed part. */
  readonly before: string;
  readonly after: string;
  /** What the answer must begin with (blanks, a half word); empty when the prompt ends at the cursor. */
  readonly typed: string;
  /** The current line left of the cursor. */
  readonly lineBefore: string;
  readonly memory: PromptMemory;
}

/** As in process: what llama.vim gives the text after the cursor. */
const SUFFIX_SHARE = 0.25;
/** Code has three to four characters a token in current vocabularies; the lower bound keeps the prompt within its budget. */
const CHARACTERS_PER_TOKEN = 3;
/** The place from which the text is looked at moves in steps, so that it does not move with every key. */
const LOOK_STEP = 16_384;
const LONGEST_PATH = 256;
/** The left part of a longer line is cut at multiples of this many UTF-16 units. */
const LINE_CUT = 512;

export function buildServerPrompt(
  source: PromptSource,
  layout: {
    readonly format: PromptFormat;
    readonly budgetTokens: number;
    /** False: the prompt ends at the cursor as it is. */
    readonly isHealed: boolean;
    /** False: the server is asked about the text left of the cursor only. */
    readonly hasSuffix: boolean;
  },
  previous: PromptMemory | undefined,
): ServerPrompt {
  const { format, budgetTokens } = layout;
  const before = source.before.slice(findLookStart(source.before, budgetTokens));
  const boundary = layout.isHealed ? findBoundary(before, "leading") : { end: before.length, typed: "" };
  const lineStart = before.lastIndexOf("\n") + 1;
  const aboveEnd = Math.min(endOfText(before, lineStart), boundary.end);
  const above = splitSegments(before.slice(0, aboveEnd), "leading");
  const line = cutLine(before.slice(aboveEnd, boundary.end));

  const share = layout.hasSuffix ? SUFFIX_SHARE : 0;
  const window = placeWindow(above, previous?.window, Math.floor(budgetTokens * (1 - share)), countTokens);
  // The window's own budget: the suffix stays as long as the window does.
  const suffixLength = Math.floor((window.budget * share) / (1 - share)) * CHARACTERS_PER_TOKEN;
  const place = { above: above.length, last: above.at(-1) };
  const kept = layout.hasSuffix
    ? keepSuffix(source.after.slice(0, suffixLength * 2), place, previous?.suffix)
    : "";
  const prefix = above.slice(window.start).join("");
  const suffix = cutSuffix(kept, suffixLength);
  const comment = pathComment(source, format);

  return {
    pieces: arrange(format, source, comment, prefix, suffix, line),
    before: `${comment}${prefix}${line}`,
    after: suffix,
    typed: boundary.typed,
    lineBefore: before.slice(lineStart),
    memory: { window, suffix: { text: kept, ...place } },
  };
}

function arrange(
  format: PromptFormat,
  source: PromptSource,
  comment: string,
  prefix: string,
  suffix: string,
  line: string,
): readonly PromptPiece[] {
  const outer: readonly PromptPiece[] =
    typeof format.path === "object"
      ? [{ control: format.path.token }, { text: `${shortPath(source)}\n` }]
      : [];
  const above: PromptPiece = { text: `${comment}${prefix}` };
  if (format.kind === "prefix") return [...outer, { text: `${comment}${prefix}${line}` }];
  const open: PromptPiece = { control: format.prefix };
  const close: readonly PromptPiece[] = [{ control: format.suffix }, { text: suffix }];
  const middle: readonly PromptPiece[] = format.middle === undefined ? [] : [{ control: format.middle }];
  return format.order === "prefix-suffix-middle"
    ? [...outer, open, above, ...close, ...middle, { text: line }]
    : [...outer, ...close, open, above, ...middle, { text: line }];
}

/** Empty, or the file's first line as the model sees it. */
function pathComment(source: PromptSource, format: PromptFormat): string {
  if (format.path !== "comment" || source.lineComment === undefined) return "";
  return `${source.lineComment} ${shortPath(source)}\n`;
}

/** A name with line breaks would be code. */
function shortPath(source: PromptSource): string {
  return source.path.slice(-LONGEST_PATH).replaceAll(/[\r\n]+/g, " ");
}

export function countTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** Work per key must not grow with the file. */
function findLookStart(before: string, budgetTokens: number): number {
  const wanted = Math.max(LOOK_STEP, budgetTokens * CHARACTERS_PER_TOKEN * 2);
  const start = Math.floor((before.length - wanted) / LOOK_STEP) * LOOK_STEP;
  if (start <= 0) return 0;
  const nextLine = before.indexOf("\n", start) + 1;
  return nextLine > start && nextLine < before.length - wanted / 2 ? nextLine : start;
}

function cutLine(line: string): string {
  if (line.length <= 2 * LINE_CUT) return line;
  return line.slice(Math.floor((line.length - LINE_CUT) / LINE_CUT) * LINE_CUT);
}

/** Whole lines where there are any. */
function cutSuffix(after: string, length: number): string {
  if (after.length <= length) return after;
  const end = after.lastIndexOf("\n", length);
  return after.slice(0, end > 0 ? end + 1 : length);
}

/** The end of the last line above `lineStart` that holds more than white space. */
function endOfText(before: string, lineStart: number): number {
  let end = lineStart;
  while (end > 0 && /\s/.test(before.charAt(end - 1))) end -= 1;
  return end;
}
