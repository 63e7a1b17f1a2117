// For each model of the catalogue: does it fit this machine, how long would a suggestion take, and why; and the best one.
import { CONTEXT_SIZES } from "../../context-sizes.ts";
import type { CatalogueEntry, ModelTask } from "../../model-source.ts";
import { formatBytes } from "../explain.ts";
import type { Assessment } from "./assess.ts";
import type { Tier } from "./score.ts";
import { neededBytes, suggestionMs, weightBytes } from "./speed.ts";

export interface Verdict {
  readonly entry: CatalogueEntry;
  /** "tight": it runs, but slowly or with little room. */
  readonly fit: "fits" | "tight" | "no";
  /** From a key to the end of a suggestion of 24 tokens, when the prompt's state is kept. A prediction. */
  readonly suggestionMs: number;
  readonly neededBytes: number;
  /** One clause for people. */
  readonly why: string;
  /** False: not offered for completion, and `why` says so. */
  readonly isOffered: boolean;
}

interface Recommendation {
  /** In the catalogue's order. */
  readonly verdicts: readonly Verdict[];
  /** Undefined when nothing fits. */
  readonly best: Verdict | undefined;
}

/** Slower than this, and the next key comes first. */
const COMFORTABLE_MS = 900;
/** Up to here a model that sees the text after the cursor is still worth more than a quick one that does not. */
const BEARABLE_MS = 2000;
/** More than this part of the usable memory leaves too little for what the user opens next. */
const ROOMY_PART = 0.8;
/** Parameters that a tier may choose by itself; memory and time decide below that. */
const MOST_PARAMETERS: Readonly<Record<Tier, number>> = { fast: 1e9, balanced: 4.5e9, powerful: 40e9 };

export function recommend(catalogue: readonly CatalogueEntry[], machine: Assessment): Recommendation {
  const verdicts = catalogue.map((entry) => judge(entry, machine));
  const chosen = verdicts
    .filter(({ entry, isOffered, fit }) => {
      return isOffered && !entry.needsConsent && fit !== "no" && isInTier(entry, machine.tier);
    })
    .sort(compare);
  return { verdicts, best: chosen[0] };
}

function isInTier(entry: CatalogueEntry, tier: Tier): boolean {
  return (entry.activeParameters ?? entry.parameters) <= MOST_PARAMETERS[tier];
}

/** Among those that fit comfortably the better one, among the others the quickest, as the least bad. */
function compare(left: Verdict, right: Verdict): number {
  const group = groupOf(left);
  const byGroup = group - groupOf(right);
  const byTime = left.suggestionMs - right.suggestionMs;
  if (byGroup !== 0 || group !== 0) return byGroup || byTime;
  return (right.entry.lineMatch ?? 0) - (left.entry.lineMatch ?? 0) || byTime;
}

function groupOf({ entry, fit, suggestionMs: ms }: Verdict): number {
  const fillsIn = entry.promptFormat !== "prefix-only";
  if (fillsIn && fit === "fits") return 0;
  if (fillsIn && ms <= BEARABLE_MS) return 1;
  return fit === "fits" ? 2 : 3;
}

function judge(entry: CatalogueEntry, { inputs, place }: Assessment): Verdict {
  const needed = neededBytes(entry, CONTEXT_SIZES[place].contextTokens);
  const usable = inputs.usableGigabytes * 1e9;
  const ms = Math.round(suggestionMs(inputs, entry));
  const refusal = whyNotOffered(entry);
  const common = {
    entry,
    suggestionMs: ms,
    neededBytes: Math.round(needed),
    isOffered: refusal === undefined,
  };
  const memory = `${formatBytes(needed)} of ${formatBytes(usable)} usable memory`;
  if (needed > usable) return { ...common, fit: "no", why: refusal ?? `needs ${memory}` };
  const terms = entry.needsConsent ? `; comes under ${entry.licence}` : "";
  if (ms > COMFORTABLE_MS) {
    const cause = weightBytes(entry) > 1e9 ? "its weights are read for every token" : "few cores";
    return { ...common, fit: "tight", why: refusal ?? `takes ${memory}, but is slow here: ${cause}${terms}` };
  }
  if (needed > ROOMY_PART * usable) {
    return { ...common, fit: "tight", why: refusal ?? `takes ${memory}, which leaves little room${terms}` };
  }
  return { ...common, fit: "fits", why: refusal ?? `takes ${memory}${terms}` };
}

/** What the model is made for. */
export function tasksOf({ tasks }: CatalogueEntry): readonly ModelTask[] {
  return tasks ?? ["completion"];
}

/** Undefined: it completes code, and that is known. */
export function whyNotOffered(entry: CatalogueEntry): string | undefined {
  const tasks = tasksOf(entry);
  if (!tasks.includes("completion")) return `made for ${tasks.join(" and ")}, not for completion`;
  if (entry.reuse === false)
    return "its state cannot be taken back, so every key would cost the whole prompt";
  if (entry.unchecked !== undefined) return `not checked: ${entry.unchecked}`;
  return undefined;
}
