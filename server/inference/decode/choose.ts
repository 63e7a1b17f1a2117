// Which candidate goes on: the best that repeats the typed text while it is not repeated whole, then simply the best.
import type { Candidate, EngineModel } from "../engine/engine.ts";

export interface Choice {
  readonly candidate: Candidate;
  readonly text: string;
  /** The probability of all candidates that were allowed, and this one's share of it. */
  readonly allowed: number;
  readonly share: number;
}

/**
 * The most probable token that is part of `missing` or begins with it. Undefined when none of the candidates fits;
 * `mayFollow` judges the text that goes beyond the typed part.
 */
export function chooseHealing(
  candidates: readonly Candidate[],
  missing: string,
  model: Pick<EngineModel, "textOf" | "isSpecial">,
  mayFollow: (text: string) => boolean,
): Choice | undefined {
  let best: { candidate: Candidate; text: string } | undefined;
  let allowed = 0;
  for (const candidate of candidates) {
    const text = model.textOf([candidate.token]);
    if (text === "" || model.isSpecial(candidate.token)) continue;
    const fits =
      missing.startsWith(text) || (text.startsWith(missing) && mayFollow(text.slice(missing.length)));
    if (!fits) continue;
    allowed += candidate.probability;
    best ??= { candidate, text };
  }
  if (best === undefined) return undefined;
  const sum = Math.max(allowed, 1e-9);
  return { ...best, allowed: sum, share: best.candidate.probability / sum };
}

/** The most probable token whose text may follow; an end token is taken as it comes. */
export function chooseFree(
  candidates: readonly Candidate[],
  model: Pick<EngineModel, "textOf" | "isSpecial">,
  mayFollow: (text: string) => boolean,
): Choice | undefined {
  // More candidates may be known than were asked for: the shares are to be the same ones then.
  const allowed = Math.max(
    1e-9,
    candidates.reduce((sum, { probability }) => sum + probability, 0),
  );
  for (const candidate of candidates) {
    const text = model.isSpecial(candidate.token) ? "" : model.textOf([candidate.token]);
    if (text === "" || mayFollow(text))
      return { candidate, text, allowed, share: candidate.probability / allowed };
  }
  return undefined;
}
