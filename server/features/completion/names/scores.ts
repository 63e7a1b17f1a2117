// Known names joined with what the model thinks of them: names that exist, in the order in which the code wants them.
import type { ScoredName } from "../../../inference/index.ts";
import type { RankedName } from "./rank.ts";

/** Every natural logarithm costs as much as one scope: a name with one chance in ten stands about ten points below a sure one. */
const POINTS_PER_LOG = 4;
/** What the model gives no chance at all loses to the farthest declared name, not to a bad match of what was typed. */
const MAX_POINTS = 40;
/** Scoring more names would cost more than it tells. */
const MAX_SCORED = 64;

/** The best names that go on with what is typed, for the model to score. */
export function namesToScore(names: readonly RankedName[]): readonly string[] {
  return names
    .filter(({ startsAsTyped }) => startsAsTyped)
    .slice(0, MAX_SCORED)
    .map(({ name }) => name);
}

/** The same names, best first; names of equal worth keep their order. */
export function joinScores(
  names: readonly RankedName[],
  scored: readonly ScoredName[],
): readonly RankedName[] {
  if (scored.length === 0) return names;
  const logs = new Map(scored.map(({ name, logProbability }) => [name, logProbability]));
  const pointsOf = (name: string): number =>
    Math.min(MAX_POINTS, -(logs.get(name) ?? -Infinity) * POINTS_PER_LOG);
  return names
    .map((ranked) => ({ ranked, penalty: ranked.penalty + pointsOf(ranked.name) }))
    .sort((a, b) => a.penalty - b.penalty)
    .map(({ ranked }) => ranked);
}
