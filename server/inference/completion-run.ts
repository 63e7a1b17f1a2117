// One completion as a chain of small steps: prefill slice by slice, heal the cursor, decode token by token.
import type { Clock } from "../platform/index.ts";
import { createAnswer } from "./decode/answer.ts";
import type { Answer, AnswerStop } from "./decode/answer.ts";
import { chooseFree, chooseHealing } from "./decode/choose.ts";
import type { Candidate, Token } from "./engine/engine.ts";
import type { ModelCompletion, ModelRequest } from "./inference-service.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { buildPrompt } from "./prompt/prompt.ts";
import type { Prompt } from "./prompt/prompt.ts";
import { spellPrompt } from "./prompt/spelling.ts";
import type { SequenceState } from "./sequences/sequence-state.ts";

/** Between two steps the lane may run other work, or end this one. */
type Steps<Value> = AsyncGenerator<undefined, Value, undefined>;

interface RunDeps {
  readonly clock: Clock;
  readonly submittedMs: number;
}

/** Healing looks deep: the typed letters may be the start of an improbable word. */
const HEALING_CANDIDATES = 200;
/** Enough to pass over tokens that may not follow; the cut is so cheap that it costs nothing. */
const FREE_CANDIDATES = 20;
/** With a mean below this share of the gate after a few tokens, the rest of the line is not worth its time. */
const HOPELESS_SHARE = 0.6;

/** Another request used the sequence between two steps. */
const DISPLACED = Symbol("displaced");

/** Prefills only: the next completion at this place starts at once. */
export async function* warmSteps(
  request: ModelRequest,
  loaded: LoadedModel,
  deps: RunDeps,
): Steps<undefined> {
  for (;;) {
    const run = createRun(request, loaded, deps);
    try {
      const outcome = yield* run.readPrompt();
      if (outcome !== DISPLACED) return undefined;
    } catch (error) {
      await loaded.pool.discard(request.document);
      throw error;
    }
  }
}

export async function* completionSteps(
  request: ModelRequest,
  loaded: LoadedModel,
  deps: RunDeps,
): Steps<ModelCompletion> {
  let hasFailed = false;
  for (;;) {
    const run = createRun(request, loaded, deps);
    try {
      const outcome = yield* run.complete();
      if (outcome !== DISPLACED) return outcome;
    } catch (error) {
      // After a rejected evaluation native state and ours differ: throw it away, and try once more from nothing.
      await loaded.pool.discard(request.document);
      if (hasFailed) throw error;
      hasFailed = true;
    }
  }
}

interface Run {
  readPrompt(): Steps<readonly Candidate[] | typeof DISPLACED>;
  complete(): Steps<ModelCompletion | typeof DISPLACED>;
}

