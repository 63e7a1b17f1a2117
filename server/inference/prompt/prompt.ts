// The anchored prompt in a model's tokens: everything that stays the same while somebody types stands in front of what changes.
import type { Token } from "../engine/engine.ts";
import type { InferenceParts } from "../inference-parts.ts";
import { fitFiles, layOut } from "./layout.ts";
import type { LayoutSource, Run } from "./layout.ts";
import { placeText } from "./placement.ts";
import type { Placement, PlacementRules, PromptMemory, PromptSource } from "./placement.ts";
import type { ResolvedFormat } from "./prompt-format.ts";
import type { SegmentTokens } from "./segments.ts";

export interface PromptLayout extends Pick<PlacementRules, "joint" | "budgetTokens" | "lineTokens"> {
  readonly format: ResolvedFormat;
  readonly parts: Pick<InferenceParts, "healing" | "anchor">;
  readonly segments: SegmentTokens;
  readonly beginToken: Token | undefined;
}

export interface Prompt extends Pick<Placement, "typed" | "lineBefore" | "memory"> {
  /** The whole as the tokeniser cuts it. */
  readonly tokens: readonly Token[];
  /** How many tokens stand before the tail. */
  readonly fixed: number;
  /** The text that the answer follows, piece by piece: it may be held in other tokens than the tokeniser's. */
  readonly tail: readonly Piece[];
}

interface Piece {
  readonly text: string;
  readonly tokens: readonly Token[];
}

export function buildPrompt(
  source: PromptSource,
  layout: PromptLayout,
  previous: PromptMemory | undefined,
): Prompt {
  const { budgetTokens, format, joint, lineTokens, parts, segments } = layout;
  const count = (segment: string): number => segments.tokensOf(segment).length;
  const { hasSuffix } = format;
  const { middle, typed, lineBefore, memory, ...placed } = placeText(
    source,
    { joint, count, budgetTokens, lineTokens, isHealed: parts.healing, hasSuffix },
    parts.anchor ? previous : undefined,
  );
  const shown = { ...source, ...placed, files: [] };
  const files = fitFiles(source.related ?? [], memory.filesBudget, shown, { format, joint, count });
  return { ...arrange({ ...shown, files }, middle, layout), typed, lineBefore, memory };
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
  const fixed = encode(layOut({ ...source, prefix: inFront }, layout), segments);
  if (beginToken !== undefined) fixed.unshift(beginToken);
  const tail = behind.map((text) => ({ text, tokens: segments.tokensOf(text) }));
  return { tokens: [...fixed, ...tail.flatMap(({ tokens }) => tokens)], fixed: fixed.length, tail };
}

function encode(runs: readonly Run<Token>[], segments: SegmentTokens): Token[] {
  return runs.flatMap((run) =>
    run.kind === "token" ? [run.token] : run.pieces.flatMap((piece) => segments.tokensOf(piece)),
  );
}
