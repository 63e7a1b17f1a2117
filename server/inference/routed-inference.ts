// Two sources of completions behind one interface: the user's server, and the local model while the server cannot answer.
import { createEmitter, fail } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import type { Clock } from "../platform/index.ts";
import { isStillUseful } from "./engine/server/retry.ts";
import type { ServerCompletions } from "./engine/server/server-completions.ts";
import type {
  InferenceService,
  InferenceStatus,
  ModelCompletion,
  ModelFailure,
  ModelRequest,
  ModelState,
  ServerStatus,
} from "./inference-service.ts";

/**
 * The local model is prepared when the server fails for the first time, not before: as long as the server works its memory is free.
 * A request that the server does not answer goes to the local model while its answer is still of use.
 */
export function createRoutedInference(deps: {
  readonly server: ServerCompletions;
  readonly local: InferenceService;
  /** False where the settings switch the local model off: then a server that is down is all there is to say. */
  readonly hasLocal: boolean;
  readonly clock: Clock;
}): InferenceService {
  const { server, local, clock, hasLocal } = deps;
  const emitter = createEmitter<InferenceStatus>();
  const latest = new Map<string, AbortController>();
  const totals = { requests: 0, evaluated: 0, reused: 0, generated: 0 };
  let fellBack = 0;

  const isServing = (): boolean => {
    const { state } = server.status();
    return state === "up" || state === "connecting" || !hasLocal;
  };

  const status = (): InferenceStatus => {
    const mine = server.status();
    const theirs = local.status();
    const shared = {
      queueLength: server.queueLength + theirs.queueLength,
      totals: {
        requests: totals.requests + theirs.totals.requests,
        evaluated: totals.evaluated + theirs.totals.evaluated,
        reused: totals.reused + theirs.totals.reused,
        generated: totals.generated + theirs.totals.generated,
      },
      server: { ...mine, counts: { ...mine.counts, fellBack } },
    };
    if (!isServing()) return { ...theirs, ...shared };
    return {
      ...theirs,
      ...shared,
      state: stateOf(mine),
      modelId: server.modelId,
      modelName: mine.model === undefined ? `the model at ${mine.name}` : `${mine.model} at ${mine.name}`,
      backend: "server",
      backendReason: "the settings name a server",
      gpuDevices: [],
      gpuLayers: 0,
      contextTokens: server.contextTokens,
      promptNote: server.promptNote,
    };
  };

  const tell = (): void => emitter.emit(status());
  const subscriptions = [
    server.onChange(() => {
      if (!isServing()) local.prepare();
      tell();
    }),
    local.onStatus(() => {
      if (!isServing()) tell();
    }),
  ];

  const ask = async (
    request: ModelRequest,
    signal: AbortSignal,
  ): Promise<Result<ModelCompletion, ModelFailure>> => {
    const submittedMs = clock.nowMs();
    const first = await server.complete(request, signal);
    if (first.ok) {
      // Work ahead is asked before anybody waits: it is in the server's own counts only.
      if (request.requestClass === "background") return first;
      totals.requests += 1;
      totals.evaluated += first.value.tokens.evaluated;
      totals.reused += first.value.tokens.reused;
      totals.generated += first.value.tokens.generated;
      return first;
    }
    if (first.failure.kind === "cancelled" || first.failure.kind === "superseded" || signal.aborted)
      return first;
    if (!hasLocal || !isStillUseful(request.requestClass, clock.nowMs() - submittedMs)) return first;
    const second = await local.complete(request, signal);
    if (second.ok) fellBack += 1;
    // Why the server failed says more than that the local model is not loaded yet.
    return !second.ok && second.failure.kind === "not-ready" ? first : second;
  };

  return {
    status,
    onStatus: (listener) => emitter.on(listener),
    prepare() {
      server.prepare();
      if (!isServing()) local.prepare();
    },
    switchOn() {
      server.retryNow();
      if (hasLocal) local.switchOn();
    },
    async complete(request, signal) {
      if (signal.aborted) return fail({ kind: "cancelled" });
      // Each source supersedes its own requests only, and an older one may be at the other.
      const key = `${request.requestClass} ${request.document}`;
      latest.get(key)?.abort();
      const own = new AbortController();
      const onAbort = (): void => own.abort();
      signal.addEventListener("abort", onAbort, { once: true });
      latest.set(key, own);
      const result = await ask(request, own.signal);
      signal.removeEventListener("abort", onAbort);
      if (latest.get(key) === own) latest.delete(key);
      const isReplaced = own.signal.aborted && !signal.aborted;
      return isReplaced && (result.ok || result.failure.kind === "cancelled")
        ? fail({ kind: "superseded" })
        : result;
    },
    warm(request) {
      if (isServing()) server.warm(request);
      else local.warm(request);
    },
    forget(document) {
      server.forget(document);
      local.forget(document);
    },
    async dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      server.dispose();
      await local.dispose();
    },
  };
}

/** The local model alone, with a status that says why the server in the settings is not used. */
export function withUnusedServer(local: InferenceService, reason: string): InferenceService {
  const server: ServerStatus = {
    name: "in the settings",
    isLoopback: false,
    isEncrypted: false,
    state: "unused",
    api: undefined,
    model: undefined,
    promptFormat: undefined,
    downSince: undefined,
    lastError: reason,
    counts: { answered: 0, failed: 0, retried: 0, fellBack: 0 },
  };
  return {
    ...local,
    status: () => ({ ...local.status(), server }),
    onStatus: (listener) => local.onStatus((status) => listener({ ...status, server })),
  };
}

function stateOf({ state, name, lastError }: ReturnType<ServerCompletions["status"]>): ModelState {
  switch (state) {
    case "up":
      return { kind: "ready" };
    case "connecting":
    case "trial":
      return { kind: "loading" };
    case "down":
    case "unused":
      return { kind: "failed", reason: `the server ${name} ${lastError ?? "cannot be used"}` };
  }
}
