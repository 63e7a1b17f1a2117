// How likely the answer begins with each of some names, read off the candidates that the answer needs anyway.
import type { Candidate, Token } from "../engine/engine.ts";
import type { ScoredName } from "../inference-service.ts";
import type { FirstTokens } from "./first-tokens.ts";

export interface NameScores {
  /**
   * Sees one step of the answer: the candidates, the sum of probability that was allowed, and what was chosen.
   * `share` is the chosen one's part of what was allowed.
   */
  step(candidates: readonly Candidate[], allowed: number, chosen: Chosen): void;
  /** Typed text was repeated without looking at candidates. */
  force(text: string): void;
  /** Best first; names without any probability are left out. */
  scores(): readonly ScoredName[];
}

interface Chosen {
  readonly token: Token;
  /** "" ends the answer. */
  readonly text: string;
  readonly share: number;
}

interface Walk {
  readonly name: string;
  /** What of the typed part and the name is still to come on the answer's path; undefined: the path left the name. */
  rest: string | undefined;
  /** Probability of the ways to this name that leave the answer's path. */
  aside: number;
}

/** Tokenising is synchronous: more names than this would be felt. */
const MOST_NAMES = 400;
const IDENTIFIER_START = /^[\p{L}\p{N}_$]/u;
const IDENTIFIER_END = /[\p{L}\p{N}_$]*$/u;

/**
 * A name is counted with the token that the tokeniser begins it with: what else could begin it begins other words as
 * well. Once the path has spelled the whole name, what goes on as a longer word is taken off again.
 */
export function createNameScores(
  names: readonly string[],
  place: { readonly typed: string; readonly lineBefore: string },
  firstTokens: FirstTokens,
  textOf: (token: Token) => string,
): NameScores {
  const walks: Walk[] = [];
  for (const name of new Set(names.slice(0, MOST_NAMES))) {
    const overlap = findOverlap(name, place.lineBefore);
    if (overlap === undefined) continue;
    const rest = place.typed + name.slice(overlap);
    if (rest !== "") walks.push({ name, rest, aside: 0 });
  }
  let onPath = 1;

  const advance = (walk: Walk, rest: string, chosen: Chosen, isTokenisers: boolean): void => {
    if (chosen.text !== "" && rest.startsWith(chosen.text)) {
      walk.rest = rest.slice(chosen.text.length);
      return;
    }
    walk.rest = undefined;
    const beyond = chosen.text.startsWith(rest) ? chosen.text.slice(rest.length) : undefined;
    const isWhole = beyond !== undefined && !IDENTIFIER_START.test(beyond);
    // Half a character has no text of its own.
    if (isTokenisers || isWhole) walk.aside += onPath * chosen.share;
  };

  return {
    step(candidates, allowed, chosen) {
      const active = walks.filter((walk) => walk.rest !== undefined);
      if (active.length === 0) return;
      const probabilities = new Map<Token, number>();
      let ending = 0;
      for (const { token, probability } of candidates) {
        probabilities.set(token, probability / allowed);
        if (!IDENTIFIER_START.test(textOf(token))) ending += probability / allowed;
      }
      for (const walk of active) {
        const rest = walk.rest ?? "";
        if (rest === "") {
          walk.aside += onPath * Math.min(1, ending);
          walk.rest = undefined;
          continue;
        }
        const first = firstTokens.of(rest);
        if (first !== chosen.token && first !== undefined)
          walk.aside += onPath * (probabilities.get(first) ?? 0);
        advance(walk, rest, chosen, first === chosen.token);
      }
      onPath *= chosen.share;
    },
    force(text) {
      for (const walk of walks)
        walk.rest = walk.rest?.startsWith(text) === true ? walk.rest.slice(text.length) : undefined;
    },
    scores() {
      const scored: ScoredName[] = [];
      for (const { name, rest, aside } of walks) {
        const probability = aside + (rest === undefined ? 0 : onPath);
        if (probability > 0) scored.push({ name, logProbability: Math.min(0, Math.log(probability)) });
      }
      return scored.sort((a, b) => b.logProbability - a.logProbability);
    },
  };
}

/** How much of the name stands left of the cursor already: at least the word that is being typed. */
function findOverlap(name: string, lineBefore: string): number | undefined {
  const word = IDENTIFIER_END.exec(lineBefore)?.[0].length ?? 0;
  for (let length = Math.min(name.length, lineBefore.length); length >= word; length -= 1) {
    if (lineBefore.endsWith(name.slice(0, length))) return length;
  }
  return undefined;
}
