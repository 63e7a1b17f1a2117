// What hearth's own engine makes of a model file, for the trainer's parity tests: JSON lines in, JSON lines out.
//   node dist/scripts/train/ask-engine.js prompts MODEL   {path, before, after, budget, related?, repository?} → {tokens, fixed, typed}
//   node dist/scripts/train/ask-engine.js next MODEL      {tokens} → {candidates: [[token, probability], …]}, 200 of them
//   node dist/scripts/train/ask-engine.js infill MODEL    (no input) → the library's own view of the fill-in-the-middle tokens
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createLlamaEngine } from "../../server/inference/engine/in-process/llama-engine.ts";
import type { EngineModel } from "../../server/inference/engine/engine.ts";
import { allParts } from "../../server/inference/inference-parts.ts";
import { keepPlain } from "../../server/inference/prompt/plain-text.ts";
import { parsePromptFormats, resolveFormat } from "../../server/inference/prompt/prompt-format.ts";
import { buildPrompt } from "../../server/inference/prompt/prompt.ts";
import type { PromptSource } from "../../server/inference/prompt/placement.ts";
import { createSegmentTokens, probeJoint } from "../../server/inference/prompt/segments.ts";
import { silentLog, systemClock } from "../../server/platform/index.ts";

/** As in server/inference/loaded-model.ts: half of the room for the line and the answer. */
const LINE_TOKENS = 256;
const CANDIDATES = 200;

type Answer = (line: string) => Promise<unknown>;

const [command = "", file = ""] = process.argv.slice(2);
const write = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

if (command === "infill") write(await describeInfill(file));
else if (command === "prompts" || command === "next") await answerLines(command);
else {
  process.stderr.write("usage: ask-engine.js prompts|next|infill MODEL\n");
  process.exitCode = 2;
}

async function answerLines(kind: "prompts" | "next"): Promise<void> {
  const engine = createLlamaEngine({ log: silentLog, clock: systemClock, gpu: "off" });
  const size = { contextTokens: 2560, batchTokens: 512 };
  const loaded = await engine.load({
    file,
    sequences: 1,
    onProcessor: size,
    onDevice: size,
    threads: 1,
    signal: new AbortController().signal,
  });
  if (!loaded.ok) throw new Error(loaded.failure.reason);
  try {
    const answer = kind === "prompts" ? promptAnswers(loaded.value) : nextAnswers(loaded.value);
    for await (const line of createInterface({ input: process.stdin })) write(await answer(line));
  } finally {
    await loaded.value.dispose();
    await engine.dispose();
  }
}

function promptAnswers(engineModel: EngineModel): Answer {
  const formats = parsePromptFormats(
    readFileSync(new URL("../../../models/prompt-formats.json", import.meta.url), "utf8"),
  );
  const named = formats.ok ? formats.value.get("qwen") : undefined;
  if (named === undefined) throw new Error("models/prompt-formats.json has no format qwen");
  const format = resolveFormat(named, engineModel);
  if (format.degraded !== undefined) throw new Error(format.degraded);
  const model = keepPlain(engineModel, format.special);
  const segments = createSegmentTokens(model);
  const joint = probeJoint(model);
  return async (line) => {
    const source = JSON.parse(line) as PromptSource & { readonly budget: number };
    const { tokens, fixed, typed } = buildPrompt(
      { ...source, lineComment: undefined },
      {
        format,
        parts: allParts,
        joint,
        segments,
        beginToken: model.beginToken,
        budgetTokens: source.budget,
        lineTokens: LINE_TOKENS,
      },
      undefined,
    );
    return { tokens, fixed, typed };
  };
}

function nextAnswers(model: EngineModel): Answer {
  const sequence = model.openSequence();
  return async (line) => {
    const { tokens } = JSON.parse(line) as { readonly tokens: readonly number[] };
    await sequence.truncate(0);
    const candidates = await sequence.decode(tokens, CANDIDATES);
    return { candidates: candidates.map(({ token, probability }) => [token, probability]) };
  };
}

async function describeInfill(modelPath: string): Promise<unknown> {
  const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
  const llama = await getLlama({ build: "never", gpu: false, logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath });
  const { prefix, suffix, middle } = model.tokens.infill;
  const described = {
    infillSupported: prefix !== null && suffix !== null,
    prefix,
    suffix,
    middle,
    end: model.tokens.eos,
    trainedContext: model.trainContextSize,
  };
  await model.dispose();
  await llama.dispose();
  return described;
}
