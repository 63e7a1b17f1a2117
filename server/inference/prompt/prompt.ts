// The anchored prompt: everything that stays the same while somebody types on a line stands in front of what changes.
import type { Token } from "../engine/engine.ts";
import { anchorAt, placeAnchor } from "./anchor.ts";
import type { Anchor } from "./anchor.ts";
import { findBoundary } from "./boundary.ts";
import type { InferenceParts } from "../inference-parts.ts";
import { fitFiles, layOut } from "./layout.ts";
import type { LayoutSource, RelatedFile } from "./layout.ts";
import type { ResolvedFormat } from "./prompt-format.ts";
import { splitSegments } from "./segments.ts";
import type { LineJoint, SegmentTokens } from "./segments.ts";
import { keepSuffix } from "./suffix.ts";
import { placeWindow } from "./window.ts";
import type { PrefixWindow } from "./window.ts";

export interface PromptSource {
  readonly path: string;
  readonly lineComment: string | undefined;
  readonly before: string;
  readonly after: string;
  /** The language's name as people write it; some formats tell it. */
  readonly languageName?: string;
  /** Some formats name the repository. */
  readonly repository?: string;
  /** Other files that stand in front, the most stable first. */
  readonly related?: readonly RelatedFile[];
}

export interface PromptLayout {
  readonly format: ResolvedFormat;
  readonly parts: Pick<InferenceParts, "healing" | "anchor">;
  readonly joint: LineJoint;
  readonly segments: SegmentTokens;
  readonly beginToken: Token | undefined;
  /** For everything in the prompt but the current line's left part. */
  readonly budgetTokens: number;
  /** For the current line's left part, and lines above it that stand behind the suffix. */
  readonly lineTokens: number;
}

export interface Prompt {
  /** The whole as the tokeniser cuts it. */
  readonly tokens: readonly Token[];
  /** How many tokens stand before the tail. */
  readonly fixed: number;
  /** The text that the answer follows, piece by piece: it may be held in other tokens than the tokeniser's. */
  readonly tail: readonly Piece[];
  /** The answer repeats this before it goes on. */
  readonly typed: string;
  /** The current line left of the cursor. */
  readonly lineBefore: string;
  /** Give it back with the next prompt of the document. */
  readonly memory: PromptMemory;
}

