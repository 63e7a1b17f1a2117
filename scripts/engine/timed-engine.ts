// llama.cpp in this process with a clock beside it: when each uninterruptible call began, and when it ended.
import { createLlamaEngine } from "../../server/inference/engine/in-process/llama-engine.ts";
import type { Engine, EngineModel, EngineSequence } from "../../server/inference/engine/engine.ts";
import { silentLog, systemClock } from "../../server/platform/index.ts";

export interface NativeCall {
  /** By `performance.now()`. */
  readonly startedMs: number;
  readonly endedMs: number;
}

/** `calls` grows with each call that has ended. */
export function createTimedEngine(calls: NativeCall[]): Engine {
  const time = async <Value>(work: Promise<Value>): Promise<Value> => {
    const startedMs = performance.now();
    try {
      return await work;
    } finally {
      calls.push({ startedMs, endedMs: performance.now() });
    }
  };
  const inner = new WeakMap<EngineSequence, EngineSequence>();
  const openTimed = (model: EngineModel): EngineSequence => {
    const sequence = model.openSequence();
    const timed: EngineSequence = {
      get length() {
        return sequence.length;
      },
      get evaluatedTokens() {
        return sequence.evaluatedTokens;
      },
      truncate: (length) => sequence.truncate(length),
      prefill: (tokens) => time(sequence.prefill(tokens)),
      decode: (tokens, count) => time(sequence.decode(tokens, count)),
      checkpoint: () => sequence.checkpoint(),
      dispose: () => sequence.dispose(),
      ...(sequence.copyFrom === undefined
        ? {}
        : {
            copyFrom: async (other, length) =>
              (await sequence.copyFrom?.(inner.get(other) ?? other, length)) === true,
          }),
      ...(sequence.decodeWithDraft === undefined
        ? {}
        : {
            decodeWithDraft: async (tokens, draft, count) =>
              (await time(Promise.resolve(sequence.decodeWithDraft?.(tokens, draft, count)))) ?? [],
          }),
    };
    inner.set(timed, sequence);
    return timed;
  };
  const engine = createLlamaEngine({ log: silentLog, clock: systemClock, gpu: "off" });
  return {
    ...engine,
    async load(options) {
      const result = await engine.load(options);
      if (!result.ok) return result;
      const model = result.value;
      return { ok: true, value: { ...model, openSequence: () => openTimed(model) } };
    },
  };
}
