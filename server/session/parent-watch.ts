// The backup for editors that vanish without closing their end: looks now and then whether their process still runs.
import type { Disposable } from "../kernel/index.ts";
import { onDispose } from "../kernel/index.ts";
import type { Clock } from "../platform/index.ts";

const LOOK_EVERY_MS = 3000;

/** A process that cannot be seen from the start lives in another pid namespace or on another machine: it is not watched. */
export function watchParent(
  processId: number | undefined,
  deps: {
    readonly isProcessAlive: (pid: number) => boolean;
    readonly clock: Clock;
    readonly onGone: () => void;
  },
): Disposable {
  if (processId === undefined || processId <= 0 || !deps.isProcessAlive(processId)) {
    return onDispose(() => undefined);
  }
  let stop = (): void => undefined;
  const look = (): void => {
    if (deps.isProcessAlive(processId)) stop = deps.clock.schedule(LOOK_EVERY_MS, look);
    else deps.onGone();
  };
  stop = deps.clock.schedule(LOOK_EVERY_MS, look);
  return onDispose(() => stop());
}
