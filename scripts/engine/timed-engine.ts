// llama.cpp in this process with a clock beside it: when each uninterruptible call began, and when it ended.
import { createLlamaEngine } from "../../server/inference/engine/in-process/llama-engine.ts";
import type { Engine } from "../../server/inference/engine/engine.ts";
import { silentLog, systemClock } from "../../server/platform/index.ts";
import { observeEngine } from "./observed-engine.ts";

export interface NativeCall {
  /** By `performance.now()`. */
  readonly startedMs: number;
  readonly endedMs: number;
}

/** `calls` grows with each call that has ended. */
export function createTimedEngine(calls: NativeCall[]): Engine {
  const engine = createLlamaEngine({ log: silentLog, clock: systemClock, gpu: "off" });
  return observeEngine(engine, async (_, work) => {
    const startedMs = performance.now();
    try {
      return await work();
    } finally {
      calls.push({ startedMs, endedMs: performance.now() });
    }
  });
}
