// The anchored prompt: everything that stays the same while somebody types on a line stands in front of what changes.
import type { Token } from "../engine/engine.ts";
import { anchorAt, placeAnchor } from "./anchor.ts";
import type { Anchor } from "./anchor.ts";
import { findBoundary } from "./boundary.ts";
import type { InferenceParts } from "../inference-parts.ts";
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
}

/** llama.vim and llama.vscode give the text after the cursor a quarter of the prompt. */
const SUFFIX_SHARE = 0.25;
/** The left part of an absurdly long line is cut at multiples of this many UTF-16 units. */
const LINE_CUT = 512;
/** Text further up than this (in UTF-16 units) is not looked at; few tokens are longer than 12 on average. */
const UNITS_PER_TOKEN = 12;
/** The place where looking starts moves in steps of this many units, so that it does not move with every key. */
const LOOK_STEP = 16_384;
const LONGEST_PATH = 256;
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
  const toPieces = (texts: readonly string[]): Piece[] =>
    texts.map((text) => ({ text, tokens: segments.tokensOf(text) }));

  const suffixShare = format.infill === undefined ? 0 : SUFFIX_SHARE;
  const prefixBudget = Math.floor(layout.budgetTokens * (1 - suffixShare));
  const here = anchorAt(above, above.length);
  let anchor = format.infill === undefined ? here : placeAnchor(above, memory?.anchor);
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

  const head = layout.beginToken === undefined ? [] : [layout.beginToken];
  const path = describePath(
    source,
    layout,
    window.start === 0 && above.length === 0 ? line : above[window.start],
  );
  const prefix = toPieces(above.slice(window.start, anchor.count));
  const middle = toPieces([...above.slice(anchor.count), ...(line === "" ? [] : [line])]);
  const suffix = takeSuffix(after, suffixBudget, layout);
  return {
    ...join(format, parts.anchor, { head, path, prefix, suffix, middle }),
    typed: boundary.typed,
    lineBefore: before.slice(lineStart),
    memory: { window, anchor, suffix: after },
  };
}

function isSamePlace(anchor: Anchor, previous: Anchor): boolean {
  return anchor.last === previous.last && anchor.beforeLast === previous.beforeLast;
}

interface Ingredients {
  readonly head: readonly Token[];
  readonly path: readonly Token[];
  readonly prefix: readonly Piece[];
  readonly suffix: readonly Token[];
  readonly middle: readonly Piece[];
}

function join(
  { infill, path: pathLayout }: ResolvedFormat,
  isAnchored: boolean,
  { head, middle, path, prefix, suffix }: Ingredients,
): Pick<Prompt, "tokens" | "fixed" | "tail"> {
  // A path token opens a file and stands before the whole; a path comment is the file's first line.
  const outer = typeof pathLayout === "object" ? path : [];
  const inner = typeof pathLayout === "object" ? [] : path;
  const end = (
    fixed: readonly Token[],
    tail: readonly Piece[],
  ): Pick<Prompt, "tokens" | "fixed" | "tail"> => ({
    tokens: [...fixed, ...tokensOf(tail)],
    fixed: fixed.length,
    tail,
  });
  if (infill === undefined) return end([...head, ...outer, ...inner], [...prefix, ...middle]);
  const middleToken = infill.middle === undefined ? [] : [infill.middle];
  if (infill.order === "prefix-suffix-middle") {
    const first = isAnchored ? prefix : [...prefix, ...middle];
    const start = [...head, ...outer, infill.prefix, ...inner, ...tokensOf(first)];
    return end([...start, infill.suffix, ...suffix, ...middleToken], isAnchored ? middle : []);
  }
  const start = [...head, ...outer, infill.suffix, ...suffix, infill.prefix, ...inner];
  if (middleToken.length === 0) return end(start, [...prefix, ...middle]);
  const first = isAnchored ? prefix : [...prefix, ...middle];
  return end([...start, ...tokensOf(first), ...middleToken], isAnchored ? middle : []);
}

function tokensOf(pieces: readonly Piece[]): readonly Token[] {
  return pieces.flatMap(({ tokens }) => tokens);
}

function describePath(
  source: PromptSource,
  layout: PromptLayout,
  next: string | undefined,
): readonly Token[] {
  const { path } = layout.format;
  const tokensOf = (text: string): readonly Token[] => layout.segments.tokensOf(text);
  const name = source.path.slice(-Math.min(LONGEST_PATH, Math.floor(layout.budgetTokens / 4)));
  if (typeof path === "object") return [path.token, ...tokensOf(`${name}\n`)];
  if (path === "none" || source.lineComment === undefined) return [];
  const comment = `${source.lineComment} ${name}`;
  if (layout.joint === "trailing") return tokensOf(`${comment}\n`);
  return next?.startsWith("\n") === true ? tokensOf(comment) : [...tokensOf(comment), ...tokensOf("\n")];
}

/** The rest of the line and the lines after it, whole pieces as long as they fit. */
function takeSuffix(after: string, budget: number, layout: PromptLayout): readonly Token[] {
  const tokens: Token[] = [];
  for (const segment of splitSegments(after, layout.joint)) {
    const next = layout.segments.tokensOf(segment);
    if (tokens.length + next.length > budget) break;
    tokens.push(...next);
  }
  return tokens;
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
