// One lane per model: work in small steps, the most urgent first, documents in turn, and exactly one outcome for every request.
import { describeError, fail, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import type { Clock } from "../platform/index.ts";
import type { ModelFailure, RequestClass } from "./inference-service.ts";
import { createTurns } from "./turns.ts";

export interface LaneTask<Value> {
  readonly document: string;
  readonly requestClass: RequestClass;
  readonly signal: AbortSignal;
  /** Called when the task's turn comes first; each `yield` ends a step. `finally` blocks run when it is ended early. */
  start(): AsyncGenerator<undefined, Value, undefined>;
}

export interface Lane {
  /** A newer task of the same document and class ends an older one; who is cancelled is answered at once. */
  submit<Value>(task: LaneTask<Value>): Promise<Result<Value, ModelFailure>>;
  /** Tasks that have no outcome yet. */
  readonly length: number;
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
  steps: AsyncGenerator<undefined, unknown, undefined> | undefined;
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

  const settle = (entry: Entry, result: Result<unknown, ModelFailure>): void => {
    if (entry.isSettled) return;
    entry.isSettled = true;
    entry.settle(result);
  };

  const remove = (entry: Entry): void => {
    entries = entries.filter((other) => other !== entry);
  };

  const step = async (entry: Entry): Promise<void> => {
    for (const other of entries) if (other !== entry) other.waitedSteps += 1;
    entry.waitedSteps = 0;
    const sinceMs = clock.nowMs();
    try {
      entry.steps ??= entry.task.start();
      const outcome = await entry.steps.next();
      if (outcome.done !== true) return;
      remove(entry);
      settle(entry, succeed(outcome.value));
    } catch (error) {
      remove(entry);
      deps.onFailure?.(error);
      settle(entry, fail({ kind: "failed", reason: describeError(error) }));
    } finally {
      turns.spend(entry.document, clock.nowMs() - sinceMs);
    }
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
      const entry = turns.choose(entries);
      if (entry === undefined) break;
      await step(entry);
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
