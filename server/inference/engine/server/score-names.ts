// How probable known names are at the cursor, read from the alternatives that the server told beside each token.
import type { ScoredName } from "../../inference-service.ts";
import type { ChunkToken } from "./completion-chunk.ts";

/**
 * Best first; a name is left out when its first differing token is not among the alternatives. `typed` is what the answer repeats
 * before it goes on: blanks and the letters that a name must begin with.
 */
export function scoreNames(
  names: readonly string[],
  typed: string,
  tokens: readonly ChunkToken[],
): readonly ScoredName[] {
  if (tokens.length === 0) return [];
  const word = /[\p{L}\p{N}_$]*$/u.exec(typed)?.[0] ?? "";
  const lead = typed.slice(0, typed.length - word.length);
  return names
    .flatMap((name) => {
      if (!name.startsWith(word)) return [];
      const logProbability = score(lead + name, typed.length, tokens);
      return logProbability === undefined ? [] : [{ name, logProbability }];
    })
    .sort((a, b) => b.logProbability - a.logProbability);
}

function score(target: string, typedLength: number, tokens: readonly ChunkToken[]): number | undefined {
  let at = 0;
  let sum = 0;
  for (const { text, logProbability, alternatives } of tokens) {
    if (at >= target.length) return sum;
    if (text === "") continue;
    const missing = target.slice(at);
    const isForced = at + text.length <= typedLength;
    if (missing.startsWith(text)) {
      // Typed text was settled before anybody was asked.
      if (!isForced) sum += logProbability;
      at += text.length;
      continue;
    }
    if (isWholeIn(text, missing)) return sum + logProbability;
    let share = 0;
    for (const other of alternatives) {
      if (other.text === "") continue;
      if (
        missing.startsWith(other.text) ? at + other.text.length > typedLength : isWholeIn(other.text, missing)
      ) {
        share += Math.exp(other.logProbability);
      }
    }
    return share > 0 ? sum + Math.log(share) : undefined;
  }
  return at > typedLength ? sum : undefined;
}

/** The token is the rest of the name and something that no name goes on with. */
function isWholeIn(token: string, rest: string): boolean {
  return token.startsWith(rest) && !/^[\p{L}\p{N}_$]/u.test(token.slice(rest.length));
}
