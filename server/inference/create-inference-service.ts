// The room put together: lifecycle, lane and runs behind the interface of inference-service.ts.
import { createEmitter, describeError, fail, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import { noScratchFiles } from "../platform/index.ts";
import type { Clock, FolderFiles, Log, Machine, ScratchFiles } from "../platform/index.ts";
import type { Engine } from "./engine/engine.ts";
import { createLlamaEngine } from "./engine/in-process/llama-engine.ts";
import type {
  InferenceService,
  InferenceStatus,
  ModelCompletion,
  ModelFailure,
  ModelRequest,
} from "./inference-service.ts";
import { allParts } from "./inference-parts.ts";
import type { InferenceParts } from "./inference-parts.ts";
import { createLane } from "./lane.ts";
import { createCrashGuard } from "./lifecycle/crash-guard.ts";
import { createModelLifecycle } from "./lifecycle/model-lifecycle.ts";
import type { CatalogueEntry, ModelFetcher } from "./model-source.ts";
import { parsePromptFormats } from "./prompt/prompt-format.ts";
import type { RunDeps } from "./run/evaluation.ts";
import { guardRequest } from "./run/guard-request.ts";
import { completionSteps, warmSteps } from "./run/steps.ts";
import { createThreads } from "./threads.ts";

export interface InferenceSettings {
  /** "auto" uses a graphics device when one can hold layers. */
  readonly gpu: "auto" | "off";
  /** A fixed number of threads; undefined follows the machine's load. */
  readonly threads: number | undefined;
  /** Weights are given back after this time without work. */
  readonly idleUnloadMs: number;
  /** The context on a processor, where the user wants another than what most machines read in time. */
  readonly contextTokens?: number | undefined;
  /** Parts that a measurement switches off to see what they are worth; absent: all on. */
  readonly parts?: Partial<InferenceParts>;
}

export const defaultInferenceSettings: InferenceSettings = {
  gpu: "auto",
  threads: undefined,
  idleUnloadMs: 15 * 60_000,
};

export interface InferenceDeps {
  readonly supplier: ModelFetcher;
  /** Catalogue entries in order of preference; the first that can be had is used. Empty: no model. */
  readonly candidates: (signal: AbortSignal) => Promise<readonly CatalogueEntry[]>;
  /** The folder models/ of the package: prompt-formats.json is read from it. */
  readonly modelData: FolderFiles;
  /** The state folder: crash marks are kept in it. */
  readonly stateFiles: FolderFiles;
  /** States of documents that wait for a sequence are put aside there while they are open; absent: nowhere. */
  readonly scratch?: ScratchFiles;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: InferenceSettings;
  /** Undefined: llama.cpp in this process. */
  readonly engine?: Engine;
}

/** Download progress reaches listeners at most this often. */
const PROGRESS_MS = 250;
/** The step that runs when the service ends may take this long. */
const LAST_STEP_MS = 500;

export function createInferenceService(deps: InferenceDeps): InferenceService {
  const { clock, machine, settings } = deps;
  const log = deps.log.child({ room: "inference" });
  const engine = deps.engine ?? createLlamaEngine({ log, clock, gpu: settings.gpu });
  const threads = createThreads({ clock, machine, fixed: settings.threads });
  const emitter = createEmitter<InferenceStatus>();
  const formats = parsePromptFormats(deps.modelData.read("prompt-formats.json") ?? "");
  if (!formats.ok)
    log.error({ reason: formats.failure }, "the prompt formats cannot be read: prefix prompts only");
  const crashGuard = createCrashGuard({ files: deps.stateFiles, machine });
  let toldMs = Number.NEGATIVE_INFINITY;
  let toldKind = "";
  const totals = { requests: 0, evaluated: 0, reused: 0, generated: 0 };
  const backgroundTotals = { ...totals };

  const lifecycle = createModelLifecycle({
    engine,
    supplier: deps.supplier,
    candidates: deps.candidates,
    formats: formats.ok ? formats.value : new Map(),
    threads,
    parts: { ...allParts, ...settings.parts },
    contextTokens: settings.contextTokens,
    crashGuard,
    scratch: deps.scratch ?? noScratchFiles,
    clock,
    log,
    idleUnloadMs: settings.idleUnloadMs,
    onChange() {
      const { kind } = lifecycle.state;
      if (kind === toldKind && clock.nowMs() - toldMs < PROGRESS_MS) return;
      toldKind = kind;
      toldMs = clock.nowMs();
      emitter.emit(status());
    },
  });

  const lane = createLane({
    clock,
    onBusy: (isBusy) => lifecycle.setBusy(isBusy),
    onFailure: (error) => log.error({ error: describeError(error) }, "a request to the model failed"),
  });

  const runDeps = (submittedMs: number): RunDeps => ({
    clock,
    together: () => lane.together,
    submittedMs,
  });

  const status = (): InferenceStatus => {
    const { loaded, entry, state } = lifecycle;
    const device = engine.device();
    return {
      state,
      modelId: entry?.id,
      modelName: entry?.name,
      backend: device?.backend ?? "none",
      backendReason: device?.reason ?? "the engine has not been started",
      gpuDevices: device?.devices ?? [],
      gpuLayers: loaded?.model.gpuLayers ?? 0,
      threads: threads.choose("prefill"),
      memoryBytes: loaded?.model.memoryBytes ?? 0,
      contextTokens: loaded?.model.contextTokens ?? 0,
      ...(loaded?.format.degraded === undefined ? {} : { promptNote: loaded.format.degraded }),
      queueLength: lane.length,
      totals: { ...totals },
      backgroundTotals: { ...backgroundTotals },
      tokensPerSecond: {
        prefill: loaded?.speed.prefillPerSecond() ?? 0,
        decode: loaded?.speed.decodePerSecond() ?? 0,
      },
    };
  };

  const noteOutcome = (
    { requestClass }: ModelRequest,
    result: Result<ModelCompletion | undefined, ModelFailure>,
    submittedMs: number,
  ): void => {
    if (result.ok && result.value !== undefined) {
      const { stop, tokens, timing, isConfident } = result.value;
      log.debug({ requestClass, outcome: stop, isConfident, ...tokens, ...timing }, "completion");
      return;
    }
    const outcome = result.ok ? "not-ready" : result.failure.kind;
    log.debug({ requestClass, outcome, totalMs: clock.nowMs() - submittedMs }, "completion");
  };

  const isReachable = (): boolean => {
    const { kind } = lifecycle.state;
    return kind === "ready" || kind === "unloaded" || (kind === "loading" && lane.length > 0);
  };

  return {
    status,
    onStatus: (listener) => emitter.on(listener),
    prepare: () => lifecycle.prepare(),
    switchOn: () => lifecycle.switchOn(),
    async complete(request, signal): Promise<Result<ModelCompletion, ModelFailure>> {
      if (signal.aborted) return fail({ kind: "cancelled" });
      if (!isReachable()) return fail({ kind: "not-ready" });
      const submittedMs = clock.nowMs();
      const guarded = guardRequest(request, log);
      const result = await lane.submit<ModelCompletion | undefined>({
        document: request.document,
        requestClass: request.requestClass,
        signal,
        async *start() {
          const loaded = await lifecycle.use();
          return loaded === undefined
            ? undefined
            : yield* completionSteps(guarded.request, loaded, runDeps(submittedMs));
        },
      });
      guarded.end();
      noteOutcome(request, result, submittedMs);
      if (!result.ok) return result;
      if (result.value === undefined) return fail({ kind: "not-ready" });
      crashGuard.succeed(result.value.modelId);
      const counted = request.requestClass === "background" ? backgroundTotals : totals;
      counted.requests += 1;
      counted.evaluated += result.value.tokens.evaluated;
      counted.reused += result.value.tokens.reused;
      counted.generated += result.value.tokens.generated;
      return succeed(result.value);
    },
    warm(request) {
      // Weights that rest are not loaded for a guess.
      if (lifecycle.state.kind !== "ready") return;
      const submittedMs = clock.nowMs();
      void lane.submit({
        document: request.document,
        requestClass: "warming",
        signal: new AbortController().signal,
        async *start() {
          const { loaded } = lifecycle;
          if (loaded !== undefined) yield* warmSteps(request, loaded, runDeps(submittedMs));
        },
      });
    },
    forget(document) {
      lane.cancel(document);
      lifecycle.loaded?.pool.forget(document);
    },
    async dispose() {
      const limit = new Promise<void>((resolve) => clock.schedule(LAST_STEP_MS, resolve));
      await Promise.race([lane.dispose(), limit]);
      await lifecycle.dispose();
    },
  };
}
