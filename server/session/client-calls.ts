// What the server asks the client: each question ends in time, whether the client answers or not.
import type { Connection } from "vscode-languageserver";
import { describeError, fail, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import type { Clock, Log } from "../platform/index.ts";

export interface ClientCalls {
  /** The client's answer, or why there is none. Never rejects. Without `params` the message has none. */
  ask(method: string, params?: object): Promise<Result<unknown, string>>;
  tell(method: string, params: unknown): void;
  /** From now on nothing is sent: after shutdown a client hears answers only. */
  close(): void;
}

/** A person may have to look at something first, but none of our questions waits for a person. */
const PATIENCE_MS = 10_000;
/** A client that left this many questions of a kind unanswered in a row is not asked again. */
const MAX_SILENCES = 3;

export function createClientCalls(deps: {
  readonly connection: () => Connection;
  readonly clock: Clock;
  readonly log: Log;
}): ClientCalls {
  const { clock, log } = deps;
  const silences = new Map<string, number>();
  let isClosed = false;
  return {
    async ask(method, params) {
      if (isClosed) return fail("the session is over");
      if ((silences.get(method) ?? 0) >= MAX_SILENCES)
        return fail("the client does not answer such requests");
      let stopTimer = (): void => undefined;
      const silence = new Promise<Result<unknown, string>>((resolve) => {
        stopTimer = clock.schedule(PATIENCE_MS, () => {
          silences.set(method, (silences.get(method) ?? 0) + 1);
          log.warn({ method }, "the client did not answer a request");
          resolve(fail(`no answer in ${PATIENCE_MS / 1000} s`));
        });
      });
      const connection = deps.connection();
      // The library would send an undefined argument as a list with null in it.
      const sent =
        params === undefined
          ? connection.sendRequest<unknown>(method)
          : connection.sendRequest<unknown>(method, params);
      const answer = sent.then(
        (result): Result<unknown, string> => {
          silences.delete(method);
          return succeed(result);
        },
        (error: unknown): Result<unknown, string> => fail(describeError(error)),
      );
      const outcome = await Promise.race([answer, silence]);
      stopTimer();
      if (!outcome.ok) log.info({ method, reason: outcome.failure }, "a request to the client failed");
      return outcome;
    },
    close() {
      isClosed = true;
    },
    tell(method, params) {
      if (isClosed) return;
      deps
        .connection()
        .sendNotification(method, params)
        .catch((error: unknown) =>
          log.info({ method, error: describeError(error) }, "a notification was not sent"),
        );
    },
  };
}
