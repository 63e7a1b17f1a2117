// Which text stands where in an anchored prompt, and how much of it: what stays the same while somebody types stands in front.
import { anchorAt, placeAnchor } from "./anchor.ts";
import type { Anchor } from "./anchor.ts";
import { cutAtCursor } from "./cursor-text.ts";
import type { CursorRules, CursorText } from "./cursor-text.ts";
import type { RelatedFile } from "./layout.ts";
import { splitSegments } from "./segments.ts";
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

export interface PlacementRules extends CursorRules {
  /** False: only the text left of the cursor is shown. */
  readonly hasSuffix: boolean;
}

export interface Placement extends Pick<CursorText, "typed" | "lineBefore"> {
  /** What the prompt calls the file. */
  readonly path: string;
  /** Pieces above the anchor. */
  readonly prefix: readonly string[];
  /** Pieces from the anchor to the typed part: they stand behind the suffix. */
  readonly middle: readonly string[];
  /** Pieces right of the cursor. */
  readonly suffix: readonly string[];
  /** Give it back with the next prompt of the document. */
  readonly memory: PromptMemory;
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
/** No token is shorter than one byte of text, and few are longer than this: more text cannot fit. */
const LONGEST_TOKEN = 16;

export function placeText(
  source: PromptSource,
  rules: PlacementRules,
  memory: PromptMemory | undefined,
): Placement {
  const { budgetTokens, count, hasSuffix, lineTokens } = rules;
  const { above, line, ...typing } = cutAtCursor(source.before, rules);
  const suffixShare = hasSuffix ? SUFFIX_SHARE : 0;
  const hasFiles = source.related !== undefined && source.related.length > 0;
  const wantedForFiles = hasFiles ? Math.floor(budgetTokens * FILES_SHARE) : 0;
  const prefixBudget = Math.floor((budgetTokens - wantedForFiles) * (1 - suffixShare));

  const here = anchorAt(above, above.length);
  let anchor = hasSuffix ? placeAnchor(above, memory?.anchor) : here;
  const behind = [...above.slice(anchor.count), line].reduce((sum, text) => sum + count(text), 0);
  if (behind > lineTokens) anchor = here;
  let window = placeWindow(above.slice(0, anchor.count), memory?.window, prefixBudget, count);
  // The window's own budget, not today's: the suffix has to stay as long as the window does.
  const suffixBudget = Math.floor((window.budget * suffixShare) / (1 - suffixShare));
  const afterCursor = source.after.slice(0, suffixBudget * LONGEST_TOKEN);
  const isKept = memory !== undefined && isSamePlace(anchor, memory.anchor);
  const after = keepSuffix(afterCursor, isKept ? memory.suffix : undefined);
  if (memory?.suffix !== after && anchor.count < above.length) {
    // The suffix changes: all that follows it is evaluated in any case, so the prefix may have all lines again.
    anchor = here;
    window = placeWindow(above, memory?.window, prefixBudget, count);
  }
  const isSameBudget = memory !== undefined && memory.window.budget === window.budget;
  return {
    ...typing,
    // In a small context a long path would take the place of the text.
    path: source.path.slice(-Math.max(1, Math.floor(budgetTokens / 4))),
    prefix: above.slice(window.start, anchor.count),
    middle: [...above.slice(anchor.count), ...(line === "" ? [] : [line])],
    suffix: takeSuffix(after, suffixBudget, rules),
    memory: {
      window,
      anchor,
      suffix: after,
      filesBudget: isSameBudget ? memory.filesBudget : wantedForFiles,
    },
  };
}

function isSamePlace(anchor: Anchor, previous: Anchor): boolean {
  return anchor.last === previous.last && anchor.beforeLast === previous.beforeLast;
}

/** The rest of the line and the lines after it, whole pieces as long as they fit. */
function takeSuffix(after: string, budget: number, { count, joint }: PlacementRules): readonly string[] {
  const taken: string[] = [];
  let left = budget;
  for (const segment of splitSegments(after, joint)) {
    left -= count(segment);
    if (left < 0) break;
    taken.push(segment);
  }
  return taken;
}
