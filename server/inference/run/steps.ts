// A request as a chain of small steps for the lane: warming evaluates the prompt, completing also generates the answer.
import type { ModelCompletion, ModelRequest } from "../inference-service.ts";
import type { LoadedModel } from "../loaded-model.ts";
import { isNearlyFull } from "../prompt/window.ts";
import { openEvaluation, openNextWindow, DISPLACED } from "./evaluation.ts";
import type { Evaluation, RunDeps, Steps } from "./evaluation.ts";
import { generate } from "./generate.ts";

/** A step that looks for a sequence runs alone: it may take one from the document whose tokens are evaluated beside it. */
const BEFORE_A_PLACE = "slice";

/**
 * Prefills only: the next completion at this place starts at once. Where the window is nearly full, the next one is read
 * as well, in a sequence of its own: the Enter that fills it would wait for that otherwise.
 */
export async function* warmSteps(
  request: ModelRequest,
  loaded: LoadedModel,
  deps: RunDeps,
): Steps<undefined> {
  for (;;) {
    const here = await openEvaluation(request, loaded, deps);
    const outcome = yield* readOrDiscard(here);
    if (outcome !== DISPLACED && !isNearlyFull(here.prompt.memory.window)) return undefined;
    yield BEFORE_A_PLACE;
    if (outcome === DISPLACED) continue;
    const next = await openNextWindow(request, loaded, deps);
    if (next !== undefined) yield* readOrDiscard(next);
    return undefined;
  }
}

async function* readOrDiscard(evaluation: Evaluation): ReturnType<Evaluation["readPrompt"]> {
  try {
    return yield* evaluation.readPrompt();
  } catch (error) {
    await evaluation.discard();
    throw error;
  }
}

export async function* completionSteps(
  request: ModelRequest,
  loaded: LoadedModel,
  deps: RunDeps,
): Steps<ModelCompletion> {
  let hasFailed = false;
  for (;;) {
    const evaluation = await openEvaluation(request, loaded, deps);
    try {
      const outcome = yield* generate(request, evaluation, loaded, deps);
      if (outcome !== DISPLACED) return outcome;
    } catch (error) {
      // After a rejected evaluation native state and ours differ: throw it away, and try once more from nothing.
      await evaluation.discard();
      if (hasFailed) throw error;
      hasFailed = true;
    }
    yield BEFORE_A_PLACE;
  }
}
