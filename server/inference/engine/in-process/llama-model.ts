// One loaded GGUF with its context: vocabulary, sequences, thread count.
import type { Log } from "../../../platform/index.ts";
import type { Llama, LlamaContext, LlamaModel, Token as LlamaToken } from "node-llama-cpp";
import type { EngineModel, LoadOptions, Token } from "../engine.ts";
import { createLlamaSequence } from "./llama-sequence.ts";

export async function createLlamaModel(llama: Llama, options: LoadOptions, log: Log): Promise<EngineModel> {
  const canOffload = llama.gpu !== false && llama.supportsGpuOffloading;
  const size = canOffload ? options.onDevice : options.onProcessor;
  const model = await llama.loadModel({
    modelPath: options.file,
    gpuLayers: canOffload ? { fitContext: { contextSize: size.contextTokens } } : 0,
    loadSignal: options.signal,
  });
  let context: LlamaContext;
  const contextSize = Math.min(size.contextTokens, model.trainContextSize);
  try {
    context = await model.createContext({
      contextSize,
      sequences: options.sequences,
      batchSize: Math.min(size.batchTokens, contextSize),
      threads: options.threads,
      // With a sliding window a rewind must not lose the cells that left the window.
      swaFullCache: true,
      failedCreationRemedy: false,
      createSignal: options.signal,
    });
  } catch (error) {
    await model.dispose();
    throw error;
  }
  // Healing looks at hundreds of candidates a step; each answer of the library costs a few native calls.
  const texts = new Map<Token, string>();
  const specials = new Map<Token, boolean>();
  const vocabulary: string = model.vocabularyType;
  const isSpaced = vocabulary === "spm";
  // After a line break such a vocabulary shows the blank that it would swallow at the start of a text.
  const lineBreak = isSpaced ? model.tokenize("\n", false) : [];

  return {
    contextTokens: context.contextSize,
    sequences: options.sequences,
    batchTokens: context.batchSize,
    gpuLayers: canOffload ? model.gpuLayers : 0,
    memoryBytes:
      model.memoryUsage.ram + model.memoryUsage.vram + context.memoryUsage.ram + context.memoryUsage.vram,
    beginToken: model.tokens.shouldPrependBosToken ? (model.tokens.bos ?? undefined) : undefined,
    // Only vocabularies of this kind put a blank in front of a text on their own.
    tokenize: isSpaced ? tokenizeInside(model) : (text) => model.tokenize(text, false),
    findSpecialToken: (text) => findSpecialToken(model, text),
    textOf(tokens) {
      const [only] = tokens;
      if (only === undefined) return "";
      if (tokens.length > 1) return model.detokenize(toLlama(tokens), false, lineBreak);
      const known = texts.get(only);
      if (known !== undefined) return known;
      const text = model.detokenize(toLlama(tokens), false, lineBreak);
      texts.set(only, text);
      return text;
    },
    isEnd: (token) => model.isEogToken(toLlama([token])[0]),
    isSpecial(token) {
      const known = specials.get(token);
      if (known !== undefined) return known;
      const isSpecial = model.isSpecialToken(toLlama([token])[0]);
      specials.set(token, isSpecial);
      return isSpecial;
    },
    setThreads(threads) {
      llama.maxThreads = threads;
    },
    openSequence: () => createLlamaSequence(context.getSequence(), log),
    async dispose() {
      await context.dispose();
      await model.dispose();
    },
  };
}

/** Some conversions carry a prompt's special tokens as tokens that the user defined. */
function findSpecialToken(model: LlamaModel, text: string): Token | undefined {
  const tokens = model.tokenize(text, true);
  const [only] = tokens;
  if (tokens.length !== 1 || only === undefined) return undefined;
  return model.isSpecialToken(only) || model.getTokenAttributes(only).userDefined ? only : undefined;
}

/** Nothing in a vocabulary joins it to a neighbour. */
const SENTINEL = "\u0001";

/**
 * Text as it stands inside of a longer one. The library's own way to leave out the blank that the vocabulary puts in
 * front keeps it where the text begins with a line break.
 */
function tokenizeInside(model: LlamaModel): (text: string) => readonly Token[] {
  const start = model.tokenize(SENTINEL, false);
  return (text) => {
    if (text === "") return [];
    const tokens = model.tokenize(SENTINEL + text, false);
    const isCutOff = start.length > 0 && start.every((token, index) => tokens[index] === token);
    return isCutOff ? tokens.slice(start.length) : model.tokenize(text, false, "trimLeadingSpace");
  };
}

/** The library brands its tokens; ours are the same numbers. */
function toLlama(tokens: readonly Token[]): LlamaToken[] {
  return tokens as LlamaToken[];
}
