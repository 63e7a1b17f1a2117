// What one sequence holds, and the candidates seen at each place: a walk over known ground evaluates nothing.
import type { Candidate, EngineSequence, Token } from "../engine/engine.ts";

/**
 * Healing looks deep, because the typed letters may be the start of an improbable word, and a name may be a rare one.
 * Always as many, so that no place is evaluated twice: cutting off 20 costs as much time (measured).
 */
const CANDIDATES = 200;

/** About 10 kB each: the latest answers and the places before them. */
const REMEMBERED_PLACES = 256;

export type KnownPlaces = Iterable<readonly [place: number, candidates: readonly Candidate[]]>;

export interface SequenceState {
  readonly sequence: EngineSequence;
  /** Tokens that are held. */
  readonly length: number;
  readonly canCopy: boolean;
  /** Changes with every native call: who finds another number than the one left behind starts anew. */
  readonly epoch: number;
  /** Tokens evaluated by the engine so far. */
  readonly evaluatedTokens: number;
  /** How many of these tokens are held, from the first on. */
  countHeld(tokens: readonly Token[]): number;
  /** The held tokens from this index on. */
  heldFrom(index: number): readonly Token[];
  heldAt(index: number): Token | undefined;
  /** Tokens of the prompt that still have to be evaluated before its candidates can be asked for; the last one is left out. */
  missing(prompt: readonly Token[]): readonly Token[];
  /** Keeps the held part of the prompt and evaluates `slice`, which follows it. */
  prefill(prompt: readonly Token[], slice: readonly Token[]): Promise<void>;
  readonly canDraft: boolean;
  /**
   * The candidates after `path`, from memory if they are known. Everything but the last token must be held. A `draft`
   * of what may follow is evaluated in the same call; it is held when `confirm` is told that it does follow.
   */
  candidatesAfter(path: readonly Token[], draft?: readonly Token[]): Promise<readonly Candidate[]>;
  /** The candidates after `path` if its last token is the next one of the draft: it is held from now on. */
  confirm(path: readonly Token[]): readonly Candidate[] | undefined;
  /** The candidates after `path` if they are known. */
  recall(path: readonly Token[]): readonly Candidate[] | undefined;
  checkpoint(): Promise<void>;
  /** Takes over the first `length` tokens of another sequence of the model, and what is known about them. */
  copyFrom(other: SequenceState, length: number): Promise<void>;
  /** Writes the state of what is held; the size in bytes, undefined when it could not. */
  saveTo(file: string): Promise<number | undefined>;
  /** Takes over what was written of a state that held `tokens`, and what was known of it; false: nothing is held now. */
  restoreFrom(file: string, tokens: readonly Token[], known: KnownPlaces): Promise<boolean>;
  /** The candidates at each place that is known: for a copy. */
  known(): KnownPlaces;
  /** What is held counts as unknown from now on. */
  forgetAll(): void;
  dispose(): Promise<void>;
}

export function createSequenceState(sequence: EngineSequence): SequenceState {
  let held: Token[] = [];
  /** Evaluated behind what is held, on a guess. */
  let draftAhead: readonly { readonly token: Token; readonly candidates: readonly Candidate[] }[] = [];
  let epoch = 0;
  const seen = new Map<number, readonly Candidate[]>();

  const countHeld = (tokens: readonly Token[]): number => countCommon(held, tokens);

  const keep = async (length: number): Promise<number> => {
    if (length < sequence.length) {
      draftAhead = [];
      await sequence.truncate(length);
      // A model that cannot rewind to just any place may hold less now.
      held = held.slice(0, Math.min(length, sequence.length));
      for (const place of seen.keys()) if (place > held.length) seen.delete(place);
    }
    return held.length;
  };

  const recall = (path: readonly Token[]): readonly Candidate[] | undefined =>
    countHeld(path) < path.length ? undefined : seen.get(path.length);

  const forgetAll = (): void => {
    held = [];
    draftAhead = [];
    seen.clear();
    epoch += 1;
  };

  const hold = (tokens: readonly Token[], candidates: readonly Candidate[]): void => {
    held.push(...tokens);
    seen.set(held.length, candidates);
    const [oldest] = seen.keys();
    if (seen.size > REMEMBERED_PLACES && oldest !== undefined) seen.delete(oldest);
  };

  return {
    sequence,
    get length() {
      return held.length;
    },
    canCopy: sequence.copyFrom !== undefined,
    canDraft: sequence.decodeWithDraft !== undefined,
    get epoch() {
      return epoch;
    },
    get evaluatedTokens() {
      return sequence.evaluatedTokens;
    },
    countHeld,
    heldFrom: (index) => held.slice(index),
    heldAt: (index) => held[index],
    missing(prompt) {
      const same = countHeld(prompt);
      return same >= prompt.length - 1 ? [] : prompt.slice(same, -1);
    },
    async prefill(prompt, slice) {
      epoch += 1;
      const start = await keep(countHeld(prompt));
      const tokens =
        slice.length === 0 ? [] : prompt.slice(start, Math.min(start + slice.length, prompt.length - 1));
      await sequence.prefill(tokens);
      held.push(...tokens);
    },
    async candidatesAfter(path, draft = []) {
      const known = recall(path);
      if (known !== undefined) return known;
      epoch += 1;
      const start = await keep(Math.min(countHeld(path), path.length - 1));
      const tokens = path.slice(start);
      const drafted =
        draft.length === 0 ? undefined : await sequence.decodeWithDraft?.(tokens, draft, CANDIDATES);
      const [candidates = [], ...further] = drafted ?? [await sequence.decode(tokens, CANDIDATES)];
      hold(tokens, candidates);
      draftAhead = further.map((after, index) => ({ token: draft[index] ?? -1, candidates: after }));
      return candidates;
    },
    confirm(path) {
      const [next, ...rest] = draftAhead;
      if (next === undefined || path.length !== held.length + 1 || path.at(-1) !== next.token)
        return undefined;
      if (countHeld(path) !== held.length) return undefined;
      hold([next.token], next.candidates);
      draftAhead = rest;
      return next.candidates;
    },
    recall,
    checkpoint: () => sequence.checkpoint(),
    async copyFrom(other, length) {
      forgetAll();
      const isCopied = (await sequence.copyFrom?.(other.sequence, length)) === true;
      if (!isCopied || sequence.length !== length) return;
      held = other.heldFrom(0).slice(0, length);
      for (const [place, candidates] of other.known()) if (place <= length) seen.set(place, candidates);
    },
    async saveTo(file) {
      epoch += 1;
      // Without the guesses behind it.
      await keep(held.length);
      return held.length === sequence.length ? sequence.saveTo?.(file) : undefined;
    },
    async restoreFrom(file, tokens, known) {
      forgetAll();
      if ((await sequence.restoreFrom?.(file)) !== true || sequence.length !== tokens.length) return false;
      held = [...tokens];
      for (const [place, candidates] of known) seen.set(place, candidates);
      return true;
    },
    known: () => seen.entries(),
    forgetAll,
    dispose: () => sequence.dispose(),
  };
}

/** How many tokens two sequences begin with in common. */
export function countCommon(a: readonly Token[], b: readonly Token[]): number {
  const limit = Math.min(a.length, b.length);
  let same = 0;
  while (same < limit && a[same] === b[same]) same += 1;
  return same;
}
