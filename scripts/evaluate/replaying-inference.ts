// An inference service that runs each question once and answers it again from memory, so that variants cost the model nothing twice.
import type { InferenceService, ModelCompletion, ModelRequest } from "../../server/inference/index.ts";

export interface ReplayingInference {
  readonly service: InferenceService;
  /** What the model answered to the last question asked through `service` since this was called before. */
  takeLast(): ModelCompletion | undefined;
  /** Another document comes. */
  clear(): void;
}

export function createReplayingInference(inner: InferenceService): ReplayingInference {
  const known = new Map<string, ReturnType<InferenceService["complete"]>>();
  const never = new AbortController().signal;
  let last: ModelCompletion | undefined;

  const ask = async (request: ModelRequest): ReturnType<InferenceService["complete"]> => {
    const { before, after, shape, maxTokens, names, document } = request;
    const key = JSON.stringify([document, before, after.length, shape, maxTokens, names]);
    const running = known.get(key) ?? inner.complete(request, never);
    known.set(key, running);
    const result = await running;
    if (!result.ok) return result;
    last = result.value;
    const { text, pieces, names: scored } = result.value;
    request.onProgress?.({ text, pieces, names: scored });
    return result;
  };

  return {
    service: {
      ...inner,
      // What is looked at ahead of a question serves typing, not this measurement.
      complete: (request) =>
        request.requestClass === "background"
          ? Promise.resolve({ ok: false, failure: { kind: "cancelled" } })
          : ask(request),
      warm: () => undefined,
    },
    takeLast() {
      const taken = last;
      last = undefined;
      return taken;
    },
    clear() {
      known.clear();
      last = undefined;
    },
  };
}
