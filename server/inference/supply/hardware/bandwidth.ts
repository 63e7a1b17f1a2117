// Measures how fast memory is copied: a thread of its own, 64 MiB, best of three, stopped after a tenth of a second.
import type { ScriptThreads } from "../../../platform/index.ts";

/**
 * Copies half of the memory into the other half, reading and writing both count. Sixteen pieces a round, the best one counts:
 * on a busy machine a whole round is interrupted every time (figures of 4 to 14 GB/s where pieces give 16 to 17).
 */
const SCRIPT = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", ({ bytes, pieces, rounds, limitMs }) => {
  const half = bytes / 2;
  const memory = new Uint8Array(bytes).fill(1);
  const begin = performance.now();
  let best = Infinity;
  const piece = half / pieces;
  for (let round = 0; round < rounds && performance.now() - begin < limitMs; round += 1) {
    for (let at = 0; at < half; at += piece) {
      const from = performance.now();
      memory.copyWithin(half + at, at, at + piece);
      best = Math.min(best, performance.now() - from);
    }
  }
  parentPort.postMessage(best === Infinity ? 0 : (2 * piece) / best / 1e6);
});
`;
const BYTES = 64 * 1024 * 1024;
const PIECES = 16;
const ROUNDS = 3;
const LIMIT_MS = 100;
/** Starting a thread on a busy machine takes longer than measuring. */
const ANSWER_TIMEOUT_MS = 5000;

/** In gigabytes a second; undefined when no thread could be had. */
export async function measureBandwidth(threads: ScriptThreads): Promise<number | undefined> {
  const thread = threads.start(SCRIPT, undefined);
  try {
    const question = { bytes: BYTES, pieces: PIECES, rounds: ROUNDS, limitMs: LIMIT_MS };
    const answer = await thread.ask(question, ANSWER_TIMEOUT_MS);
    return typeof answer === "number" && answer > 0 ? answer : undefined;
  } catch {
    // A machine that starts no thread is judged by a cautious guess.
    return undefined;
  } finally {
    thread.stop();
  }
}
