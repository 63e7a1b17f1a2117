// Which candidate goes on: the best that repeats the typed text while it is not repeated whole, then simply the best.
import type { Candidate, EngineModel, Token } from "../engine/engine.ts";

export interface Choice {
  readonly candidate: Candidate;
  readonly text: string;
  /** The probability of all candidates that were allowed, and this one's share of it. */
  readonly allowed: number;
  readonly share: number;
}

/** A token that repeats only a part of the typed text needs others after it: how likely those are, about. */
const REST_LIKELIHOOD = 0.25;

/**
 * A token that is part of `missing` or begins with it; undefined when none of the candidates fits. `mayFollow` judges
 * the text that goes beyond the typed part. The token that is `held` stays the choice while it fits: each key changed
 * its mind about the word's spelling otherwise, and evaluated it anew. Else the most probable one, and where a part is
 * to come first and one more token can do, the tokeniser's: the model knows words in its spelling. Indentation alone is
 * often held with the blank that belongs to the word behind it: the word's first letter decides.
 */
export function chooseHealing(
  candidates: readonly Candidate[],
  missing: string,
  model: Pick<EngineModel, "textOf" | "isSpecial" | "tokenize">,
  mayFollow: (text: string) => boolean,
  held?: Token,
): Choice | undefined {
  const parts: { candidate: Candidate; text: string }[] = [];
  let whole: { candidate: Candidate; text: string } | undefined;
  let kept: { candidate: Candidate; text: string } | undefined;
  let allowed = 0;
  for (const candidate of candidates) {
    const text = model.textOf([candidate.token]);
    if (text === "" || model.isSpecial(candidate.token)) continue;
    if (text.length >= missing.length) {
      if (!text.startsWith(missing) || !mayFollow(text.slice(missing.length))) continue;
      whole ??= { candidate, text };
    } else {
      if (!missing.startsWith(text)) continue;
      parts.push({ candidate, text });
    }
    allowed += candidate.probability;
    if (candidate.token === held) kept = { candidate, text };
  }
  if (kept === undefined && held !== undefined) {
    // A part may have been taken as the tokeniser's, without being a candidate.
    const text = model.textOf([held]);
    if (text !== "" && text.length < missing.length && missing.startsWith(text))
      kept = { candidate: { token: held, probability: 0 }, text };
  }
  const [likeliest] = parts;
  const isWhole =
    whole !== undefined &&
    whole.candidate.probability >= (likeliest?.candidate.probability ?? 0) * REST_LIKELIHOOD;
  let best = kept ?? whole;
  const isIndentation = kept !== undefined && kept.text.length < missing.length && kept.text.trim() === "";
  if (isIndentation || (kept === undefined && !isWhole && likeliest !== undefined)) {
    const [first, , third] = model.tokenize(missing);
    const tokenisers = parts.find(({ candidate }) => candidate.token === first);
    // Undefined where nothing is held and it is none of the candidates: the typed part is taken as it is then.
    if (third === undefined) best = tokenisers ?? kept;
    else best = kept ?? whole ?? likeliest;
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
