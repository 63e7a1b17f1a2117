// A server of the user's own as a source of completions: asked, watched, left alone while it fails, asked again when it is back.
import { createEmitter, describeError, fail } from "../../../kernel/index.ts";
import type { Disposable, Result } from "../../../kernel/index.ts";
import type { Clock, HttpCalls, Log } from "../../../platform/index.ts";
import type { ModelCompletion, ModelFailure, ModelRequest, ServerStatus } from "../../inference-service.ts";
import type { PromptFormat } from "../../prompt/prompt-format.ts";
import { createAskServer, serverModelId, shortModelName } from "./ask-server.ts";
import type { AskServer } from "./ask-server.ts";
import { createBreaker } from "./breaker.ts";
import { createControlTexts } from "./control-texts.ts";
import { createExchange } from "./exchange.ts";
import { createHealthWatch } from "./health-watch.ts";
import { pause, pauseBeforeRetry } from "./retry.ts";
import type { ServerFailure } from "./server-failure.ts";
import { createServerLane } from "./server-lane.ts";
import type { ServerOptions } from "./server-options.ts";
import { checkHealth, controlsOf, describeServer } from "./server-profile.ts";
import type { ServerProfile } from "./server-profile.ts";
import { limitsFor } from "./time-limits.ts";

export interface ServerCompletions {
  /** All but `fellBack`, which is not known here. */
  status(): ServerStatus;
  /** Under which answers and the status name the model. */
  readonly modelId: string;
  readonly contextTokens: number;
  /** One sentence when the server's model cannot be asked in the way that the user named; undefined when it can. */
  readonly promptNote: string | undefined;
  readonly queueLength: number;
  /** After every change of the state. */
  onChange(listener: () => void): Disposable;
  /** Asks the server what it is, in the background. Idempotent. */
  prepare(): void;
  /** Forgets failures and asks again at once. */
  retryNow(): void;
  /** "not-ready": the server is left alone just now. */
  complete(request: ModelRequest, signal: AbortSignal): Promise<Result<ModelCompletion, ModelFailure>>;
  warm(request: ModelRequest): void;
  forget(document: string): void;
  /** Closes all connections; answers what waits. */
  dispose(): void;
}

export interface ServerCompletionsDeps {
  readonly options: ServerOptions;
  readonly calls: HttpCalls;
  readonly clock: Clock;
  readonly log: Log;
  /** 0..1, for pauses. */
  readonly random: () => number;
  readonly formats: ReadonlyMap<string, PromptFormat>;
  /** The name of the prompt format that the catalogue knows for a model's name. */
  readonly formatOf: (modelName: string) => string | undefined;
  readonly confidenceGate: number;
  /** What the user allows; undefined: what the server can read. */
  readonly contextTokens: number | undefined;
}

/** Requests in a row that were given up by their callers before a token came: with the time below a server that stands still. */
const SILENT_REQUESTS = 5;

