// A model whose answers and delays the test decides: for deadlines, failures and races, which a real one cannot be told to have.
import { onDispose, succeed } from "../../server/kernel/index.ts";
import type { Result } from "../../server/kernel/index.ts";
import type {
  InferenceService,
  InferenceStatus,
  ModelCompletion,
  ModelFailure,
  ModelRequest,
} from "../../server/inference/index.ts";

export interface PendingRequest {
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  answer(text: string, options?: { readonly isConfident?: boolean }): Promise<void>;
  fail(failure: ModelFailure): Promise<void>;
  crash(error: Error): Promise<void>;
}

export interface ScriptedInference extends InferenceService {
  /** Every request so far, in order; answered or not. */
  readonly asked: readonly PendingRequest[];
  readonly warmed: readonly ModelRequest[];
  readonly forgotten: readonly string[];
  /** Answers requests at once with this text (or failure) instead of leaving them pending. */
  reply: string | ModelFailure | undefined;
  setModel(modelId: string): void;
}

export function createScriptedInference(): ScriptedInference {
  const asked: PendingRequest[] = [];
  const warmed: ModelRequest[] = [];
  const forgotten: string[] = [];
  const listeners = new Set<(status: InferenceStatus) => void>();
  let status: InferenceStatus = {
    state: { kind: "ready" },
    modelId: "scripted",
    modelName: "Scripted",
    backend: "none",
    backendReason: "a test decides the answers",
    gpuDevices: [],
    gpuLayers: 0,
    threads: 1,
    memoryBytes: 0,
    contextTokens: 4096,
    queueLength: 0,
    totals: { requests: 0, evaluated: 0, reused: 0, generated: 0 },
    tokensPerSecond: { prefill: 0, decode: 0 },
  };
  const service: ScriptedInference = {
    asked,
    warmed,
    forgotten,
    reply: undefined,
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return onDispose(() => listeners.delete(listener));
    },
    setModel(modelId) {
      status = { ...status, modelId };
      for (const listener of listeners) listener(status);
    },
    prepare: () => undefined,
    switchOn: () => undefined,
    complete(request, signal) {
      const { reply } = service;
      return new Promise<Result<ModelCompletion, ModelFailure>>((resolve, reject) => {
        const settled = async (settle: () => void): Promise<void> => {
          settle();
          // Lets everything that waits for the answer run.
          await new Promise((next) => setImmediate(next));
        };
        const pending: PendingRequest = {
          request,
          signal,
          answer: (text, options) =>
            settled(() => resolve(succeed(completionOf(text, options?.isConfident ?? true)))),
          fail: (failure) => settled(() => resolve({ ok: false, failure })),
          crash: (error) => settled(() => reject(error)),
        };
        asked.push(pending);
        signal.addEventListener("abort", () => resolve({ ok: false, failure: { kind: "cancelled" } }));
        if (typeof reply === "string") void pending.answer(reply);
        else if (reply !== undefined) void pending.fail(reply);
      });
    },
    warm: (request) => void warmed.push(request),
    forget: (document) => void forgotten.push(document),
    dispose: () => Promise.resolve(),
  };
  return service;
}

function completionOf(text: string, isConfident: boolean): ModelCompletion {
  return {
    text,
    pieces: [{ text, probability: isConfident ? 0.95 : 0.4 }],
    names: [],
    meanProbability: isConfident ? 0.95 : 0.4,
    minProbability: isConfident ? 0.9 : 0.1,
    isConfident,
    stop: "line-end",
    tokens: { evaluated: 2, reused: 100, generated: 5 },
    timing: { queuedMs: 0, prefillMs: 1, firstTokenMs: 1, totalMs: 2 },
    modelId: "scripted",
  };
}