function createRun(request: ModelRequest, loaded: LoadedModel, deps: RunDeps): Run {
  const { clock } = deps;
  const { model, pool, speed } = loaded;
  const startedMs = clock.nowMs();
  const prompt: Prompt = buildPrompt(request, loaded.layout(), loaded.memories.get(request.document));
  loaded.memories.set(request.document, prompt.memory);
  const state: SequenceState = pool.acquire(request.document, prompt.stable);
  const promptTokens = spellPrompt(prompt, state, model);
  const heldAtStart = state.countHeld(promptTokens);
  let evaluated = 0;
  let epoch = state.epoch;

  /** Runs one native call and counts what it evaluated. */
  const call = async <Value>(
    work: () => Promise<Value>,
    record: (tokens: number, ms: number) => void,
  ): Promise<Value> => {
    const metered = state.evaluatedTokens;
    const sinceMs = clock.nowMs();
    loaded.beforeCall();
    const value = await work();
    const tokens = state.evaluatedTokens - metered;
    evaluated += tokens;
    record(tokens, clock.nowMs() - sinceMs);
    epoch = state.epoch;
    return value;
  };

  const isDisplaced = (): boolean => epoch !== state.epoch || !pool.isHeldBy(request.document, state);

  /** The candidates after `path`; a step only when they are not known already. */
  async function* candidatesAfter(
    path: readonly Token[],
    count: number,
  ): Steps<readonly Candidate[] | typeof DISPLACED> {
    const known = state.recall(path, count);
    if (known !== undefined) return known;
    const candidates = await call(
      () => state.candidatesAfter(path, count),
      (tokens, ms) => {
        if (tokens === 1) loaded.recordDecode(ms);
      },
    );
    yield;
    return isDisplaced() ? DISPLACED : candidates;
  }

  async function* readPrompt(): Steps<readonly Candidate[] | typeof DISPLACED> {
    if (state.recall(promptTokens, 1) === undefined) {
      for (;;) {
        const slice = state.missing(promptTokens).slice(0, speed.sliceTokens());
        if (slice.length === 0) break;
        await call(
          () => state.prefill(promptTokens, slice),
          (tokens, ms) => speed.recordPrefill(tokens, ms),
        );
        yield;
        if (isDisplaced()) return DISPLACED;
      }
      await state.checkpoint();
    }
    const count = prompt.typed === "" ? FREE_CANDIDATES : HEALING_CANDIDATES;
    return yield* candidatesAfter(promptTokens, state.recall(promptTokens, 1) === undefined ? count : 1);
  }

  async function* complete(): Steps<ModelCompletion | typeof DISPLACED> {
    const first = yield* readPrompt();
    if (first === DISPLACED) return DISPLACED;
    const prefillMs = clock.nowMs() - startedMs;
    const gate = loaded.entry.confidenceGate;
    const answer = createAnswer(
      {
        typed: prompt.typed,
        lineBefore: prompt.lineBefore,
        maxTokens: request.maxTokens,
        hopelessBelow: request.requestClass === "explicit" ? 0 : gate * HOPELESS_SHARE,
      },
      model,
    );
    const mayFollow = (text: string): boolean => answer.mayFollow(text);
    const path = [...promptTokens];
    let candidates = first;
    let stop: AnswerStop | undefined;
    let firstTokenMs: number | undefined;
    let generatedCalls = 0;

    for (;;) {
      const missing = answer.missing();
      let next: readonly Token[];
      if (missing !== "") {
        let choice = chooseHealing(candidates, missing, model, mayFollow);
        if (choice === undefined && candidates.length < HEALING_CANDIDATES) {
          const deeper = yield* candidatesAfter(path, HEALING_CANDIDATES);
          if (deeper === DISPLACED) return DISPLACED;
          choice = chooseHealing(deeper, missing, model, mayFollow);
        }
        if (choice === undefined) {
          next = model.tokenize(missing);
          answer.force(next);
        } else {
          next = [choice.candidate.token];
          stop = answer.take(choice);
        }
      } else {
        const choice = chooseFree(candidates.slice(0, FREE_CANDIDATES), model, mayFollow);
        if (choice === undefined) {
          stop = "line-end";
          break;
        }
        next = [choice.candidate.token];
        stop = answer.take(choice);
      }
      if (answer.tokens > 0) firstTokenMs ??= clock.nowMs() - deps.submittedMs;
      if (stop !== undefined) break;
      path.push(...next);
      const isGenerated = missing === "";
      const before = evaluated;
      const count = answer.missing() === "" ? FREE_CANDIDATES : HEALING_CANDIDATES;
      const answered = yield* candidatesAfter(path, state.recall(path, 1) === undefined ? count : 1);
      if (answered === DISPLACED) return DISPLACED;
      if (isGenerated) generatedCalls += evaluated - before;
      candidates = answered;
    }
    return finish(answer, stop, evaluated - generatedCalls, prefillMs, firstTokenMs);
  }

  const finish = (
    answer: Answer,
    stop: AnswerStop,
    promptEvaluated: number,
    prefillMs: number,
    firstTokenMs: number | undefined,
  ): ModelCompletion => {
    const text = stop === "line-end" || stop === "end-of-text" ? answer.text.trimEnd() : answer.text;
    const totalMs = clock.nowMs() - deps.submittedMs;
    const isCut = stop === "repetition" || stop === "low-confidence";
    return {
      text,
      pieces: answer.pieces,
      names: [],
      meanProbability: answer.meanProbability,
      minProbability: answer.minProbability,
      isConfident: text.trim() !== "" && !isCut && answer.meanProbability >= loaded.entry.confidenceGate,
      stop,
      tokens: {
        evaluated: promptEvaluated,
        reused: Math.min(heldAtStart, promptTokens.length),
        generated: answer.tokens,
      },
      timing: {
        queuedMs: startedMs - deps.submittedMs,
        prefillMs,
        firstTokenMs: firstTokenMs ?? totalMs,
        totalMs,
      },
      modelId: loaded.entry.id,
    };
  };

  return { readPrompt, complete };
}
