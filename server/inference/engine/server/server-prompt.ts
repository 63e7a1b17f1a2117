// The prompt for a server, as text: in the same anchored order as in process, so that the server's own prefix cache keeps it.
import { anchorAt, placeAnchor } from "../../prompt/anchor.ts";
import { findBoundary } from "../../prompt/boundary.ts";
import type { PromptFormat } from "../../prompt/prompt-format.ts";
import type { PromptMemory, PromptSource } from "../../prompt/prompt.ts";
import { splitSegments } from "../../prompt/segments.ts";
import { keepSuffix } from "../../prompt/suffix.ts";
import { fillTemplate, translateTemplate } from "../../prompt/template.ts";
import type { Template } from "../../prompt/template.ts";
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
  const anchor = layout.hasSuffix ? placeAnchor(above, previous?.anchor) : anchorAt(above, above.length);
  const prefixBudget = Math.floor(budgetTokens * (1 - share));
  const window = placeWindow(above.slice(0, anchor.count), previous?.window, prefixBudget, countTokens);
  // The window's own budget: the suffix stays as long as the window does.
  const suffixLength = Math.floor((window.budget * share) / (1 - share)) * CHARACTERS_PER_TOKEN;
  const isSamePlace =
    anchor.last === previous?.anchor.last && anchor.beforeLast === previous?.anchor.beforeLast;
  const keptBefore = isSamePlace ? previous?.suffix : undefined;
  const kept = layout.hasSuffix ? keepSuffix(source.after.slice(0, suffixLength * 2), keptBefore) : "";
  const prefix = above.slice(window.start, anchor.count).join("");
  const tail = above.slice(anchor.count).join("") + line;
  const suffix = cutSuffix(kept, suffixLength);

  return {
    pieces: arrange(format, source, prefix, suffix, tail),
    before: `${pathComment(source)}${prefix}${tail}`,
    after: suffix,
    typed: boundary.typed,
    lineBefore: before.slice(lineStart),
    memory: { window, anchor, suffix: kept, filesBudget: 0 },
  };
}

/** The format's own layout, with the text that is typed on at its end. */
function arrange(
  format: PromptFormat,
  source: PromptSource,
  prefix: string,
  suffix: string,
  line: string,
): readonly PromptPiece[] {
  const fill = (
    template: Template<string>,
    values: Parameters<typeof fillTemplate<PromptPiece, PromptPiece>>[1],
  ): readonly PromptPiece[] =>
    (
      fillTemplate(translateTemplate(template, (control): PromptPiece => ({ control })) ?? [], values) ?? []
    ).map((part) => (typeof part === "string" ? { text: part } : part));
  const comment = source.lineComment === undefined ? {} : { comment: [{ text: source.lineComment }] };
  const values = { ...comment, path: [{ text: shortPath(source) }] };
  const header = format.header.flatMap((template) => fill(template, values));
  const pieces = fill(format.prompt, {
    ...values,
    header,
    prefix: [{ text: prefix }],
    suffix: [{ text: suffix }],
    files: [],
    repository: [],
  });
  return joinTexts([...pieces, { text: line }]);
}

function joinTexts(pieces: readonly PromptPiece[]): readonly PromptPiece[] {
  const joined: PromptPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if ("text" in piece && last !== undefined && "text" in last)
      joined[joined.length - 1] = { text: last.text + piece.text };
    else joined.push(piece);
  }
  return joined;
}

/** Empty, or the file's first line as a server sees it that lays out the prompt itself. */
function pathComment(source: PromptSource): string {
  return source.lineComment === undefined ? "" : `${source.lineComment} ${shortPath(source)}\n`;
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
