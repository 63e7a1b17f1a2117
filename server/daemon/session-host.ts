// Sessions of one daemon: opens one per connection, knows them all, and says goodbye when one is over.
import type { Connection } from "../platform/index.ts";
import type { ByteStream } from "../session/index.ts";
import { encodeFrame } from "../wire/index.ts";
import type { Composition } from "./compose.ts";
import type { ConnectedSession } from "./daemon-status.ts";
import { encodeGoodbye } from "./goodbye.ts";
import type { Goodbye } from "./goodbye.ts";

export interface Peer {
  readonly pid: number;
  readonly parentPid: number;
}

export interface SessionHost {
  open(connection: Connection, peer: Peer): void;
  readonly size: number;
  list(): readonly ConnectedSession[];
  /** Ends all sessions; their clients may go on with another daemon. Resolves when their connections were told, or after `limitMs`. */
  endAll(reason: string, limitMs: number): Promise<void>;
}

export function createSessionHost(deps: {
  readonly composition: Composition;
  readonly onEmpty: () => void;
}): SessionHost {
  const { composition } = deps;
  const { log, bugs, clock } = composition.session;
  interface Entry {
    readonly peer: Peer;
    readonly session: ReturnType<Composition["openSession"]>;
    readonly gone: Promise<void>;
  }
  const entries = new Map<number, Entry>();
  let lastId = 0;
  let isStopping = false;

  const open = (connection: Connection, peer: Peer): void => {
    lastId += 1;
    const id = lastId;
    let isConnected = true;
    const stream: ByteStream = {
      listen(onBytes, onEnd) {
        connection.listen({
          onBytes,
          onEnd(reason) {
            isConnected = false;
            onEnd(reason);
          },
        });
      },
      write: (chunk) =>
        new Promise((resolve) => {
          connection.write(chunk, resolve);
        }),
      // The connection is closed after the goodbye, which needs the exit code.
      end: () => undefined,
    };
    const session = composition.openSession(id, stream, composition.session);
    const gone = session.ended
      .catch((error: unknown) => {
        bugs.report("session.ended", error);
        return 1;
      })
      .then((exitCode) => {
        const goodbye: Goodbye = isStopping
          ? { kind: "stopping", exitCode: 0, reason: "" }
          : { kind: "ended", exitCode, reason: "" };
        if (isConnected) {
          connection.write(encodeFrame(encodeGoodbye(goodbye)));
          connection.end();
        }
        entries.delete(id);
        log.info({ session: id, exitCode, sessions: entries.size }, "session ended");
        if (entries.size === 0) deps.onEmpty();
      });
    entries.set(id, { peer, session, gone });
    log.info({ session: id, forwarder: peer.pid, sessions: entries.size }, "session opened");
  };

  return {
    open(connection, peer) {
      try {
        open(connection, peer);
      } catch (error) {
        bugs.report("session.open", error);
        connection.destroy();
      }
    },
    get size() {
      return entries.size;
    },
    list: () =>
      [...entries.values()].map(({ session, peer }) => ({
        ...session.status(),
        forwarderPid: peer.pid,
        editorPid: peer.parentPid,
      })),
    async endAll(reason, limitMs) {
      isStopping = true;
      const open = [...entries.values()];
      for (const { session } of open) session.end(reason);
      const limit = new Promise<void>((resolve) => clock.schedule(limitMs, resolve));
      await Promise.race([Promise.all(open.map(({ gone }) => gone)), limit]);
    },
  };
}
