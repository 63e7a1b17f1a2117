// What is compared key by key: anything that completes a place with a fixed number of tokens and says what it evaluated.

export interface Place {
  /** Identity of the document: two editors have two. */
  readonly document: string;
  readonly path: string;
  readonly lineComment: string;
  readonly before: string;
  readonly after: string;
}

export interface Reply {
  /** Prompt tokens that were evaluated for this answer. */
  readonly evaluated: number;
  /** Prompt tokens whose state was there; undefined when it is not told. */
  readonly reused: number | undefined;
  readonly generated: number;
  /** Tokens that were guessed and evaluated beside the others, and those of them that the answer took; absent: it guesses none. */
  readonly drafted?: number;
  readonly confirmed?: number;
  readonly firstTokenMs: number | undefined;
}

export interface Contestant {
  readonly name: string;
  /** Layout, threads, how it is driven: one line for the report. */
  readonly conditions: string;
  /** Undefined: cancelled, or refused because a newer question came. */
  ask(place: Place, signal: AbortSignal): Promise<Reply | undefined>;
  /** The process whose memory and processor time count, where it is not this one. */
  readonly pid: number;
  dispose(): Promise<void>;
}

/** As in the peers' measurements. */
export const ANSWER_TOKENS = 24;
