// Keeps a caller's callbacks from harming the run: what they throw is logged, and none is called after the outcome.
import { describeError } from "../../kernel/index.ts";
import type { Log } from "../../platform/index.ts";
import type { ModelRequest } from "../inference-service.ts";

interface GuardedRequest {
  readonly request: ModelRequest;
  /** The request has its outcome. */
  end(): void;
}

export function guardRequest(request: ModelRequest, log: Log): GuardedRequest {
  const { findBlockEnd, onProgress } = request;
  if (findBlockEnd === undefined && onProgress === undefined) return { request, end: () => undefined };
  let isOver = false;
  const guard = <Value>(name: string, call: () => Value): Value | undefined => {
    if (isOver) return undefined;
    try {
      return call();
    } catch (error) {
      log.error({ error: describeError(error), callback: name }, "a caller of the model failed");
      return undefined;
    }
  };
  return {
    request: {
      ...request,
      findBlockEnd: (answer) => guard("findBlockEnd", () => findBlockEnd?.(answer)),
      onProgress(progress) {
        guard("onProgress", () => onProgress?.(progress));
      },
    },
    end() {
      isOver = true;
    },
  };
}
