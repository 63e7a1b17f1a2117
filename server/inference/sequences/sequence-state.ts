// What one sequence holds, and the candidates seen at each place: a walk over known ground evaluates nothing.
import type { Candidate, EngineSequence, Token } from "../engine/engine.ts";

interface Seen {
  readonly candidates: readonly Candidate[];
  /** How many were asked for; fewer came back when the vocabulary is smaller. */
  readonly asked: number;
}

export interface SequenceState {
  /** Changes with every native call: who finds another number than the one left behind starts anew. */
  readonly epoch: number;
  /** Tokens evaluated by the engine so far. */
  readonly evaluatedTokens: number;
  /** How many of these tokens are held, from the first on. */
  countHeld(tokens: readonly Token[]): number;
  /** The tokens held after `prefix`; none when the prefix itself is not held. */
  heldAfter(prefix: readonly Token[]): readonly Token[];
  /** Tokens of the prompt that still have to be evaluated before its candidates can be asked for; the last one is left out. */
  missing(prompt: readonly Token[]): readonly Token[];
  /** Keeps the held part of the prompt and evaluates `slice`, which follows it. */
  prefill(prompt: readonly Token[], slice: readonly Token[]): Promise<void>;
  /** The candidates after `path`, from memory if they are known. Everything but the last token must be held. */
  candidatesAfter(path: readonly Token[], count: number): Promise<readonly Candidate[]>;
  /** Candidates after `path` that are known and at least `count`, or fewer if `isEnough` takes the known ones. */
  recall(path: readonly Token[], count: number): readonly Candidate[] | undefined;
  checkpoint(): Promise<void>;
  /** What is held counts as unknown from now on. */
  forgetAll(): void;
  dispose(): Promise<void>;
}

export function createSequenceState(sequence: EngineSequence): SequenceState {
  let held: Token[] = [];
  let epoch = 0;
  const seen = new Map<number, Seen>();

  const countHeld = (tokens: readonly Token[]): number => {
    const limit = Math.min(held.length, tokens.length);
    let same = 0;
    while (same < limit && held[same] === tokens[same]) same += 1;
    return same;
  };

  const keep = async (length: number): Promise<number> => {
    if (length < sequence.length) {
      await sequence.truncate(length);
      // A model that cannot rewind to just any place may hold less now.
      held = held.slice(0, Math.min(length, sequence.length));
      for (const place of seen.keys()) if (place > held.length) seen.delete(place);
    }
    return held.length;
  };

  const recall = (path: readonly Token[], count: number): readonly Candidate[] | undefined => {
    if (countHeld(path) < path.length) return undefined;
    const known = seen.get(path.length);
    return known !== undefined && known.asked >= count ? known.candidates : undefined;
  };

  return {
    get epoch() {
      return epoch;
    },
    get evaluatedTokens() {
      return sequence.evaluatedTokens;
    },
    countHeld,
    heldAfter: (prefix) => (countHeld(prefix) < prefix.length ? [] : held.slice(prefix.length)),
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
    async candidatesAfter(path, count) {
      const known = recall(path, count);
      if (known !== undefined) return known;
      epoch += 1;
      const start = await keep(Math.min(countHeld(path), path.length - 1));
      const tokens = path.slice(start);
      const candidates = await sequence.decode(tokens, count);
      held.push(...tokens);
      seen.set(held.length, { candidates, asked: count });
      return candidates;
    },
    recall,
    checkpoint: () => sequence.checkpoint(),
    forgetAll() {
      held = [];
      seen.clear();
      epoch += 1;
    },
    dispose: () => sequence.dispose(),
  };
}
