// The answer, token by token: first the typed part again in the model's own tokens, then what follows it.
import { createAnswer } from "../decode/answer.ts";
import type { AnswerStop } from "../decode/answer.ts";
import { chooseFree, chooseHealing } from "../decode/choose.ts";
import type { Choice } from "../decode/choose.ts";
import { hopelessBound } from "../decode/hopeless.ts";
import { createNameScores } from "../decode/name-scores.ts";
import type { Candidate, Token } from "../engine/engine.ts";
import type { ModelCompletion, ModelRequest } from "../inference-service.ts";
import type { LoadedModel } from "../loaded-model.ts";
import { DISPLACED } from "./evaluation.ts";
import type { Evaluation, RunDeps, Steps } from "./evaluation.ts";
import { describeOutcome } from "./outcome.ts";

/** Enough to pass over tokens that may not follow; a token's probability is its share of these. */
const FREE_CANDIDATES = 20;

export async function* generate(
  request: ModelRequest,
  evaluation: Evaluation,
  loaded: LoadedModel,
  deps: RunDeps,
): Steps<ModelCompletion | typeof DISPLACED> {
  const { clock } = deps;
  const { model } = loaded;
  const { prompt } = evaluation;
  const first = yield* evaluation.readPrompt();
  if (first === DISPLACED) return DISPLACED;
  const prefillMs = clock.nowMs() - evaluation.startedMs;
  const answer = createAnswer(
    {
      typed: prompt.typed,
      lineBefore: prompt.lineBefore,
      maxTokens: request.maxTokens,
      hopelessBelow: hopelessBound(request.requestClass, loaded.entry.confidenceGate),
      findBlockEnd: request.shape === "block" ? (request.findBlockEnd ?? (() => undefined)) : undefined,
    },
    model,
  );
  const names = createNameScores(request.names ?? [], prompt, loaded.firstTokens, (token) =>
    model.textOf([token]),
  );
  const mayFollow = (text: string): boolean => answer.mayFollow(text);
  const path = [...evaluation.promptTokens];
  let stop: AnswerStop | undefined;
  let firstTokenMs: number | undefined;
  let generatedCalls = 0;

  /** Takes the choice into the answer and the names' scores. */
  const take = (choice: Choice, seen: readonly Candidate[]): AnswerStop | undefined => {
    const { allowed, candidate, share, text } = choice;
    names.step(seen, allowed, { token: candidate.token, text, share });
    const before = answer.tokens;
    const end = answer.take(choice);
    if (answer.tokens === before) return end;
    firstTokenMs ??= clock.nowMs() - deps.submittedMs;
    request.onProgress?.({ text: answer.text, pieces: answer.pieces, names: names.scores() });
    return end;
  };

  /** A part of the typed text that is held behind the path without its candidates: it was not chosen from any. */
  const takeHeldPart = (missing: string): boolean => {
    const held = evaluation.heldAfter(path);
    if (held === undefined || evaluation.isKnown(path)) return false;
    const text = model.textOf([held]);
    if (text === "" || text.length >= missing.length || !missing.startsWith(text)) return false;
    path.push(held);
    answer.force([held], text);
    names.force(text);
    return true;
  };

  for (let candidates: readonly Candidate[] = first; ;) {
    const missing = answer.missing();
    let next: readonly Token[];
    if (missing === "") {
      const choice = chooseFree(candidates.slice(0, FREE_CANDIDATES), model, mayFollow);
      if (choice === undefined) {
        stop = "line-end";
        break;
      }
      next = [choice.candidate.token];
      stop = take(choice, candidates);
    } else {
      const choice = chooseHealing(candidates, missing, model, mayFollow, evaluation.heldAfter(path));
      if (choice === undefined) {
        next = model.tokenize(missing);
        answer.force(next, missing);
        names.force(missing);
      } else {
        next = [choice.candidate.token];
        stop = take(choice, candidates);
      }
    }
    if (stop !== undefined) break;
    path.push(...next);
    while (takeHeldPart(answer.missing()));
    if (path.length >= model.contextTokens) {
      stop = "token-limit";
      break;
    }
    const before = evaluation.evaluated;
    // While typed text is repeated, nothing is guessed: what a key costs stays what it costs.
    const guessable = answer.missing() === "" ? request.maxTokens - answer.tokens - 1 : 0;
    const answered = yield* evaluation.follow(path, guessable);
    if (answered === DISPLACED) return DISPLACED;
    if (missing === "") generatedCalls += evaluation.evaluated - before;
    candidates = answered;
  }
  return describeOutcome(loaded.entry, deps.submittedMs, {
    answer,
    stop,
    names: names.scores(),
    tokens: {
      evaluated: evaluation.evaluated - generatedCalls,
      reused: evaluation.reused,
      generated: answer.tokens,
      drafted: evaluation.drafted,
      confirmed: evaluation.confirmed,
    },
    startedMs: evaluation.startedMs,
    prefillMs,
    firstTokenMs,
    endedMs: clock.nowMs(),
  });
}
