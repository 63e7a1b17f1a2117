// The interface of the room: one warm model, asked for the rest of a line; never throws at a caller, always says why not.
import type { Disposable, Result } from "../kernel/index.ts";

export type RequestClass = "typing" | "explicit" | "warming" | "background";

export interface ModelRequest {
  /** Identity of the document: requests of one document share KV state and supersede each other. */
  readonly document: string;
  /** Shown to the model as a path line; relative, no user folder. */
  readonly path: string;
  /** The line comment of the language, used for the path line; undefined writes none. */
  readonly lineComment: string | undefined;
  /** Everything left of the cursor; the engine cuts it at stable line boundaries. */
  readonly before: string;
  readonly after: string;
  readonly requestClass: RequestClass;
  readonly maxTokens: number;
}

export interface TokenCounts {
  /** Prompt tokens that were evaluated for this request, healing steps included. */
  readonly evaluated: number;
  /** Prompt tokens whose state was in the KV cache. */
  readonly reused: number;
  readonly generated: number;
}

export interface ModelCompletion {
  /** Text to insert at the cursor: a healed token's typed part is already removed. One line; may be empty. */
  readonly text: string;
  /** Mean and minimum of the top-1 probability of the generated tokens, 0..1, at temperature 1. */
  readonly meanProbability: number;
  readonly minProbability: number;
  /** The mean reaches the model's own gate and the text is neither blank nor cut for a loop: worth showing unasked. */
  readonly isConfident: boolean;
  readonly stop: "line-end" | "end-of-text" | "token-limit" | "low-confidence" | "repetition";
  readonly tokens: TokenCounts;
  readonly timing: {
    readonly queuedMs: number;
    readonly prefillMs: number;
    readonly firstTokenMs: number;
    readonly totalMs: number;
  };
  readonly modelId: string;
}

export type ModelFailure =
  /** No model, or not yet: `state` is in `status()`. */
  | { readonly kind: "not-ready" }
  | { readonly kind: "cancelled" }
  /** A newer request of the same document and class took its place. */
  | { readonly kind: "superseded" }
  | { readonly kind: "failed"; readonly reason: string };

export type ModelState =
  | { readonly kind: "off"; readonly reason: string }
  | { readonly kind: "missing"; readonly reason: string; readonly remedy: string }
  | { readonly kind: "downloading"; readonly receivedBytes: number; readonly totalBytes: number | undefined }
  | { readonly kind: "loading" }
  | { readonly kind: "ready" }
  /** Weights given back after idle time; the next request loads them again. */
  | { readonly kind: "unloaded" }
  | { readonly kind: "failed"; readonly reason: string };

export interface InferenceStatus {
  readonly state: ModelState;
  readonly modelId: string | undefined;
  readonly modelName: string | undefined;
  readonly backend: string;
  /** One sentence: why this backend and no other. */
  readonly backendReason: string;
  readonly gpuDevices: readonly string[];
  readonly gpuLayers: number;
  readonly threads: number;
  readonly memoryBytes: number;
  readonly contextTokens: number;
  /** Requests that run or wait. */
  readonly queueLength: number;
  /** Of the requests that were answered since the daemon started, over all documents. */
  readonly totals: TokenCounts & { readonly requests: number };
  readonly tokensPerSecond: { readonly prefill: number; readonly decode: number };
}

export interface InferenceService {
  status(): InferenceStatus;
  onStatus(listener: (status: InferenceStatus) => void): Disposable;
  /** Starts fetching and loading in the background when the model is not there. Idempotent; failures are retried later. */
  prepare(): void;
  /** Forgets earlier failures and crashes, switches models on again that were switched off, and prepares at once. */
  switchOn(): void;
  complete(request: ModelRequest, signal: AbortSignal): Promise<Result<ModelCompletion, ModelFailure>>;
  /** Prefills the prompt at the lowest priority so that the next completion there is cheap. */
  warm(request: ModelRequest): void;
  /** Frees the KV state of a closed document. */
  forget(document: string): void;
  /** Ends all work and frees native memory; resolves within about two seconds. */
  dispose(): Promise<void>;
}
