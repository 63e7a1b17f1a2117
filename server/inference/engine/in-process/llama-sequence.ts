// One sequence of a llama.cpp context: what is held, what was evaluated, and the candidates of the next token.
import { describeError, HearthError } from "../../../kernel/index.ts";
import type { Log } from "../../../platform/index.ts";
import type { LlamaContextSequence, SequenceEvaluateOutput, Token as LlamaToken } from "node-llama-cpp";
import type { Candidate, EngineSequence, Token } from "../engine.ts";

type Evaluation = AsyncGenerator<
  SequenceEvaluateOutput<{ readonly probabilities: true }>,
  void,
  undefined | LlamaToken | LlamaToken[]
>;

/** The library's own objects behind ours, for copies from one to the other. */
const natives = new WeakMap<EngineSequence, LlamaContextSequence>();

export function createLlamaSequence(sequence: LlamaContextSequence, log: Log): EngineSequence {
  // One evaluation stays open while tokens follow each other: opening one costs a sampler of the vocabulary's size.
  let open: { readonly evaluation: Evaluation; readonly count: number } | undefined;

  const close = async (): Promise<void> => {
    const closing = open;
    open = undefined;
    await closing?.evaluation.return();
  };

  // At temperature 1 with a cut to the best few, the probabilities are the model's own and cost nothing extra.
  // The token that the library samples is never used: the caller says which one goes on.
  const sampling = (count: number): { [option: string]: number } => ({
    temperature: 1,
    topK: count,
    topP: 1,
    minP: 0,
    seed: 1,
  });

  const evaluate = (tokens: LlamaToken[], count: number): ReturnType<Evaluation["next"]> => {
    if (open?.count === count) return open.evaluation.next(tokens);
    const evaluation: Evaluation = sequence.evaluateWithMetadata(
      tokens,
      { probabilities: true },
      { ...sampling(count), yieldEogToken: true },
    );
    open = { evaluation, count };
    return evaluation.next();
  };

  const copyState = findCopy(sequence);
  const engineSequence: EngineSequence = {
    get length() {
      return sequence.nextTokenIndex;
    },
    get evaluatedTokens() {
      return sequence.tokenMeter.usedInputTokens + sequence.tokenMeter.usedOutputTokens;
    },
    async truncate(length) {
      if (length >= sequence.nextTokenIndex) return;
      await close();
      await sequence.adaptStateToTokens(sequence.contextTokens.slice(0, length), false);
      // A model that cannot rewind to this place has fallen back to an earlier one; the caller reads `length`.
    },
    async prefill(tokens) {
      if (tokens.length === 0) return;
      await close();
      await sequence.evaluateWithoutGeneratingNewTokens(toLlama(tokens));
    },
    async decode(tokens, count) {
      if (open !== undefined && open.count !== count) await close();
      const answer = await evaluate(toLlama(tokens), count);
      return readCandidates(answer.done === true ? undefined : answer.value.probabilities);
    },
    async checkpoint() {
      if (sequence.needsCheckpoints) await sequence.takeCheckpoint();
    },
    async dispose() {
      await close();
      await sequence.dispose();
    },
  };
  // A state that is kept at checkpoints only could not drop a wrong guess, and its files would lack the checkpoints.
  if (!sequence.needsCheckpoints) {
    engineSequence.saveTo = async (file) => {
      try {
        return (await sequence.saveStateToFile(file)).fileSize;
      } catch (error) {
        log.warn({ error: describeError(error) }, "the model's state could not be put aside");
        return undefined;
      }
    };
    engineSequence.restoreFrom = async (file) => {
      await close();
      // The library forgets what is held before it reads the file, llama.cpp only after: a file without a head would part the two.
      await sequence.clearHistory();
      try {
        // The file is this process's own, of the model that is loaded.
        await sequence.loadStateFromFile(file, { acceptRisk: true });
        return true;
      } catch (error) {
        log.warn({ error: describeError(error) }, "the model's state could not be taken up again");
        return false;
      }
    };
    engineSequence.decodeWithDraft = async (tokens, draft, count) => {
      await close();
      const wanted = { generateNext: { probabilities: true, options: sampling(count) } } as const;
      const asked = toLlama([...tokens, ...draft]);
      const first = tokens.length - 1;
      const outputs = await sequence.controlledEvaluate(
        asked.map((token, index) => (index < first ? token : [token, wanted])),
      );
      return asked.slice(first).map((_, index) => readCandidates(outputs[first + index]?.next.probabilities));
    };
  }
  if (copyState !== undefined) {
    engineSequence.copyFrom = async (other, length) => {
      const native = natives.get(other);
      if (native === undefined) return false;
      await close();
      await sequence.clearHistory();
      if (await copyState(native, length)) return true;
      await sequence.clearHistory();
      return false;
    };
  }
  natives.set(engineSequence, sequence);
  return engineSequence;
}

/**
 * The library copies sequences for its own use only. Where a release has it no more, places are evaluated again.
 * A state that is kept at checkpoints only cannot be cut to a length of our choice.
 */
function findCopy(
  sequence: LlamaContextSequence,
): ((other: LlamaContextSequence, length: number) => Promise<boolean>) | undefined {
  const copy: unknown = Reflect.get(sequence, "_copyStateFromOtherSequence");
  if (typeof copy !== "function" || sequence.needsCheckpoints) return undefined;
  return async (other, length) => {
    const isDone: unknown = await Reflect.apply(copy, sequence, [other, length]);
    return isDone === true;
  };
}

function readCandidates(probabilities: ReadonlyMap<LlamaToken, number> | undefined): Candidate[] {
  if (probabilities === undefined) {
    throw new HearthError("native-failure", "the engine ended an evaluation without an answer");
  }
  const candidates: Candidate[] = [];
  for (const [token, probability] of probabilities) candidates.push({ token, probability });
  return candidates;
}

function toLlama(tokens: readonly Token[]): LlamaToken[] {
  return [...tokens] as LlamaToken[];
}
