// The anchored prompt: everything that stays the same while somebody types on a line stands in front of what changes.
import type { Token } from "../engine/engine.ts";
import { findBoundary } from "./boundary.ts";
import type { InferenceParts } from "../inference-parts.ts";
import type { ResolvedFormat } from "./prompt-format.ts";
import { splitSegments } from "./segments.ts";
import type { LineJoint, SegmentTokens } from "./segments.ts";
import { keepSuffix } from "./suffix.ts";
import type { SuffixMemory } from "./suffix.ts";
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
}

export interface Prompt {
  /** What does not depend on the text typed on the current line. */
  readonly stable: readonly Token[];
  /** The current line up to the typed part, as text and as the tokeniser cuts it. */
  readonly line: string;
  readonly lineTokens: readonly Token[];
  /** The answer repeats this before it goes on. */
  readonly typed: string;
  /** The current line left of the cursor. */
  readonly lineBefore: string;
  /** Give it back with the next prompt of the document. */
  readonly memory: PromptMemory;
}

/** With it the next prompt of a document keeps what it can. */
export interface PromptMemory {
  readonly window: PrefixWindow;
  readonly suffix: SuffixMemory;
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
  const line = before.slice(Math.min(aboveEnd, boundary.end), boundary.end);

  const suffixShare = format.infill === undefined ? 0 : SUFFIX_SHARE;
  const count = (segment: string): number => segments.tokensOf(segment).length;
  const window = placeWindow(
    above,
    memory?.window,
    Math.floor(layout.budgetTokens * (1 - suffixShare)),
    count,
  );
  // The window's own budget, not today's: the suffix has to stay as long as the window does.
  const suffixBudget = Math.floor((window.budget * suffixShare) / (1 - suffixShare));
  const prefix = above.slice(window.start).flatMap((segment) => segments.tokensOf(segment));
  const place = { above: above.length, last: above.at(-1) };
  // No token is shorter than one byte of text, and few are longer than 16: more text than this cannot fit.
  const after = keepSuffix(source.after.slice(0, suffixBudget * 16), place, memory?.suffix);
  const suffix = takeSuffix(after, suffixBudget, layout);
  const cut = cutLine(line);
  const lineTokens = cut === "" ? [] : segments.tokensOf(cut);
  const isAnchored = parts.anchor || format.infill === undefined;

  const head = layout.beginToken === undefined ? [] : [layout.beginToken];
  const path = describePath(
    source,
    layout,
    window.start === 0 && above.length === 0 ? line : above[window.start],
  );
  const stable = join(format, head, path, isAnchored ? prefix : [...prefix, ...lineTokens], suffix);
  return {
    stable,
    line: isAnchored ? cut : "",
    lineTokens: isAnchored ? lineTokens : [],
    typed: boundary.typed,
    lineBefore: before.slice(lineStart),
    memory: { window, suffix: { text: after, ...place } },
  };
}

function join(
  { infill, path: pathLayout }: ResolvedFormat,
  head: readonly Token[],
  path: readonly Token[],
  prefix: readonly Token[],
  suffix: readonly Token[],
): Token[] {
  // A path token opens a file and stands before the whole; a path comment is the file's first line.
  const outer = typeof pathLayout === "object" ? path : [];
  const inner = typeof pathLayout === "object" ? [] : path;
  if (infill === undefined) return [...head, ...outer, ...inner, ...prefix];
  const middle = infill.middle === undefined ? [] : [infill.middle];
  return infill.order === "prefix-suffix-middle"
    ? [...head, ...outer, infill.prefix, ...inner, ...prefix, infill.suffix, ...suffix, ...middle]
    : [...head, ...outer, infill.suffix, ...suffix, infill.prefix, ...inner, ...prefix, ...middle];
}

function describePath(
  source: PromptSource,
  layout: PromptLayout,
  next: string | undefined,
): readonly Token[] {
  const { path } = layout.format;
  const tokensOf = (text: string): readonly Token[] => layout.segments.tokensOf(text);
  const name = source.path.slice(-LONGEST_PATH);
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

/** The end of the last line above `lineStart` that holds more than white space. */
function endOfText(before: string, lineStart: number): number {
  let end = lineStart;
  while (end > 0 && /\s/.test(before.charAt(end - 1))) end -= 1;
  return end;
}
