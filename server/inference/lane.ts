// One lane per model: work in small steps, the most urgent first, documents in turn, and exactly one outcome for every request.
import { describeError, fail, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import type { Clock } from "../platform/index.ts";
import type { ModelFailure, RequestClass } from "./inference-service.ts";
import { createTurns } from "./turns.ts";
import type { StepKind } from "./turns.ts";

export interface LaneTask<Value> {
  readonly document: string;
  readonly requestClass: RequestClass;
  readonly signal: AbortSignal;
  /**
   * Called when the task's turn comes first; each `yield` ends a step and says what the next one is. `finally` blocks run
   * when it is ended early.
   */
  start(): AsyncGenerator<StepKind, Value, undefined>;
}

export interface Lane {
  /** A newer task of the same document and class ends an older one; who is cancelled is answered at once. */
  submit<Value>(task: LaneTask<Value>): Promise<Result<Value, ModelFailure>>;
  /** Tasks that have no outcome yet. */
  readonly length: number;
  /** Steps that run at this moment: their calls of the model become one. */
  readonly together: number;
  /** Ends the document's tasks as cancelled. */
  cancel(document: string): void;
  /** Ends every task as cancelled and takes no more; resolves when the step that runs has ended. */
  dispose(): Promise<void>;
}

interface Entry {
  readonly task: LaneTask<unknown>;
  readonly settle: (result: Result<unknown, ModelFailure>) => void;
  readonly document: string;
  readonly requestClass: RequestClass;
  readonly isStarted: boolean;
  steps: AsyncGenerator<StepKind, unknown, undefined> | undefined;
  nextStep: StepKind;
  isSettled: boolean;
  /** Steps that ran for others since this one had its last. */
  waitedSteps: number;
}

export function createLane(deps: {
  readonly clock: Pick<Clock, "nowMs">;
  /** Told when the last task has its outcome, and when the first of new ones comes. */
  readonly onBusy?: (isBusy: boolean) => void;
  readonly onFailure?: (error: unknown) => void;
}): Lane {
  const { clock } = deps;
  const turns = createTurns();
  let entries: Entry[] = [];
  let running: Promise<void> | undefined;
  let isDisposed = false;
  let together = 0;

  const settle = (entry: Entry, result: Result<unknown, ModelFailure>): void => {
    if (entry.isSettled) return;
    entry.isSettled = true;
    entry.settle(result);
  };

  const remove = (entry: Entry): void => {
    entries = entries.filter((other) => other !== entry);
  };

  const step = async (entry: Entry): Promise<void> => {
    try {
      entry.steps ??= entry.task.start();
      const outcome = await entry.steps.next();
      if (outcome.done !== true) {
        entry.nextStep = outcome.value;
        return;
      }
      remove(entry);
      settle(entry, succeed(outcome.value));
    } catch (error) {
      remove(entry);
      deps.onFailure?.(error);
      settle(entry, fail({ kind: "failed", reason: describeError(error) }));
    }
  };

  const stepAll = async (chosen: readonly Entry[]): Promise<void> => {
    for (const entry of entries)
      entry.waitedSteps = chosen.includes(entry) ? 0 : entry.waitedSteps + chosen.length;
    const sinceMs = clock.nowMs();
    together = chosen.length;
    await Promise.all(chosen.map(step));
    together = 0;
    const ms = (clock.nowMs() - sinceMs) / chosen.length;
    for (const { document } of chosen) turns.spend(document, ms);
  };

  /** Lets the generators of ended tasks run their `finally` blocks; only between steps. */
  const closeEnded = async (): Promise<void> => {
    for (const entry of entries.filter((candidate) => candidate.isSettled)) {
      remove(entry);
      try {
        await entry.steps?.return(undefined);
      } catch (error) {
        deps.onFailure?.(error);
      }
    }
  };

  const work = async (): Promise<void> => {
    deps.onBusy?.(true);
    for (;;) {
      await closeEnded();
      const chosen = turns.choose(entries);
      if (chosen.length === 0) break;
      await stepAll(chosen);
    }
    running = undefined;
    deps.onBusy?.(false);
  };

  const end = (entry: Entry, failure: ModelFailure): void => {
    settle(entry, fail(failure));
    // A task that never started has nothing to clean up.
    if (entry.steps === undefined) remove(entry);
  };

  return {
    submit<Value>(task: LaneTask<Value>): Promise<Result<Value, ModelFailure>> {
      if (isDisposed || task.signal.aborted) return Promise.resolve(fail({ kind: "cancelled" }));
      for (const older of entries) {
        const isSame = older.document === task.document && older.requestClass === task.requestClass;
        if (isSame) end(older, { kind: "superseded" });
      }
      return new Promise((resolve) => {
        const entry: Entry = {
          task,
          settle(result) {
            task.signal.removeEventListener("abort", onAbort);
            // The entry's task made this value: its type is the task's.
            resolve(result as Result<Value, ModelFailure>);
          },
          document: task.document,
          requestClass: task.requestClass,
          get isStarted() {
            return entry.steps !== undefined;
          },
          steps: undefined,
          nextStep: "slice",
          isSettled: false,
          waitedSteps: 0,
        };
        const onAbort = (): void => end(entry, { kind: "cancelled" });
        task.signal.addEventListener("abort", onAbort);
        turns.arrive(task.document, entries);
        entries.push(entry);
        running ??= work();
      });
    },
    get length() {
      return entries.filter((entry) => !entry.isSettled).length;
    },
    get together() {
      return together;
    },
    cancel(document) {
      for (const entry of entries) if (entry.document === document) end(entry, { kind: "cancelled" });
    },
    async dispose() {
      isDisposed = true;
      for (const entry of entries) end(entry, { kind: "cancelled" });
      await running;
    },
  };
}
