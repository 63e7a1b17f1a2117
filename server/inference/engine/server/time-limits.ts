// Time limits of one call: to connect, to the first token, between tokens, in all. Whatever runs out ends the call.
import { cancelled } from "../../../kernel/index.ts";
import type { Clock } from "../../../platform/index.ts";
import type { ServerFailure } from "./server-failure.ts";

/** All in milliseconds. */
export interface TimeLimits {
  readonly connectMs: number;
  readonly firstTokenMs: number;
  readonly betweenTokensMs: number;
  readonly totalMs: number;
}

/**
 * The rest follows from the time that a whole answer may take: a server that is there accepts within 3 seconds, half of the time may pass
 * with reading the prompt, and a quarter between two tokens (another request's batch took 3.6 s on two cores).
 */
export function limitsFor(timeoutMs: number): TimeLimits {
  return {
    connectMs: Math.min(3000, timeoutMs / 2),
    firstTokenMs: timeoutMs / 2,
    betweenTokensMs: timeoutMs / 4,
    totalMs: timeoutMs,
  };
}

export interface TimeKeeper {
  readonly signal: AbortSignal;
  connected(): void;
  /** A token came. */
  token(): void;
  readonly hasToken: boolean;
  /** Why it was ended here; undefined when the caller ended it, or nobody. */
  readonly timeout: ServerFailure | undefined;
  dispose(): void;
}

export function keepTime(clock: Clock, outer: AbortSignal, limits: TimeLimits): TimeKeeper {
  const controller = new AbortController();
  let timeout: ServerFailure | undefined;
  let hasToken = false;
  let unschedule: () => void = () => undefined;
  const end = (what: string, ms: number): void => {
    timeout ??= { kind: "timeout", reason: `${what} for ${seconds(ms)}` };
    controller.abort(cancelled());
  };
  const wait = (ms: number, what: string): void => {
    unschedule();
    unschedule = clock.schedule(ms, () => end(what, ms));
  };
  const onAbort = (): void => controller.abort(cancelled());
  outer.addEventListener("abort", onAbort, { once: true });
  if (outer.aborted) onAbort();
  const unscheduleTotal = clock.schedule(limits.totalMs, () =>
    end("did not finish its answer", limits.totalMs),
  );
  wait(limits.connectMs, "did not accept a connection");
  return {
    signal: controller.signal,
    connected() {
      if (!hasToken) wait(limits.firstTokenMs, "did not begin to answer");
    },
    token() {
      hasToken = true;
      wait(limits.betweenTokensMs, "stopped in the middle of its answer");
    },
    get hasToken() {
      return hasToken;
    },
    get timeout() {
      return timeout;
    },
    dispose() {
      unschedule();
      unscheduleTotal();
      outer.removeEventListener("abort", onAbort);
    },
  };
}

function seconds(ms: number): string {
  return ms < 950 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}
