// Runs one request and sees to it that it is answered once and in time, whatever its handler does.
import { describeError, isCancelled } from "../kernel/index.ts";
import type { BugRecorder } from "../kernel/index.ts";
import type { Clock, Log } from "../platform/index.ts";
import type { ClientProfile } from "../protocol/index.ts";
import { errorCodes } from "../protocol/index.ts";
import type { EarlyEnd, RequestArrival } from "./arrivals.ts";
import { endEarly } from "./arrivals.ts";
import type { Breakers } from "./breakers.ts";
import { responseError } from "./library.ts";
import type { RequestContext, RequestRoute } from "./route.ts";

export interface AnsweringDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly bugs: BugRecorder;
  readonly client: () => ClientProfile;
  /** The context for a document, or undefined when it is not open; called in the turn of the message. */
  readonly contextFor: (uri: string, signal: AbortSignal) => RequestContext | undefined;
  readonly breakers: Breakers;
  readonly onAnswered: (record: RequestRecord) => void;
}

/** One line of the log: no user text. */
export interface RequestRecord {
  readonly method: string;
  readonly executionClass: string;
  /** From arrival until the handler began. */
  readonly queueMs: number;
  readonly runMs: number;
  /** The part of `runMs` in which the event loop was held by the handler's first turn. */
  readonly turnMs: number;
  readonly outcome: "answered" | "not-open" | "switched-off" | "failed" | EarlyEnd;
}

type Outcome =
  | { readonly kind: "answered"; readonly value: unknown }
  | { readonly kind: "failed"; readonly error: unknown };

/** Resolves with the answer; throws only the error response of a cancelled request. */
export async function answerRequest(arrival: RequestArrival, deps: AnsweringDeps): Promise<unknown> {
  const { work } = arrival;
  if (work === undefined)
    throw responseError(errorCodes.methodNotFound, `hearth has no method ${arrival.method}`);
  const { route, accepted } = work;
  const startedMs = deps.clock.nowMs();
  const record = (outcome: RequestRecord["outcome"], turnMs: number): void =>
    deps.onAnswered({
      method: route.method,
      executionClass: route.executionClass,
      queueMs: startedMs - arrival.arrivedMs,
      runMs: deps.clock.nowMs() - startedMs,
      turnMs,
      outcome,
    });
  const empty = (): unknown => route.empty(deps.client(), accepted.params);

  if (arrival.earlyEnd !== undefined) {
    record(arrival.earlyEnd, 0);
    return answerEarly(arrival.earlyEnd, empty);
  }
  const controller = new AbortController();
  const context = deps.contextFor(accepted.uri, controller.signal);
  if (context === undefined) {
    record("not-open", 0);
    return empty();
  }
  const language = context.snapshot.language?.id ?? "";
  if (deps.breakers.isOff(route.method, language)) {
    record("switched-off", 0);
    return empty();
  }

  const early = new Promise<undefined>((resolve) => {
    arrival.onEarlyEnd = () => resolve(undefined);
  });
  const stopDeadline = deps.clock.schedule(remainingMs(route, arrival, startedMs), () =>
    endEarly(arrival, "deadline"),
  );
  const running = startHandler(() => accepted.run(context));
  const turnMs = deps.clock.nowMs() - startedMs;
  const outcome = await Promise.race([running, early]);
  stopDeadline();
  // Late work is of no use to anybody, and a finished handler does not mind.
  controller.abort();

  if (outcome === undefined) {
    const reason = arrival.earlyEnd ?? "ended";
    record(reason, turnMs);
    return answerEarly(reason, empty);
  }
  if (outcome.kind === "answered") {
    record("answered", turnMs);
    deps.breakers.succeeded(route.method, language);
    return outcome.value;
  }
  record("failed", turnMs);
  // Broken features answer "nothing" and are recorded: an error would make some clients ask again at every key.
  if (!isCancelled(outcome.error)) {
    deps.breakers.failed(route.method, language);
    deps.bugs.report(`request ${route.method}`, outcome.error);
    deps.log.error({ method: route.method, error: describeError(outcome.error) }, "a request failed");
  }
  return empty();
}

async function startHandler(run: () => unknown): Promise<Outcome> {
  try {
    return { kind: "answered", value: await run() };
  } catch (error) {
    return { kind: "failed", error };
  }
}

function answerEarly(reason: EarlyEnd, empty: () => unknown): unknown {
  if (reason === "cancelled")
    throw responseError(errorCodes.requestCancelled, "the client cancelled the request");
  return empty();
}

function remainingMs(route: RequestRoute, arrival: RequestArrival, nowMs: number): number {
  return Math.max(0, arrival.arrivedMs + route.deadlineMs - nowMs);
}
