// Stands in for the model where there is none: the daemon was started without one.
import { fail } from "../kernel/index.ts";
import type { InferenceService, InferenceStatus } from "../inference/index.ts";

export function createNoInference(reason: string): InferenceService {
  const status: InferenceStatus = {
    state: { kind: "off", reason },
    modelId: undefined,
    modelName: undefined,
    backend: "none",
    gpuDevices: [],
    gpuLayers: 0,
    threads: 0,
    memoryBytes: 0,
    contextTokens: 0,
    queueLength: 0,
    tokensPerSecond: { prefill: 0, decode: 0 },
  };
  return {
    status: () => status,
    onStatus: () => ({ dispose: () => undefined }),
    prepare: () => undefined,
    complete: () => Promise.resolve(fail({ kind: "not-ready" })),
    warm: () => undefined,
    forget: () => undefined,
    dispose: () => Promise.resolve(),
  };
}
