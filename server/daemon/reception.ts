// Whoever connects says first who it is: a session of an editor, or a control request of the command line.
import type { Clock, Connection, ConnectionHandlers, Log } from "../platform/index.ts";
import type { DaemonStatus } from "./daemon-status.ts";
import { createLineReader, encodeLine, readHello } from "./handshake.ts";
import type { Peer } from "./session-host.ts";

export interface Reception {
  welcome(connection: Connection): void;
  /** The rooms are ready: those who came earlier are served now. */
  open(): void;
}

/** Somebody who connects and says nothing costs a descriptor. */
const HELLO_TIMEOUT_MS = 10_000;

export function createReception(deps: {
  readonly clock: Clock;
  readonly log: Log;
  readonly openSession: (connection: Connection, peer: Peer) => void;
  readonly status: () => DaemonStatus | undefined;
  readonly stop: () => void;
  readonly retryModels: () => void;
}): Reception {
  let waiting: (() => void)[] | undefined = [];

  const serve = (connection: Connection, hello: NonNullable<ReturnType<typeof readHello>>): void => {
    if (hello.role === "session") return deps.openSession(connection, hello);
    // A control connection has one question and one answer.
    if (hello.command === "status") connection.write(encodeLine({ ok: true, status: deps.status() }));
    if (hello.command === "retry-models") {
      deps.retryModels();
      connection.write(encodeLine({ ok: true, pid: process.pid }));
    }
    if (hello.command === "stop") {
      connection.write(encodeLine({ ok: true, pid: process.pid }));
      deps.stop();
    }
    connection.end();
  };

  return {
    welcome(connection) {
      const reader = createLineReader();
      let isGreeted = false;
      let later: ConnectionHandlers | undefined;
      let endReason: string | undefined;
      const early: Uint8Array[] = [];
      const stopTimer = deps.clock.schedule(HELLO_TIMEOUT_MS, () => connection.destroy());
      const rest: Connection = {
        ...connection,
        listen(handlers) {
          later = handlers;
          for (const chunk of early.splice(0)) handlers.onBytes(chunk);
          if (endReason !== undefined) handlers.onEnd(endReason);
        },
      };
      connection.listen({
        onBytes(chunk) {
          if (later !== undefined) return later.onBytes(chunk);
          if (isGreeted) return void early.push(chunk);
          const line = reader.push(chunk);
          if (line === undefined) return;
          stopTimer();
          const hello = typeof line === "string" ? undefined : readHello(line.value);
          if (typeof line === "string" || hello === undefined) {
            const reason =
              typeof line === "string" ? line : "the first line names no role that this daemon knows";
            deps.log.warn({ reason }, "a connection was refused");
            connection.write(encodeLine({ ok: false, reason }));
            return connection.end();
          }
          isGreeted = true;
          if (line.rest.length > 0) early.push(line.rest);
          if (waiting === undefined) serve(rest, hello);
          else waiting.push(() => serve(rest, hello));
        },
        onEnd(reason) {
          stopTimer();
          endReason = reason;
          later?.onEnd(reason);
        },
        onDrain: () => later?.onDrain?.(),
      });
    },
    open() {
      const ready = waiting ?? [];
      waiting = undefined;
      for (const serveNow of ready) serveNow();
    },
  };
}
