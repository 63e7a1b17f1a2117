// Measures how fast memory is copied: a thread of its own, 64 MiB, best of three, stopped after a tenth of a second.
import type { ScriptThreads } from "../../../platform/index.ts";

/** Copies half of the memory into the other half; reading and writing both count. */
const SCRIPT = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", ({ bytes, rounds, limitMs }) => {
  const half = bytes / 2;
  const memory = new Uint8Array(bytes).fill(1);
  const begin = performance.now();
  let best = Infinity;
  for (let round = 0; round < rounds && performance.now() - begin < limitMs; round += 1) {
    const from = performance.now();
    memory.copyWithin(half, 0, half);
    best = Math.min(best, performance.now() - from);
  }
  parentPort.postMessage(best === Infinity ? 0 : bytes / best / 1e6);
});
`;
const BYTES = 64 * 1024 * 1024;
const ROUNDS = 3;
const LIMIT_MS = 100;
/** Starting a thread on a busy machine takes longer than measuring. */
const ANSWER_TIMEOUT_MS = 5000;

/** In gigabytes a second; undefined when no thread could be had. */
export async function measureBandwidth(threads: ScriptThreads): Promise<number | undefined> {
  const thread = threads.start(SCRIPT, undefined);
  try {
    const question = { bytes: BYTES, rounds: ROUNDS, limitMs: LIMIT_MS };
    const answer = await thread.ask(question, ANSWER_TIMEOUT_MS);
    return typeof answer === "number" && answer > 0 ? answer : undefined;
  } catch {
    // A machine that starts no thread is judged by a cautious guess.
    return undefined;
  } finally {
    thread.stop();
  }
}
