// A process of its own that measures the floor: llama.cpp through the library alone, greedy, no probabilities, nothing of hearth.
import { getLlama, LlamaLogLevel } from "node-llama-cpp";
import type { LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import type { FloorAnswer, FloorOrder, FloorReading } from "./completion/floor.ts";

const order = JSON.parse(process.argv[2] ?? "") as FloorOrder;
const llama = await getLlama({
  build: "never",
  skipDownload: true,
  progressLogs: false,
  gpu: false,
  maxThreads: order.threads,
  logLevel: LlamaLogLevel.error,
});
const model = await llama.loadModel({ modelPath: order.modelFile, gpuLayers: 0 });
const deepest = Math.max(...order.depths, 1);
const context = await model.createContext({
  contextSize: Math.min(model.trainContextSize, deepest + order.generated + 64),
  batchSize: 512,
  threads: order.threads,
});
const sequence = context.getSequence();
const tokens = model.tokenize(order.text);
const readings: FloorReading[] = [];
for (const depth of order.depths) readings.push(await measureAt(sequence, tokens, depth));
const counted = order.count.map((text) => countTokens(model, text));
const answer: FloorAnswer = { readings, counted };
process.stdout.write(`${JSON.stringify(answer)}\n`);
await llama.dispose();

async function measureAt(
  held: LlamaContextSequence,
  text: readonly Token[],
  depth: number,
): Promise<FloorReading> {
  const prompt = text.slice(-depth);
  const last = prompt.slice(-1);
  await held.clearHistory();
  const coldMs = performance.now();
  await held.evaluateWithoutGeneratingNewTokens(prompt.slice(0, -1));
  const prefillMs = performance.now() - coldMs;
  const times: number[] = [];
  for (let round = 0; round < order.rounds; round += 1) {
    await held.adaptStateToTokens(prompt.slice(0, -1), false);
    const startedMs = performance.now();
    let generated = 0;
    const evaluation = held.evaluate([...last], { temperature: 0, yieldEogToken: true });
    for await (const token of evaluation) {
      if (token !== undefined) generated += 1;
      if (generated === order.generated) break;
    }
    times.push(performance.now() - startedMs);
  }
  return { depth: prompt.length, prefillMs, answerMs: times };
}

function countTokens(vocabulary: LlamaModel, text: string): number {
  return vocabulary.tokenize(text).length;
}
