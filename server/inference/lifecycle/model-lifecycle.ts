// From a catalogue entry to a model that answers, and back when it rests: fetch, load, unload after idle time, retry.
import { describeError } from "../../kernel/index.ts";
import type { Clock, Log, ScratchFiles } from "../../platform/index.ts";
import { CONTEXT_SIZES, SEQUENCES } from "../context-sizes.ts";
import type { ContextSize, Engine } from "../engine/engine.ts";
import type { InferenceParts } from "../inference-parts.ts";
import type { ModelState } from "../inference-service.ts";
import { createLoadedModel } from "../loaded-model.ts";
import type { LoadedModel } from "../loaded-model.ts";
import type { CatalogueEntry, ModelFetcher } from "../model-source.ts";
import type { PromptFormat } from "../prompt/prompt-format.ts";
import type { Threads } from "../threads.ts";
import type { CrashGuard } from "./crash-guard.ts";

interface LifecycleDeps {
  readonly engine: Engine;
  readonly supplier: ModelFetcher;
  /** In order of preference: the first that can be had is used. May ask the network which one fits. */
  readonly candidates: (signal: AbortSignal) => Promise<readonly CatalogueEntry[]>;
  readonly formats: ReadonlyMap<string, PromptFormat>;
  readonly threads: Threads;
  readonly parts: InferenceParts;
  /** On a processor; undefined: what most machines read in time. */
  readonly contextTokens: number | undefined;
  readonly crashGuard: CrashGuard;
  /** Where documents' states are put aside. */
  readonly scratch: ScratchFiles;
  readonly clock: Clock;
  readonly log: Log;
  readonly idleUnloadMs: number;
  /** Called after every change of the state. */
  readonly onChange: () => void;
}

interface ModelLifecycle {
  readonly state: ModelState;
  /** The entry that is used, or tried just now. */
  readonly entry: CatalogueEntry | undefined;
  readonly loaded: LoadedModel | undefined;
  prepare(): void;
  switchOn(): void;
  /** The loaded model; loads again what was unloaded. Undefined when there is none, or not yet. */
  use(): Promise<LoadedModel | undefined>;
  /** Work starts or has ended: keeps the crash mark, and the time until the weights are given back. */
  setBusy(isBusy: boolean): void;
  dispose(): Promise<void>;
}

/** After a failure: half a minute, doubling to a quarter of an hour. */
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 900_000;
/** The crash mark is not removed and written again between the keys of one typing burst. */
const MARK_REST_MS = 3000;
/** For a load or an unload that is under way, and for freeing the model. */
const DISPOSE_LIMIT_MS = 500;

