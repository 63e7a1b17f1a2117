// Known names joined with what the model thinks of them: names that exist, in the order in which the code wants them.
import type { ScoredName } from "../../../inference/index.ts";
import type { RankedName } from "./rank.ts";

/** Every natural logarithm costs as much as one scope: a name with one chance in ten stands about ten points below a sure one. */
const POINTS_PER_LOG = 4;
/** What the model gives no chance at all loses to the farthest declared name, not to a bad match of what was typed. */
const MAX_POINTS = 40;
/** Scoring more names would cost more than it tells. */
const MAX_SCORED = 64;

/** What is left of the best names, for the model to score. */
export function restsToScore(names: readonly RankedName[]): readonly string[] {
  const rests = new Set<string>();
  for (const { rest } of names) {
    if (rest === undefined || rest === "") continue;
    rests.add(rest);
    if (rests.size === MAX_SCORED) break;
  }
  return [...rests];
}

/** The same names, best first; names of equal worth keep their order. */
export function joinScores(
  names: readonly RankedName[],
  scored: readonly ScoredName[],
): readonly RankedName[] {
  if (scored.length === 0) return names;
  const logs = new Map(scored.map(({ name, logProbability }) => [name, logProbability]));
  // What is typed already is meant where nothing that goes on with it is.
  const taken = scored.reduce((sum, { logProbability }) => sum + Math.exp(logProbability), 0);
  const ended = Math.log(Math.max(1e-4, 1 - taken));
  const pointsOf = ({ rest }: RankedName): number => {
    if (rest === undefined) return MAX_POINTS;
    const log = rest === "" ? ended : logs.get(rest);
    return log === undefined ? MAX_POINTS : Math.min(MAX_POINTS, -log * POINTS_PER_LOG);
  };
  return names
    .map((name) => ({ name, penalty: name.penalty + pointsOf(name) }))
    .sort((a, b) => a.penalty - b.penalty)
    .map(({ name }) => name);
}