export function createServerCompletions(deps: ServerCompletionsDeps): ServerCompletions {
  const { options, clock, calls } = deps;
  const log = deps.log.child({ server: options.name });
  const exchange = createExchange({ calls, clock, options });
  const controls = createControlTexts([...deps.formats.values()].flatMap(controlsOf));
  const changes = createEmitter<undefined>();
  const ending = new AbortController();
  const counts = { answered: 0, failed: 0, retried: 0 };
  let profile: ServerProfile | undefined;
  let asker: AskServer | undefined;
  let describing: Promise<Result<ServerProfile, ServerFailure>> | undefined;
  let downSince: string | undefined;
  let silence = { count: 0, ms: 0 };

  const breaker = createBreaker({
    clock,
    random: deps.random,
    onChange() {
      downSince = breaker.state === "closed" ? undefined : (downSince ?? clock.wallTime().toISOString());
      // Whoever comes back may be another server.
      if (breaker.state === "open") profile = undefined;
      const reason = breaker.lastFailure;
      if (breaker.state === "open") log.warn({ reason }, "the server is left alone for a while");
      if (breaker.state === "closed") log.info({}, "the server answers again");
      health.noteChange();
      changes.emit(undefined);
    },
  });
  const lane = createServerLane(options.maxConcurrent, (error) =>
    log.error({ error: describeError(error) }, "a request to the server failed"),
  );

  /**
   * What a failed attempt says about the next requests. Counted at once and not when the request ends: of somebody who types, most
   * requests are superseded while they wait to be sent again.
   */
  const note = ({ kind, reason, retryAfterMs }: ServerFailure, weight: "count" | "open" = "count"): void => {
    if (kind === "cancelled") return;
    log.debug({ kind, reason }, "the server did not answer");
    if (retryAfterMs !== undefined) breaker.pause(retryAfterMs);
    breaker.fail(reason, kind === "misconfigured" ? "final" : weight);
  };

  const describe = async (): Promise<Result<ServerProfile, ServerFailure>> => {
    if (profile !== undefined) return { ok: true, value: profile };
    describing ??= describeServer({ ...deps, exchange }, ending.signal).finally(() => {
      describing = undefined;
    });
    const result = await describing;
    // Known even if whoever asked has gone: as long as it cannot be said what the server is, it can answer nobody.
    if (!result.ok && breaker.state !== "open") note(result.failure, "open");
    if (!result.ok || profile !== undefined) return result;
    profile = result.value;
    asker = createAskServer({ ...deps, profile, exchange, controls });
    const { api, model, format, usesSuffix, degraded } = profile;
    log.info({ api, model, format: usesSuffix ? "suffix" : format.name, degraded }, "the server is known");
    changes.emit(undefined);
    return result;
  };

  const health = createHealthWatch({
    clock,
    breaker,
    async check() {
      const described = profile === undefined ? await describe() : undefined;
      if (described !== undefined) return described.ok ? undefined : described.failure;
      return checkHealth({ exchange, options }, profile, ending.signal);
    },
    onFailure: (failure) => note(failure, "open"),
  });

  const noteSilence = (ms: number): void => {
    silence = { count: silence.count + 1, ms: silence.ms + ms };
    if (silence.count < SILENT_REQUESTS || silence.ms < limitsFor(options.timeoutMs).firstTokenMs) return;
    breaker.fail(`did not begin to answer ${silence.count} requests in a row`, "open");
    silence = { count: 0, ms: 0 };
  };

  const answer = async (
    request: ModelRequest,
    submittedMs: number,
    signal: AbortSignal,
  ): Promise<Result<ModelCompletion, ServerFailure>> => {
    for (let count = 1; ; count += 1) {
      const described = await describe();
      const sentMs = clock.nowMs();
      let hasToken = false;
      const onToken = (): void => {
        hasToken = true;
        silence = { count: 0, ms: 0 };
      };
      const result: Result<ModelCompletion, ServerFailure> =
        described.ok && asker !== undefined
          ? await asker.complete(request, { submittedMs, onToken }, signal)
          : fail(described.ok ? { kind: "cancelled", reason: "was not waited for" } : described.failure);
      if (result.ok) return result;
      if (signal.aborted) {
        if (!hasToken) noteSilence(clock.nowMs() - sentMs);
        return fail({ kind: "cancelled", reason: "was not waited for" });
      }
      note(result.failure);
      // The local model can begin at once.
      if (breaker.state === "open") return result;
      const attempt = { count, requestClass: request.requestClass, elapsedMs: clock.nowMs() - submittedMs };
      const pauseMs = hasToken ? undefined : pauseBeforeRetry(result.failure, attempt, deps.random);
      if (pauseMs === undefined) return result;
      counts.retried += 1;
      await pause(clock, pauseMs, signal);
      if (signal.aborted) return fail({ kind: "cancelled", reason: "was not waited for" });
    }
  };

  return {
    status: () => ({
      name: options.name,
      isLoopback: options.isLoopback,
      isEncrypted: options.isEncrypted,
      state: stateOf(breaker.state, profile),
      api: profile?.api,
      model: shortModelName(profile?.model ?? options.model),
      promptFormat: profile === undefined ? undefined : asker?.promptFormat,
      downSince,
      lastError: breaker.lastFailure,
      counts: { ...counts, fellBack: 0 },
    }),
    get modelId() {
      return serverModelId(profile?.model ?? options.model, options);
    },
    get contextTokens() {
      return profile?.contextTokens ?? 0;
    },
    get promptNote() {
      return profile?.degraded;
    },
    get queueLength() {
      return lane.length;
    },
    onChange: (listener) => changes.on(listener),
    prepare() {
      health.noteUse();
      if (profile === undefined && describing === undefined && breaker.state === "closed") health.checkNow();
    },
    retryNow() {
      breaker.reset();
      health.checkNow();
    },
    async complete(request, signal) {
      const submittedMs = clock.nowMs();
      health.noteUse();
      return lane.submit<ModelCompletion>({
        document: request.document,
        requestClass: request.requestClass,
        signal,
        async run(own) {
          if (breaker.admit() === "refused") return fail({ kind: "not-ready" });
          const result = await answer(request, submittedMs, own);
          if (result.ok) {
            counts.answered += 1;
            breaker.succeed();
            health.noteSuccess();
            const { stop, tokens, timing } = result.value;
            log.debug(
              { requestClass: request.requestClass, outcome: stop, ...tokens, ...timing },
              "completion",
            );
            return result;
          }
          if (result.failure.kind === "cancelled") {
            breaker.release();
            return fail({ kind: "cancelled" });
          }
          counts.failed += 1;
          return fail({ kind: "failed", reason: `the server ${options.name} ${result.failure.reason}` });
        },
      });
    },
    warm(request) {
      if (breaker.state !== "closed" || profile === undefined || asker?.canWarm !== true) return;
      const { document } = request;
      void lane.submit<undefined>({
        document,
        requestClass: "warming",
        signal: ending.signal,
        async run(own) {
          const failure = await asker?.warm(request, own);
          if (failure !== undefined && !own.aborted) note(failure);
          return { ok: true, value: undefined };
        },
      });
    },
    forget(document) {
      lane.cancel(document);
      asker?.forget(document);
    },
    dispose() {
      health.dispose();
      ending.abort();
      lane.dispose();
      calls.close();
    },
  };
}

function stateOf(
  state: "closed" | "open" | "half-open",
  profile: ServerProfile | undefined,
): ServerStatus["state"] {
  if (state === "open") return "down";
  if (state === "half-open") return "trial";
  return profile === undefined ? "connecting" : "up";
}
