// A model whose answers and delays the test decides: for deadlines, failures and races, which a real one cannot be told to have.
import { onDispose, succeed } from "../../server/kernel/index.ts";
import type { Result } from "../../server/kernel/index.ts";
import type {
  AnswerPiece,
  InferenceService,
  InferenceStatus,
  ModelCompletion,
  ModelFailure,
  ModelRequest,
} from "../../server/inference/index.ts";

export interface PendingRequest {
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  /** It has its outcome. */
  readonly isOver: boolean;
  /** Tells so much of the answer, token by token; a block is cut, and its answer given, where it ends. */
  write(...tokens: readonly (string | AnswerPiece)[]): Promise<void>;
  /** Ends with this text, or with what was written. */
  answer(text?: string, options?: AnswerOptions): Promise<void>;
  fail(failure: ModelFailure): Promise<void>;
  crash(error: Error): Promise<void>;
}

export interface AnswerOptions {
  readonly isConfident?: boolean;
  readonly stop?: ModelCompletion["stop"];
}

export interface ScriptedInference extends InferenceService {
  /** Every request so far that somebody waits for, in order; answered or not. */
  readonly asked: readonly PendingRequest[];
  /** Requests of the background class: guesses at what will be asked next. */
  readonly ahead: readonly PendingRequest[];
  readonly warmed: readonly ModelRequest[];
  readonly forgotten: readonly string[];
  /** Answers requests at once with this text (or failure) instead of leaving them pending. */
  reply: string | ModelFailure | undefined;
  /** Probability by name, for names that a request brings along. */
  readonly likes: Map<string, number>;
  setModel(modelId: string): void;
  setState(kind: "loading" | "ready" | "unloaded"): void;
}

export function createScriptedInference(): ScriptedInference {
  const asked: PendingRequest[] = [];
  const ahead: PendingRequest[] = [];
  const warmed: ModelRequest[] = [];
  const forgotten: string[] = [];
  const likes = new Map<string, number>();
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
    ahead,
    warmed,
    forgotten,
    reply: undefined,
    likes,
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return onDispose(() => listeners.delete(listener));
    },
    setModel(modelId) {
      status = { ...status, modelId };
      for (const listener of listeners) listener(status);
    },
    setState(kind) {
      status = { ...status, state: { kind } };
      for (const listener of listeners) listener(status);
    },
    prepare: () => undefined,
    switchOn: () => undefined,
    complete(request, signal) {
      const { reply } = service;
      return new Promise<Result<ModelCompletion, ModelFailure>>((resolve, reject) => {
        let isOver = false;
        const settled = async (settle: () => void): Promise<void> => {
          settle();
          // Lets everything that waits for the answer run.
          await new Promise((next) => setImmediate(next));
        };
        const pieces: AnswerPiece[] = [];
        const written = (): string => pieces.map(({ text }) => text).join("");
        const names = (request.names ?? [])
          .flatMap((name) => {
            const probability = likes.get(name);
            return probability === undefined ? [] : [{ name, logProbability: Math.log(probability) }];
          })
          .sort((a, b) => b.logProbability - a.logProbability);
        const end = (result: Result<ModelCompletion, ModelFailure>): void => {
          isOver = true;
          resolve(result);
        };
        const finish = (text: string, { isConfident = true, stop = "line-end" }: AnswerOptions): void =>
          end(succeed(completionOf({ text, isConfident, stop, names, pieces })));
        const tell = (piece: AnswerPiece): void => {
          if (signal.aborted || isOver) return;
          pieces.push(piece);
          request.onProgress?.({ text: written(), pieces: [...pieces], names });
          if (request.shape !== "block" || !written().includes("\n")) return;
          const end = request.findBlockEnd?.(written());
          if (end !== undefined) finish(written().slice(0, end), { stop: "block-end" });
        };
        const pending: PendingRequest = {
          request,
          signal,
          get isOver() {
            return isOver;
          },
          write: (...tokens) =>
            settled(() => {
              for (const token of tokens) {
                tell(typeof token === "string" ? { text: token, probability: 0.95 } : token);
              }
            }),
          answer: (text, options = {}) =>
            settled(() => {
              const whole = text ?? written();
              // A line's request ends at the line's end, as the engine's does.
              const lineEnd = request.shape === "block" ? -1 : whole.search(/[\r\n]/);
              finish(lineEnd < 0 ? whole : whole.slice(0, lineEnd), options);
            }),
          fail: (failure) => settled(() => end({ ok: false, failure })),
          crash: (error) => settled(() => reject(error)),
        };
        (request.requestClass === "background" ? ahead : asked).push(pending);
        signal.addEventListener("abort", () => end({ ok: false, failure: { kind: "cancelled" } }));
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

function completionOf(answer: {
  readonly text: string;
  readonly isConfident: boolean;
  readonly stop: ModelCompletion["stop"];
  readonly names: ModelCompletion["names"];
  readonly pieces: readonly AnswerPiece[];
}): ModelCompletion {
  const { text, isConfident, stop, names } = answer;
  const probability = isConfident ? 0.95 : 0.4;
  return {
    text,
    pieces: answer.pieces.length > 0 ? answer.pieces : [{ text, probability }],
    names,
    meanProbability: probability,
    minProbability: isConfident ? 0.9 : 0.1,
    isConfident,
    stop,
    tokens: { evaluated: 2, reused: 100, generated: 5 },
    timing: { queuedMs: 0, prefillMs: 1, firstTokenMs: 1, totalMs: 2 },
    modelId: "scripted",
  };
}
