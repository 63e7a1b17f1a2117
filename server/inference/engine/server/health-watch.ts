// Looks at the server in the background while somebody uses it: finds out that it died before a key does, and that it is back.
import { describeError } from "../../../kernel/index.ts";
import type { Clock } from "../../../platform/index.ts";
import type { Breaker } from "./breaker.ts";
import type { ServerFailure } from "./server-failure.ts";

export interface HealthWatch {
  /** Somebody types: the watch goes on for a while. */
  noteUse(): void;
  /** The server answered: that is as good as a check. */
  noteSuccess(): void;
  /** The breaker opened or closed: the next look is due at another time. */
  noteChange(): void;
  checkNow(): void;
  dispose(): void;
}

const EVERY_MS = 30_000;
/** Nobody typed for so long: the server is left in peace until somebody does. */
const IN_USE_MS = 300_000;

export function createHealthWatch(deps: {
  readonly clock: Clock;
  readonly breaker: Breaker;
  /** Why the server cannot work now; undefined: it can. */
  readonly check: () => Promise<ServerFailure | undefined>;
  readonly onFailure: (failure: ServerFailure) => void;
}): HealthWatch {
  const { clock, breaker } = deps;
  let usedMs = Number.NEGATIVE_INFINITY;
  let succeededMs = Number.NEGATIVE_INFINITY;
  let unschedule: (() => void) | undefined;
  let isChecking = false;
  let isDisposed = false;

  const plan = (): void => {
    unschedule?.();
    unschedule = undefined;
    const nowMs = clock.nowMs();
    if (isDisposed || nowMs - usedMs > IN_USE_MS) return;
    const waitMs = breaker.untilMs === undefined ? EVERY_MS : Math.max(0, breaker.untilMs - nowMs);
    unschedule = clock.schedule(waitMs, () => {
      unschedule = undefined;
      if (breaker.state === "closed" && clock.nowMs() - succeededMs < EVERY_MS) plan();
      else check();
    });
  };

  const check = (): void => {
    if (isChecking || isDisposed) return;
    isChecking = true;
    deps
      .check()
      .catch((error: unknown): ServerFailure => ({ kind: "server-error", reason: describeError(error) }))
      .then((failure) => {
        isChecking = false;
        if (isDisposed) return;
        if (failure !== undefined) deps.onFailure(failure);
        else breaker.hope();
        plan();
      })
      .catch((error: unknown) => {
        deps.onFailure({ kind: "server-error", reason: describeError(error) });
      });
  };

  return {
    noteUse() {
      usedMs = clock.nowMs();
      if (unschedule === undefined && !isChecking) plan();
    },
    noteSuccess() {
      succeededMs = clock.nowMs();
    },
    noteChange: plan,
    checkNow: check,
    dispose() {
      isDisposed = true;
      unschedule?.();
    },
  };
}
