// The interface of the room: one warm model, asked for the rest of a line; never throws at a caller, always says why not.
import type { Disposable, Result } from "../kernel/index.ts";
import type { SupplyProgress } from "./model-source.ts";

export type RequestClass = "typing" | "explicit" | "warming" | "background";

export interface ModelRequest {
  /** Identity of the document: requests of one document share KV state and supersede each other. */
  readonly document: string;
  /** Shown to the model as a path line; relative, no user folder. */
  readonly path: string;
  /** The line comment of the language, used for the path line; undefined writes none. */
  readonly lineComment: string | undefined;
  /** The language's name as people write it; the prompts of some models tell it. */
  readonly languageName?: string;
  /** Everything left of the cursor; the engine cuts it at stable line boundaries. */
  readonly before: string;
  readonly after: string;
  readonly requestClass: RequestClass;
  readonly maxTokens: number;
  /** Absent: one line. A block goes on over line ends until `findBlockEnd` says so, at the latest at `maxTokens`. */
  readonly shape?: "line" | "block";
  /**
   * For a block: asked after each token that follows a line break with the whole answer so far. The length of the
   * answer that belongs to the block when it is over, undefined while it goes on.
   */
  readonly findBlockEnd?: (answer: string) => number | undefined;
  /** Names that exist and may stand at the cursor: scored from the passes that the answer needs anyway. */
  readonly names?: readonly string[];
  /** Told after every token; never after the outcome. Whoever asked may use a part, or see that typing agrees with it. */
  readonly onProgress?: (progress: ModelProgress) => void;
}

/** A token's text at the cursor and how sure the model was of it, 0..1. */
export interface AnswerPiece {
  readonly text: string;
  readonly probability: number;
}

export interface ModelProgress {
  readonly text: string;
  readonly pieces: readonly AnswerPiece[];
  readonly names: readonly ScoredName[];
}

export interface ScoredName {
  readonly name: string;
  /**
   * Natural logarithm of the probability that the answer begins with this name, as a whole word: exact while the name
   * agrees with the answer, and of its part up to the first token that differs where it does not.
   */
  readonly logProbability: number;
}

export interface TokenCounts {
  /** Prompt tokens that were evaluated for this request, healing steps included. */
  readonly evaluated: number;
  /** Prompt tokens whose state was in the KV cache. */
  readonly reused: number;
  readonly generated: number;
  /** Tokens that were guessed and evaluated beside the others, and how many of them became part of the answer. */
  readonly drafted?: number;
  readonly confirmed?: number;
}

export interface ModelCompletion {
  /** Text to insert at the cursor: a healed token's typed part is already removed. One line, or a block; may be empty. */
  readonly text: string;
  /** The text in the model's own pieces, for who cuts it where confidence falls. */
  readonly pieces: readonly AnswerPiece[];
  /** Those of the request's names that the model gave any probability, best first. */
  readonly names: readonly ScoredName[];
  /** Mean and minimum of the top-1 probability of the generated tokens, 0..1, at temperature 1. */
  readonly meanProbability: number;
  readonly minProbability: number;
  /** The mean reaches the model's own gate and the text is neither blank nor cut for a loop: worth showing unasked. */
  readonly isConfident: boolean;
  readonly stop: "line-end" | "block-end" | "end-of-text" | "token-limit" | "low-confidence" | "repetition";
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
  /** With a remedy somebody should hear of it: it was switched off, and not by the user. */
  | { readonly kind: "off"; readonly reason: string; readonly remedy?: string }
  | { readonly kind: "missing"; readonly reason: string; readonly remedy: string }
  | {
      readonly kind: "downloading";
      readonly receivedBytes: number;
      readonly totalBytes: number | undefined;
      /** What is going on with the bytes; absent: they are fetched. */
      readonly phase?: SupplyProgress["phase"];
    }
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
  /** One sentence when the loaded model cannot be asked in the way that its catalogue entry names; absent when it can. */
  readonly promptNote?: string | undefined;
  /** Requests that run or wait. */
  readonly queueLength: number;
  /** Of the requests that somebody waited for and that were answered since the daemon started, over all documents. */
  readonly totals: TokenCounts & { readonly requests: number };
  /** The same of requests of the class `background`, that were asked before anybody waited; absent: none are counted apart. */
  readonly backgroundTotals?: TokenCounts & { readonly requests: number };
  readonly tokensPerSecond: { readonly prefill: number; readonly decode: number };
  /** The server that the user named; absent without one. */
  readonly server?: ServerStatus;
}

export interface ServerStatus {
  /** Its address, without credentials. */
  readonly name: string;
  readonly isLoopback: boolean;
  readonly isEncrypted: boolean;
  /** "unused": the settings do not allow it, `lastError` says why. "trial": it gave a sign of life, the next request tries it. */
  readonly state: "connecting" | "up" | "trial" | "down" | "unused";
  /** Undefined until the server was asked. */
  readonly api: "openai" | "llama-server" | undefined;
  readonly model: string | undefined;
  readonly promptFormat: string | undefined;
  /** ISO 8601; undefined while it is up. */
  readonly downSince: string | undefined;
  /** Half a sentence that follows the name; stays after the server is back. No key, no user's text. */
  readonly lastError: string | undefined;
  readonly counts: {
    readonly answered: number;
    readonly failed: number;
    readonly retried: number;
    /** Requests that the local model got because the server could not answer. */
    readonly fellBack: number;
  };
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
