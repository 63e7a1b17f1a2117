// Candidates to an ordered list: one entry per name, best first, the same order for the same input.
import type { CompletionItemKind } from "../completion.ts";
import type { Candidate } from "./candidate.ts";
import { matchPenalty } from "./match.ts";

/** At equal distance a variable is meant more often than a type. */
const kindPenalties: ReadonlyMap<CompletionItemKind, number> = new Map([
  ["parameter", 0],
  ["variable", 0],
  ["field", 0],
  ["property", 0],
  ["constant", 1],
  ["function", 1],
  ["method", 1],
  ["enum-member", 1],
  ["class", 2],
]);
const OTHER_KIND = 3;
/** Each doubling of the uses of a name earns two points, at most eight: the width of two scopes. */
const MAX_FREQUENCY_BONUS = 8;

export function rankCandidates(candidates: Iterable<Candidate>, typed: string): Candidate[] {
  const best = new Map<string, { readonly candidate: Candidate; readonly penalty: number }>();
  for (const candidate of candidates) {
    const match = matchPenalty(typed, candidate.name);
    if (match === undefined || candidate.name === "") continue;
    const bonus = Math.min(MAX_FREQUENCY_BONUS, 2 * Math.log2(1 + candidate.count));
    const kind = kindPenalties.get(candidate.kind) ?? OTHER_KIND;
    const penalty = match + candidate.distance + kind - bonus;
    const known = best.get(candidate.name);
    if (known === undefined || penalty < known.penalty) best.set(candidate.name, { candidate, penalty });
  }
  return [...best.values()]
    .sort((a, b) => a.penalty - b.penalty || compareNames(a.candidate.name, b.candidate.name))
    .map((entry) => entry.candidate);
}

/** By code units: no locale may change the order. Shorter first at equal penalty. */
function compareNames(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
