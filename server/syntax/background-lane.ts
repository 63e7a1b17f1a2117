// Background work of the room, one slice per turn of the event loop, in turn for all who wait.
import type { BugRecorder, Foreground } from "../kernel/index.ts";
import type { Clock } from "../platform/index.ts";

/** Does up to one slice of work; answers whether the task has ended. */
export type Slice = (deadlineMs: number) => boolean;

export interface BackgroundLane {
  /** `idle` tasks get a slice only when no other task is left. The returned function takes the task out. */
  add(slice: Slice, urgency: "normal" | "idle"): () => void;
  dispose(): void;
}

const MOST_STAND_BACK_MS = 100;

export function createBackgroundLane(deps: {
  readonly clock: Clock;
  readonly bugs: BugRecorder;
  readonly sliceMs: number;
  /** Absent: nobody's message ever waits. */
  readonly foreground?: Pick<Foreground, "isWaiting">;
}): BackgroundLane {
  const normal: Slice[] = [];
  const idle: Slice[] = [];
  let isRunning = false;

  /**
   * A message takes several turns of the event loop to its answer, and each key several messages: a slice in every one
   * of these turns would be felt (measured: up to 40 ms a key). Whoever waits longer than this is no key.
   */
  const standBack = async (): Promise<void> => {
    const untilMs = deps.clock.nowMs() + MOST_STAND_BACK_MS;
    do await deps.clock.yieldTurn();
    while (deps.foreground?.isWaiting === true && deps.clock.nowMs() < untilMs);
  };

  const remove = (queue: Slice[], slice: Slice): void => {
    const index = queue.indexOf(slice);
    if (index !== -1) queue.splice(index, 1);
  };

  const run = async (): Promise<void> => {
    for (;;) {
      await standBack();
      const queue = normal.length > 0 ? normal : idle;
      const slice = queue.shift();
      if (slice === undefined) break;
      queue.push(slice);
      let hasEnded = true;
      try {
        hasEnded = slice(deps.clock.nowMs() + deps.sliceMs);
      } catch (error) {
        deps.bugs.report("syntax-background-slice", error);
      }
      if (hasEnded) remove(queue, slice);
    }
    isRunning = false;
  };

  return {
    add(slice, urgency) {
      const queue = urgency === "normal" ? normal : idle;
      queue.push(slice);
      if (!isRunning) {
        isRunning = true;
        void run();
      }
      return () => remove(queue, slice);
    },
    dispose() {
      normal.length = 0;
      idle.length = 0;
    },
  };
}
