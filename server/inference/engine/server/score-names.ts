// How probable known names are at the cursor, read from the alternatives that the server told beside each token.
import type { ScoredName } from "../../inference-service.ts";
import type { ChunkToken, ScoredText } from "./completion-chunk.ts";

/** More names than this would be felt. */
const MOST_NAMES = 400;
const IDENTIFIER_START = /^[\p{L}\p{N}_$]/u;
const IDENTIFIER_END = /[\p{L}\p{N}_$]*$/u;

/**
 * Best first; a name is left out when nothing told leads to it. As in process: names count whole (what goes on as a longer word is taken
 * off again), shares are of what repeats the typed text, and of several tokens that could begin a name the longest counts, since the
 * shorter ones begin other words as well. `typed` is what the answer repeats before it goes on.
 */
export function scoreNames(
  names: readonly string[],
  place: { readonly typed: string; readonly lineBefore: string },
  tokens: readonly ChunkToken[],
): readonly ScoredName[] {
  if (tokens.length === 0) return [];
  const steps = stepsOf(tokens, place.typed);
  return [...new Set(names.slice(0, MOST_NAMES))]
    .flatMap((name) => {
      const overlap = findOverlap(name, place.lineBefore);
      const probability = overlap === undefined ? 0 : follow(place.typed + name.slice(overlap), steps);
      return probability > 0 ? [{ name, logProbability: Math.min(0, Math.log(probability)) }] : [];
    })
    .sort((a, b) => b.logProbability - a.logProbability);
}

interface Step {
  readonly chosen: string;
  readonly share: number;
  /** Shares of the other tokens at this place. */
  readonly others: readonly { readonly text: string; readonly share: number }[];
  /** What of the typed text this token still has to repeat. */
  readonly missing: string;
}

/** The answer's tokens with their shares: while typed text is repeated, of the tokens that can do so; then of all. */
function stepsOf(tokens: readonly ChunkToken[], typed: string): readonly Step[] {
  let missing = typed;
  return tokens
    .filter(({ text }) => text !== "")
    .map((token) => {
      const here = missing;
      missing = missing.slice(token.text.length);
      const fits = ({ text }: ScoredText): boolean =>
        text !== "" && text !== token.text && (here.startsWith(text) || text.startsWith(here));
      const others = token.alternatives.filter(fits);
      const sum = [token, ...others].reduce((all, one) => all + Math.exp(one.logProbability), 0);
      const allowed = here === "" ? 1 : Math.max(sum, 1e-9);
      const shareOf = ({ logProbability }: ScoredText): number =>
        Math.min(1, Math.exp(logProbability) / allowed);
      return {
        chosen: token.text,
        share: shareOf(token),
        others: others.map((other) => ({ text: other.text, share: shareOf(other) })),
        missing: here,
      };
    });
}

function follow(target: string, steps: readonly Step[]): number {
  let rest = target;
  let onPath = 1;
  let aside = 0;
  let isBeyondTyped = false;
  for (const { chosen, share, others, missing } of steps) {
    if (rest === "") {
      const all = [{ text: chosen, share }, ...others];
      return (
        aside + onPath * all.reduce((sum, one) => sum + (IDENTIFIER_START.test(one.text) ? 0 : one.share), 0)
      );
    }
    const leads = (text: string): boolean =>
      (rest.startsWith(text) && text.length > missing.length) || isWholeIn(text, rest);
    const other = others.filter(({ text }) => leads(text)).sort((a, b) => b.text.length - a.text.length)[0];
    const isOnPath = rest.startsWith(chosen);
    if (other !== undefined && !(isOnPath && chosen.length > other.text.length))
      aside += onPath * other.share;
    if (!isOnPath) return aside + (isWholeIn(chosen, rest) ? onPath * share : 0);
    isBeyondTyped ||= chosen.length > missing.length;
    rest = rest.slice(chosen.length);
    onPath *= share;
  }
  return aside + (isBeyondTyped ? onPath : 0);
}

/** The token is the rest of the name and something that no name goes on with. */
function isWholeIn(token: string, rest: string): boolean {
  return token.startsWith(rest) && !IDENTIFIER_START.test(token.slice(rest.length));
}

/** How much of the name stands left of the cursor already: at least the word that is being typed. */
function findOverlap(name: string, lineBefore: string): number | undefined {
  const word = IDENTIFIER_END.exec(lineBefore)?.[0].length ?? 0;
  for (let length = Math.min(name.length, lineBefore.length); length >= word; length -= 1) {
    if (lineBefore.endsWith(name.slice(0, length))) return length;
  }
  return undefined;
}
