// Requests on their way to a server: a newer one takes an older one's place, few run at a time, urgent ones first, one outcome each.
import { describeError, fail } from "../../../kernel/index.ts";
import type { Result } from "../../../kernel/index.ts";
import type { ModelFailure, RequestClass } from "../../inference-service.ts";
import { URGENCY } from "../../turns.ts";

export interface ServerTask<Value> {
  readonly document: string;
  readonly requestClass: RequestClass;
  readonly signal: AbortSignal;
  /** Ends soon after its signal aborts; its value does not count then. */
  run(signal: AbortSignal): Promise<Result<Value, ModelFailure>>;
}

export interface ServerLane {
  /** Who is cancelled or superseded is answered at once, and the connection is closed. */
  submit<Value>(task: ServerTask<Value>): Promise<Result<Value, ModelFailure>>;
  /** Tasks that have no outcome yet. */
  readonly length: number;
  cancel(document: string): void;
  dispose(): void;
}

interface Entry {
  readonly document: string;
  readonly requestClass: RequestClass;
  readonly begin: () => void;
  readonly end: (failure: ModelFailure) => void;
  isRunning: boolean;
}

/** `most` requests run at a time. */
export function createServerLane(most: number, onFailure: (error: unknown) => void): ServerLane {
  let entries: readonly Entry[] = [];
  let isDisposed = false;

  const rank = ({ requestClass }: Entry): number => URGENCY.indexOf(requestClass);

  const next = (): void => {
    for (;;) {
      const running = entries.filter((entry) => entry.isRunning);
      const waiting = entries.filter((entry) => !entry.isRunning);
      const first = waiting.toSorted((a, b) => rank(a) - rank(b))[0];
      if (first === undefined) return;
      if (running.length >= most) {
        // Guesses give way to somebody who waits.
        const last = running.toSorted((a, b) => rank(b) - rank(a))[0];
        if (last === undefined || rank(last) < URGENCY.indexOf("warming") || rank(last) <= rank(first))
          return;
        last.end({ kind: "superseded" });
        continue;
      }
      first.isRunning = true;
      first.begin();
    }
  };

  return {
    submit<Value>(task: ServerTask<Value>): Promise<Result<Value, ModelFailure>> {
      if (isDisposed || task.signal.aborted) return Promise.resolve(fail({ kind: "cancelled" }));
      const older = entries.filter(
        (entry) => entry.document === task.document && entry.requestClass === task.requestClass,
      );
      return new Promise((resolve) => {
        const controller = new AbortController();
        const settle = (result: Result<Value, ModelFailure>): void => {
          if (!entries.includes(entry)) return;
          entries = entries.filter((other) => other !== entry);
          task.signal.removeEventListener("abort", onAbort);
          resolve(result);
          next();
        };
        const entry: Entry = {
          document: task.document,
          requestClass: task.requestClass,
          isRunning: false,
          begin() {
            task.run(controller.signal).then(settle, (error: unknown) => {
              onFailure(error);
              settle(fail({ kind: "failed", reason: describeError(error) }));
            });
          },
          end(failure) {
            controller.abort();
            settle(fail(failure));
          },
        };
        const onAbort = (): void => entry.end({ kind: "cancelled" });
        task.signal.addEventListener("abort", onAbort, { once: true });
        entries = [...entries, entry];
        for (const one of older) one.end({ kind: "superseded" });
        next();
      });
    },
    get length() {
      return entries.length;
    },
    cancel(document) {
      for (const entry of entries) if (entry.document === document) entry.end({ kind: "cancelled" });
    },
    dispose() {
      isDisposed = true;
      for (const entry of entries) entry.end({ kind: "cancelled" });
    },
  };
}