export function createModelLifecycle(deps: LifecycleDeps): ModelLifecycle {
  const { clock, crashGuard, engine, log, supplier } = deps;
  let state: ModelState = { kind: "off", reason: "the model was not asked for yet" };
  let entry: CatalogueEntry | undefined;
  let file: string | undefined;
  let loaded: LoadedModel | undefined;
  /** Loads and unloads follow each other. */
  let queue: Promise<unknown> = Promise.resolve();
  let reloading: Promise<LoadedModel | undefined> | undefined;
  let isPreparing = false;
  let retryMs = FIRST_RETRY_MS;
  /** While it is set, nothing is tried: a retry is scheduled, or trying again would only cost. */
  let cancelRetry: (() => void) | undefined;
  let isHopeful = false;
  let cancelIdle: (() => void) | undefined;
  let cancelRest: (() => void) | undefined;
  const ending = new AbortController();

  const change = (next: ModelState): void => {
    state = next;
    deps.onChange();
  };

  /** The reason when it fails. */
  const load = async (candidate: CatalogueEntry, path: string): Promise<string | undefined> => {
    change({ kind: "loading" });
    const parameters = { file: path, threads: deps.threads.most, sequences: SEQUENCES };
    crashGuard.enter({ modelId: candidate.id, phase: "loading", parameters });
    const sinceMs = clock.nowMs();
    // All cells are taken now (the small model: 23 kB each): a second editor takes no more memory than the first one.
    const { processor } = CONTEXT_SIZES;
    const fit = (size: ContextSize): ContextSize => ({
      ...size,
      contextTokens: Math.min(size.contextTokens, candidate.contextTokens),
    });
    const result = await engine.load({
      file: path,
      sequences: SEQUENCES,
      onProcessor: fit({ ...processor, contextTokens: deps.contextTokens ?? processor.contextTokens }),
      onDevice: fit(CONTEXT_SIZES.graphics),
      threads: deps.threads.most,
      signal: ending.signal,
    });
    crashGuard.leave();
    if (!result.ok) {
      isHopeful ||= result.failure.kind === "no-memory";
      return result.failure.reason;
    }
    if (ending.signal.aborted) {
      await result.value.dispose();
      return "the daemon ends";
    }
    const format = deps.formats.get(candidate.promptFormat);
    loaded = createLoadedModel(
      candidate,
      result.value,
      format,
      deps.threads,
      deps.parts,
      clock,
      deps.scratch,
    );
    file = path;
    const { degraded } = loaded.format;
    if (degraded !== undefined)
      log.warn({ model: candidate.id, degraded }, "the prompt format cannot be used");
    log.info({ model: candidate.id, ms: Math.round(clock.nowMs() - sinceMs) }, "the model is loaded");
    retryMs = FIRST_RETRY_MS;
    change({ kind: "ready" });
    rest();
    return undefined;
  };

  const obtain = async (
    candidate: CatalogueEntry,
  ): Promise<{ readonly path: string } | { readonly reason: string }> => {
    const found = await supplier.find(candidate);
    if (found !== undefined) return { path: found };
    change({ kind: "downloading", receivedBytes: 0, totalBytes: undefined });
    const fetched = await supplier.fetch(candidate, {
      signal: ending.signal,
      onProgress: ({ receivedBytes, totalBytes, phase }) =>
        change({ kind: "downloading", receivedBytes, totalBytes, phase }),
      onNotice: (sentence) => log.warn({ model: candidate.id }, sentence),
    });
    if (fetched.ok) return { path: fetched.value };
    // Fetching a file with the wrong hash again and again would cost gigabytes; a network comes back.
    isHopeful ||= fetched.failure.kind === "unreachable" || fetched.failure.kind === "offline";
    return { reason: supplier.explain(fetched.failure) };
  };

  const tryAll = async (): Promise<ModelState> => {
    let outcome: ModelState = { kind: "off", reason: "no model is configured" };
    for (const candidate of await deps.candidates(ending.signal)) {
      if (ending.signal.aborted) break;
      entry = candidate;
      const why = crashGuard.whyOff(candidate.id);
      if (why !== undefined) {
        outcome = {
          kind: "off",
          reason: `${why}; it is switched off until it is switched on again`,
          remedy: `\`hearth models retry\` switches ${candidate.name} on again; known names are completed meanwhile.`,
        };
        log.warn({ model: candidate.id }, outcome.reason);
        continue;
      }
      const obtained = await obtain(candidate);
      if ("reason" in obtained) {
        log.warn({ model: candidate.id, reason: obtained.reason }, "the model cannot be had");
        outcome = {
          kind: "missing",
          reason: obtained.reason,
          remedy: `run \`hearth doctor\` to see what is missing for ${candidate.name}`,
        };
        continue;
      }
      const reason = await load(candidate, obtained.path);
      if (reason === undefined) return state;
      log.error({ model: candidate.id, reason }, "the model does not load");
      outcome = { kind: "failed", reason };
    }
    return outcome;
  };

  const prepare = (): void => {
    const isWanted = state.kind === "off" || state.kind === "missing" || state.kind === "failed";
    if (isPreparing || !isWanted || cancelRetry !== undefined || ending.signal.aborted) return;
    isPreparing = true;
    isHopeful = false;
    queue = queue.then(tryAll).then(
      (outcome) => {
        isPreparing = false;
        if (ending.signal.aborted) return;
        if (outcome !== state) change(outcome);
        if (outcome.kind === "missing" || outcome.kind === "failed") retryLater();
      },
      (error: unknown) => {
        isPreparing = false;
        log.error({ error: describeError(error) }, "preparing the model failed");
        change({ kind: "failed", reason: describeError(error) });
        retryLater();
      },
    );
  };

  const retryLater = (): void => {
    if (ending.signal.aborted) return;
    const isAutomatic = isHopeful;
    // Without hope a new session may ask again after a while, and `switchOn` at once.
    cancelRetry = clock.schedule(isAutomatic ? retryMs : LONGEST_RETRY_MS, () => {
      cancelRetry = undefined;
      if (isAutomatic) prepare();
    });
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
  };

  const unload = (): void => {
    const resting = loaded;
    if (resting === undefined) return;
    loaded = undefined;
    resting.saved.clear();
    change({ kind: "unloaded" });
    log.info({ model: resting.entry.id }, "the model rests: its weights are unloaded");
    queue = queue
      .then(() => resting.model.dispose())
      .catch((error: unknown) => {
        log.warn({ error: describeError(error) }, "unloading the model failed");
      });
  };

  const rest = (): void => {
    cancelIdle?.();
    cancelIdle = clock.schedule(deps.idleUnloadMs, unload);
  };

  const reload = (candidate: CatalogueEntry, path: string): Promise<LoadedModel | undefined> => {
    const loading = queue
      .then(() => load(candidate, path))
      .then(
        (reason) => reason,
        (error: unknown) => describeError(error),
      );
    queue = loading;
    return loading.then((reason) => {
      reloading = undefined;
      if (reason === undefined) return loaded;
      change({ kind: "failed", reason });
      retryLater();
      return undefined;
    });
  };

  return {
    get state() {
      return state;
    },
    get entry() {
      return entry;
    },
    get loaded() {
      return loaded;
    },
    prepare,
    switchOn() {
      crashGuard.forgive();
      cancelRetry?.();
      cancelRetry = undefined;
      retryMs = FIRST_RETRY_MS;
      prepare();
    },
    async use() {
      if (loaded !== undefined) return loaded;
      if (reloading !== undefined) return reloading;
      if (state.kind !== "unloaded" || entry === undefined || file === undefined) return undefined;
      reloading = reload(entry, file);
      return reloading;
    },
    setBusy(isBusy) {
      cancelIdle?.();
      cancelRest?.();
      if (!isBusy) {
        rest();
        cancelRest = clock.schedule(MARK_REST_MS, () => crashGuard.leave());
        return;
      }
      if (loaded === undefined) return;
      const { gpuLayers, contextTokens } = loaded.model;
      crashGuard.enter({
        modelId: loaded.entry.id,
        phase: "working",
        parameters: { file: file ?? "", gpuLayers, contextTokens, threads: deps.threads.most },
      });
    },
    async dispose() {
      ending.abort();
      cancelRetry?.();
      cancelIdle?.();
      cancelRest?.();
      const resting = loaded;
      loaded = undefined;
      resting?.saved.clear();
      const limit = new Promise<void>((resolve) => clock.schedule(DISPOSE_LIMIT_MS, resolve));
      await Promise.race([queue, limit]);
      const freed = resting?.model.dispose().catch((error: unknown) => {
        log.warn({ error: describeError(error) }, "unloading the model failed");
      });
      await Promise.race([freed, limit]);
      await engine.dispose();
      crashGuard.leave();
      change({ kind: "off", reason: "the daemon ends" });
    },
  };
}
