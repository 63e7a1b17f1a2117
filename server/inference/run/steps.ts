// A request as a chain of small steps for the lane: warming evaluates the prompt, completing also generates the answer.
import type { ModelCompletion, ModelRequest } from "../inference-service.ts";
import type { LoadedModel } from "../loaded-model.ts";
import { openEvaluation, DISPLACED } from "./evaluation.ts";
import type { RunDeps, Steps } from "./evaluation.ts";
import { generate } from "./generate.ts";

/** Prefills only: the next completion at this place starts at once. */
export async function* warmSteps(
  request: ModelRequest,
  loaded: LoadedModel,
  deps: RunDeps,
): Steps<undefined> {
  for (;;) {
    const evaluation = await openEvaluation(request, loaded, deps);
    try {
      const outcome = yield* evaluation.readPrompt();
      if (outcome !== DISPLACED) return undefined;
    } catch (error) {
      await evaluation.discard();
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
  }
}
