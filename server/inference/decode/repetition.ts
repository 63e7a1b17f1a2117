// Small models loop: the guard sees it after three rounds.
import type { Token } from "../engine/engine.ts";

const LONGEST_PERIOD = 8;
const ROUNDS = 3;
/** Rules and separators repeat one token on purpose; only a long run of it is a loop. */
const SHORTEST_LOOP = 9;

/** How many tokens of an answer that runs in circles are worth keeping (one round); undefined when it does not. */
export function findLoop(tokens: readonly Token[]): number | undefined {
  for (let period = 1; period <= LONGEST_PERIOD; period += 1) {
    const length = Math.max(period * ROUNDS, Math.ceil(SHORTEST_LOOP / period) * period);
    if (tokens.length < length) continue;
    const start = tokens.length - length;
    const isLoop = tokens.slice(start + period).every((token, index) => token === tokens[start + index]);
    if (isLoop) return start + period;
  }
  return undefined;
}
