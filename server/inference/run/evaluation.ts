// One request's prompt in one sequence: what is held is reused, what is missing is evaluated slice by slice.
import type { Clock } from "../../platform/index.ts";
import { createDraft } from "../decode/draft.ts";
import type { Candidate, Token } from "../engine/engine.ts";
import type { ModelRequest } from "../inference-service.ts";
import type { LoadedModel } from "../loaded-model.ts";
import type { PromptMemory } from "../prompt/placement.ts";
import { buildPrompt } from "../prompt/prompt.ts";
import type { Prompt } from "../prompt/prompt.ts";
import { spellPrompt } from "../prompt/spelling.ts";
import type { Place } from "../sequences/sequence-pool.ts";
import type { CallKind } from "../threads.ts";
import type { StepKind } from "../turns.ts";

/** Between two steps the lane may run other work, or end this one. What is yielded says what the next step is. */
export type Steps<Value> = AsyncGenerator<StepKind, Value, undefined>;

export interface RunDeps {
  readonly clock: Clock;
  /** Steps of this and other requests that run at this moment, in one call of the model. */
  readonly together: () => number;
  readonly submittedMs: number;
}

/** Another request used the sequence between two steps: begin again. */
export const DISPLACED: unique symbol = Symbol("displaced");

export interface Evaluation {
  readonly prompt: Prompt;
  readonly promptTokens: readonly Token[];
  readonly startedMs: number;
  /** Prompt tokens whose state was there when the request began. */
  readonly reused: number;
  /** Tokens evaluated for this request so far, guesses left out. */
  readonly evaluated: number;
  /** Tokens that were guessed and evaluated, and how many of them the answer took. */
  readonly drafted: number;
  readonly confirmed: number;
  /** Throws the sequence away: what it holds is not known any more. */
  discard(): Promise<void>;
  /** The token that is held after `path`: what an earlier request went on with. */
  heldAfter(path: readonly Token[]): Token | undefined;
  /** True where the candidates after `path` are known. */
  isKnown(path: readonly Token[]): boolean;
  /** Evaluates what is missing of the prompt; the candidates after it. */
  readPrompt(): Steps<readonly Candidate[] | typeof DISPLACED>;
  /** The candidates after `path`; a step only when they are not known already, and then with a guess of at most so many tokens. */
  follow(path: readonly Token[], guessable?: number): Steps<readonly Candidate[] | typeof DISPLACED>;
}

export async function openEvaluation(
  request: ModelRequest,
  loaded: LoadedModel,
  deps: RunDeps,
): Promise<Evaluation> {
  const startedMs = deps.clock.nowMs();
  const place = await loaded.pool.acquire(request.document, promptOf(request, loaded));
  return evaluateAt(place, startedMs, request, loaded, deps);
}

/** Where the window is nearly full: the same place as it will be read after the next cut. */
export async function openNextWindow(
  request: ModelRequest,
  loaded: LoadedModel,
  deps: RunDeps,
): Promise<Evaluation | undefined> {
  const startedMs = deps.clock.nowMs();
  const place = await loaded.pool.acquireNext(request.document, promptOf(request, loaded));
  return place === undefined ? undefined : evaluateAt(place, startedMs, request, loaded, deps);
}

function promptOf(request: ModelRequest, loaded: LoadedModel): (memory: PromptMemory | undefined) => Prompt {
  const layout = loaded.layout();
  return (memory) => buildPrompt(request, layout, memory);
}

function evaluateAt(
  { prompt, state }: Place,
  startedMs: number,
  request: ModelRequest,
  loaded: LoadedModel,
  { clock, together }: RunDeps,
): Evaluation {
  const { model, pool, speed, parts } = loaded;
  if (!parts.reuse) state.forgetAll();
  // A prompt that is too long in spite of all budgets (a path of rare characters in a tiny context) loses its front.
  const most = model.contextTokens - Math.min(64, Math.floor(model.contextTokens / 8));
  const promptTokens = spellPrompt(prompt, state, model).slice(-most);
  const reused = Math.min(state.countHeld(promptTokens), promptTokens.length);
  const draft = parts.drafts && state.canDraft ? createDraft(state.heldFrom(reused)) : () => [];
  let evaluated = 0;
  let drafted = 0;
  let confirmed = 0;
  let epoch = state.epoch;

  /** Runs one native call and counts what it evaluated, `guessed` tokens apart. */
  const call = async <Value>(kind: CallKind, work: () => Promise<Value>, guessed = 0): Promise<Value> => {
    const metered = state.evaluatedTokens;
    const sinceMs = clock.nowMs();
    loaded.beforeCall(kind);
    const value = await work();
    const tokens = state.evaluatedTokens - metered;
    evaluated += tokens - guessed;
    drafted += guessed;
    // A call that evaluates for another request as well says little about either.
    if (together() === 1)
      loaded.afterCall(kind, { tokens, guessed, depth: state.length, ms: clock.nowMs() - sinceMs });
    epoch = state.epoch;
    return value;
  };

  const isDisplaced = (): boolean => epoch !== state.epoch || !pool.isHeldBy(request.document, state);

  /** The answer to a question for one line ends before a line break. */
  const withinShape = (guess: readonly Token[]): readonly Token[] => {
    if (request.shape === "block") return guess;
    const lineEnd = guess.findIndex((token) => model.textOf([token]).includes("\n"));
    return lineEnd === -1 ? guess : guess.slice(0, lineEnd);
  };

  async function* follow(
    path: readonly Token[],
    guessable = 0,
  ): Steps<readonly Candidate[] | typeof DISPLACED> {
    const known = state.recall(path);
    if (known !== undefined) return known;
    const guessed = state.confirm(path);
    if (guessed !== undefined) {
      confirmed += 1;
      return guessed;
    }
    const fitting = Math.floor(speed.draftTokens(path.length) / together());
    const most = Math.min(guessable, fitting, model.contextTokens - path.length - 1);
    const next = withinShape(draft(path, speed.draftCost(), most));
    const candidates = await call("decode", () => state.candidatesAfter(path, next), next.length);
    yield "token";
    return isDisplaced() ? DISPLACED : candidates;
  }

  return {
    prompt,
    promptTokens,
    startedMs,
    reused,
    get evaluated() {
      return evaluated;
    },
    get drafted() {
      return drafted;
    },
    get confirmed() {
      return confirmed;
    },
    discard: () => pool.discard(state),
    heldAfter: (path) => (state.countHeld(path) < path.length ? undefined : state.heldAt(path.length)),
    isKnown: (path) => state.recall(path) !== undefined,
    async *readPrompt() {
      if (state.recall(promptTokens) === undefined) {
        for (;;) {
          const slice = state.missing(promptTokens).slice(0, speed.sliceTokens());
          if (slice.length === 0) break;
          await call("prefill", () => state.prefill(promptTokens, slice));
          yield state.missing(promptTokens).length === 0 ? "token" : "slice";
          if (isDisplaced()) return DISPLACED;
        }
        await state.checkpoint();
      }
      return yield* follow(promptTokens);
    },
    follow,
  };
}
