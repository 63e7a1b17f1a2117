// Small models loop: the guards see it after three rounds.
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

/** The length up to which a block is worth keeping when its last whole lines are the same again and again. */
export function findLineLoop(text: string): number | undefined {
  const end = text.lastIndexOf("\n");
  if (end === -1) return undefined;
  const lines = text.slice(0, end).split("\n");
  const last = lines.at(-1) ?? "";
  // Closing brackets follow each other on purpose.
  if (!/\w/.test(last) || lines.length < ROUNDS) return undefined;
  if (!lines.slice(-ROUNDS).every((line) => line === last)) return undefined;
  return end - (ROUNDS - 1) * (last.length + 1);
}
