// What runs a model: load, tokenise, and sequences of tokens with kept state. One implementation runs in process.
import type { Result } from "../../kernel/index.ts";

/** An id of the loaded model's vocabulary. */
export type Token = number;

export interface Candidate {
  readonly token: Token;
  /** Probability at temperature 1 among the candidates that were asked for, 0..1. */
  readonly probability: number;
}

export interface EngineDevice {
  /** "cpu", "cuda", "vulkan", "metal", or the name of a server. */
  readonly backend: string;
  /** Names of the devices that hold layers; empty on the processor. */
  readonly devices: readonly string[];
  /** One sentence for people: why this backend and no other. */
  readonly reason: string;
}

export interface LoadOptions {
  readonly file: string;
  /** Documents whose state is kept at the same time. */
  readonly sequences: number;
  /** On a processor, and where a graphics device holds layers. */
  readonly onProcessor: ContextSize;
  readonly onDevice: ContextSize;
  readonly threads: number;
  readonly signal: AbortSignal;
}

export interface ContextSize {
  /** Cells of one sequence; prompt and answer together stay below it. */
  readonly contextTokens: number;
  /** Most tokens evaluated in one uninterruptible native call; the main part of the engine's working memory. */
  readonly batchTokens: number;
}

export interface LoadFailure {
  readonly kind: "no-engine" | "bad-file" | "no-memory" | "cancelled";
  /** One sentence: what happened and where. */
  readonly reason: string;
}

/** A failed load answers, it never throws; an abort inside native code ends the process and is seen by the crash guard. */
export interface Engine {
  load(options: LoadOptions): Promise<Result<EngineModel, LoadFailure>>;
  /** What the last load found; undefined before the first one. */
  device(): EngineDevice | undefined;
  /** Frees native memory; resolves within about two seconds even when native code hangs. */
  dispose(): Promise<void>;
}

export interface EngineModel {
  /** What fits into one sequence. */
  readonly contextTokens: number;
  readonly sequences: number;
  readonly batchTokens: number;
  readonly gpuLayers: number;
  readonly memoryBytes: number;
  /** The token that the model wants in front of every prompt. */
  readonly beginToken: Token | undefined;
  /** Text as plain text: the text of a special token in it does not become that token. */
  tokenize(text: string): readonly Token[];
  /** The one token whose text this is; undefined when the vocabulary has no such special token. */
  findSpecialToken(text: string): Token | undefined;
  /** Special tokens give no text. */
  textOf(tokens: readonly Token[]): string;
  isEnd(token: Token): boolean;
  isSpecial(token: Token): boolean;
  /** Holds from the next evaluation on. */
  setThreads(threads: number): void;
  openSequence(): EngineSequence;
  dispose(): Promise<void>;
}

/** One owner at a time. After a rejected call the state is unknown: dispose of the sequence and open a new one. */
export interface EngineSequence {
  /** Tokens whose state is held. */
  readonly length: number;
  /** Tokens evaluated since the sequence was opened, by the engine's own meter. */
  readonly evaluatedTokens: number;
  /** Forgets everything after the first `length` tokens. */
  truncate(length: number): Promise<void>;
  /** Evaluates tokens after what is held, without asking for candidates. Cannot be interrupted. */
  prefill(tokens: readonly Token[]): Promise<void>;
  /** Evaluates the tokens and answers with the `count` most probable next ones, best first. */
  decode(tokens: readonly Token[], count: number): Promise<readonly Candidate[]>;
  /**
   * The same with a guess behind the tokens, in one pass: the candidates after the tokens, and after each token of the
   * guess. Everything is held afterwards. Absent where a wrong guess could not be taken back.
   */
  decodeWithDraft?(
    tokens: readonly Token[],
    draft: readonly Token[],
    count: number,
  ): Promise<readonly (readonly Candidate[])[]>;
  /** Takes over the first `length` tokens of another sequence of the same model; false: nothing is held now. Absent: cannot. */
  copyFrom?(other: EngineSequence, length: number): Promise<boolean>;
  /** Writes the state of all that is held to a file; its size in bytes, undefined when it could not. Absent: cannot. */
  saveTo?(file: string): Promise<number | undefined>;
  /** Takes over a state that a sequence of the same loaded model wrote; false: nothing is held now. */
  restoreFrom?(file: string): Promise<boolean>;
  /** Marks the present length as one that `truncate` will come back to; needed by recurrent models, free for others. */
  checkpoint(): Promise<void>;
  dispose(): Promise<void>;
}