interface Piece {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** With it the next prompt of a document keeps what it can. */
export interface PromptMemory {
  readonly window: PrefixWindow;
  readonly anchor: Anchor;
  readonly suffix: string;
  /** What other files may take, in tokens; it holds as long as the window's own budget does. */
  readonly filesBudget: number;
}

/** llama.vim and llama.vscode give the text after the cursor a quarter of the prompt. */
const SUFFIX_SHARE = 0.25;
/** Other files, where there are any, get as much as the text after the cursor. */
const FILES_SHARE = 0.25;
/** The left part of an absurdly long line is cut at multiples of this many UTF-16 units. */
const LINE_CUT = 512;
/** Text further up than this (in UTF-16 units) is not looked at; few tokens are longer than 12 on average. */
const UNITS_PER_TOKEN = 12;
/** The place where looking starts moves in steps of this many units, so that it does not move with every key. */
const LOOK_STEP = 16_384;
/** A character of three bytes may be three tokens. */
const MOST_TOKENS_PER_UNIT = 3;

export function buildPrompt(
  source: PromptSource,
  layout: PromptLayout,
  previous: PromptMemory | undefined,
): Prompt {
  const { format, joint, parts, segments } = layout;
  const memory = parts.anchor ? previous : undefined;
  const before = source.before.slice(findLookStart(source.before, layout.budgetTokens));
  const boundary = parts.healing ? findBoundary(before, joint) : { end: before.length, typed: "" };
  const lineStart = before.lastIndexOf("\n") + 1;
  // With a leading joint the break before the line is part of the line's own piece.
  const aboveEnd = joint === "leading" ? endOfText(before, lineStart) : lineStart;
  const above = splitSegments(before.slice(0, aboveEnd), joint);
  const count = (segment: string): number => segments.tokensOf(segment).length;
  const line = fitLine(
    cutLine(before.slice(Math.min(aboveEnd, boundary.end), boundary.end)),
    layout.lineTokens,
    count,
  );

  const suffixShare = format.hasSuffix ? SUFFIX_SHARE : 0;
  const related = source.related ?? [];
  const wantedForFiles = related.length === 0 ? 0 : Math.floor(layout.budgetTokens * FILES_SHARE);
  const prefixBudget = Math.floor((layout.budgetTokens - wantedForFiles) * (1 - suffixShare));
  const here = anchorAt(above, above.length);
  let anchor = format.hasSuffix ? placeAnchor(above, memory?.anchor) : here;
  const behind = [...above.slice(anchor.count), line].reduce((sum, text) => sum + count(text), 0);
  if (behind > layout.lineTokens) anchor = here;
  let window = placeWindow(above.slice(0, anchor.count), memory?.window, prefixBudget, count);
  // The window's own budget, not today's: the suffix has to stay as long as the window does.
  const suffixBudget = Math.floor((window.budget * suffixShare) / (1 - suffixShare));
  // No token is shorter than one byte of text, and few are longer than 16: more text than this cannot fit.
  const afterCursor = source.after.slice(0, suffixBudget * 16);
  const isKept = memory !== undefined && isSamePlace(anchor, memory.anchor);
  const after = keepSuffix(afterCursor, isKept ? memory.suffix : undefined);
  if (memory?.suffix !== after && anchor.count < above.length) {
    // The suffix changes: all that follows it is evaluated in any case, so the prefix may have all lines again.
    anchor = here;
    window = placeWindow(above, memory?.window, prefixBudget, count);
  }
  const isSameBudget = memory !== undefined && memory.window.budget === window.budget;
  const filesBudget = isSameBudget ? memory.filesBudget : wantedForFiles;

  const prefix = above.slice(window.start, anchor.count);
  const middle = [...above.slice(anchor.count), ...(line === "" ? [] : [line])];
  // In a small context a long path would take the place of the text.
  const path = source.path.slice(-Math.max(1, Math.floor(layout.budgetTokens / 4)));
  const ingredients = { ...source, path, prefix, suffix: takeSuffix(after, suffixBudget, layout), files: [] };
  const files = fitFiles(related, filesBudget, ingredients, layout);
  return {
    ...arrange({ ...ingredients, files }, middle, layout),
    typed: boundary.typed,
    lineBefore: before.slice(lineStart),
    memory: { window, anchor, suffix: after, filesBudget },
  };
}

function isSamePlace(anchor: Anchor, previous: Anchor): boolean {
  return anchor.last === previous.last && anchor.beforeLast === previous.beforeLast;
}

/** What a format puts at its end is the tail: the text in front of it stays while somebody types. */
function arrange(
  source: LayoutSource,
  middle: readonly string[],
  layout: PromptLayout,
): Pick<Prompt, "tokens" | "fixed" | "tail"> {
  const { format, parts, segments, beginToken } = layout;
  const last = format.prompt.at(-1);
  const endsWithPrefix = last?.kind === "slot" && last.slot === "prefix";
  const isAnchored = parts.anchor || !format.hasSuffix;
  // The first piece of a prefix may be cut together with the header in front of it.
  const inFront = endsWithPrefix
    ? source.prefix.slice(0, 1)
    : isAnchored
      ? source.prefix
      : [...source.prefix, ...middle];
  const behind = endsWithPrefix ? [...source.prefix.slice(1), ...middle] : isAnchored ? middle : [];
  const fixed = layOut({ ...source, prefix: inFront }, layout);
  if (beginToken !== undefined) fixed.unshift(beginToken);
  const tail = behind.map((text) => ({ text, tokens: segments.tokensOf(text) }));
  return { tokens: [...fixed, ...tail.flatMap(({ tokens }) => tokens)], fixed: fixed.length, tail };
}

/** The rest of the line and the lines after it, whole pieces as long as they fit. */
function takeSuffix(after: string, budget: number, layout: PromptLayout): readonly string[] {
  const taken: string[] = [];
  let left = budget;
  for (const segment of splitSegments(after, layout.joint)) {
    left -= layout.segments.tokensOf(segment).length;
    if (left < 0) break;
    taken.push(segment);
  }
  return taken;
}

/** Work per key must not grow with the file: a place some way up, at the start of a line where there is one. */
function findLookStart(before: string, budgetTokens: number): number {
  const wanted = Math.max(LOOK_STEP, budgetTokens * UNITS_PER_TOKEN);
  const start = Math.floor((before.length - wanted) / LOOK_STEP) * LOOK_STEP;
  if (start <= 0) return 0;
  const nextLine = before.indexOf("\n", start) + 1;
  return nextLine > start && nextLine < before.length - wanted / 2 ? nextLine : start;
}

/** Cuts the front of a very long line at a place that does not move with every key. */
function cutLine(line: string): string {
  if (line.length <= 2 * LINE_CUT) return line;
  return line.slice(Math.floor((line.length - LINE_CUT) / LINE_CUT) * LINE_CUT);
}

/** A line of rare characters may be several tokens a character: cut so far that it fits whatever stands in it. */
function fitLine(line: string, limit: number, count: (text: string) => number): string {
  if (count(line) <= limit) return line;
  const step = Math.max(8, Math.floor(limit / 8));
  const length = Math.floor(limit / MOST_TOKENS_PER_UNIT);
  return line.slice(Math.ceil((line.length - length) / step) * step);
}

/** The end of the last line above `lineStart` that holds more than white space. */
function endOfText(before: string, lineStart: number): number {
  let end = lineStart;
  while (end > 0 && /\s/.test(before.charAt(end - 1))) end -= 1;
  return end;
}
