// The door to local sockets (named pipes on Windows): byte connections with back pressure, and an in-memory pair as their twin.
import { createServer, Socket } from "node:net";
import { chmodSync } from "node:fs";
import { fail, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";

export interface ConnectionHandlers {
  onBytes(chunk: Uint8Array): void;
  /** The connection is over; called once, nothing follows. */
  onEnd(reason: string): void;
  /** What was written has left this process after `write` had returned false. */
  onDrain?(): void;
}

export interface Connection {
  /** Starts reading; to be called once. */
  listen(handlers: ConnectionHandlers): void;
  /** False when the other side reads slower than this side writes: wait for `onDrain`. `onHandedOver` also runs when the connection broke. */
  write(chunk: Uint8Array, onHandedOver?: () => void): boolean;
  pause(): void;
  resume(): void;
  /** Sends what was written, then closes. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}

export type ConnectFailure =
  /** Nobody listens there: no socket, or one whose owner died. */
  | { readonly kind: "nobody"; readonly reason: string }
  | { readonly kind: "forbidden"; readonly reason: string }
  | { readonly kind: "timeout"; readonly reason: string };

export interface SocketServer {
  /** Stops accepting; open connections go on. */
  close(): void;
}

export function connectToSocket(
  path: string,
  timeoutMs: number,
): Promise<Result<Connection, ConnectFailure>> {
  return new Promise((resolve) => {
    const socket = new Socket();
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(fail({ kind: "timeout", reason: `${path} did not accept within ${timeoutMs} ms` }));
    }, timeoutMs);
    socket.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const kind = error.code === "EACCES" || error.code === "EPERM" ? "forbidden" : "nobody";
      resolve(fail({ kind, reason: error.message }));
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      resolve(succeed(connectionOf(socket)));
    });
    socket.connect(path);
  });
}

/** Resolves when `path` accepts connections; rejects with the system's error. The socket file gets mode 0600. */
export function listenOnSocket(
  path: string,
  onConnection: (connection: Connection) => void,
  onError: (error: unknown) => void,
): Promise<SocketServer> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => onConnection(connectionOf(socket)));
    server.once("error", reject);
    server.listen({ path, backlog: 128 }, () => {
      server.off("error", reject);
      server.on("error", onError);
      if (process.platform !== "win32") chmodSync(path, 0o600);
      resolve({ close: () => void server.close() });
    });
  });
}

/** A pipe that the parent process handed down, as a connection. */
export function connectionFromFileDescriptor(fd: number): Connection {
  return connectionOf(new Socket({ fd, readable: true, writable: true }));
}

/** For a stream of a child process or of a socket that is already open. */
export function connectionOf(socket: Socket): Connection {
  socket.setNoDelay(true);
  let handlers: ConnectionHandlers | undefined;
  let endReason: string | undefined;
  const finish = (reason: string): void => {
    if (endReason !== undefined) return;
    endReason = reason;
    handlers?.onEnd(reason);
  };
  let failure = "closed";
  socket.on("error", (error) => {
    failure = error.message;
  });
  socket.on("close", () => finish(failure));
  return {
    listen(newHandlers) {
      handlers = newHandlers;
      socket.on("drain", () => newHandlers.onDrain?.());
      socket.on("data", (chunk: Buffer) => newHandlers.onBytes(chunk));
      if (endReason !== undefined) newHandlers.onEnd(endReason);
    },
    write: (chunk, onHandedOver) => {
      if (!socket.writable) {
        onHandedOver?.();
        return true;
      }
      return socket.write(chunk, () => onHandedOver?.());
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}

/** Two connected ends inside this process; bytes arrive in a later turn, in order. */
export function createConnectionPair(): readonly [Connection, Connection] {
  interface End {
    handlers: ConnectionHandlers | undefined;
    isPaused: boolean;
    inbox: Uint8Array[];
    hasEnded: boolean;
  }
  const createEnd = (): End => ({ handlers: undefined, isPaused: false, inbox: [], hasEnded: false });
  const left = createEnd();
  const right = createEnd();

  const deliver = (end: End): void => {
    if (end.handlers === undefined || end.isPaused) return;
    for (let chunk = end.inbox.shift(); chunk !== undefined; chunk = end.inbox.shift()) {
      end.handlers.onBytes(chunk);
    }
  };
  const finish = (end: End): void => {
    if (end.hasEnded) return;
    end.hasEnded = true;
    deliver(end);
    end.handlers?.onEnd("closed");
  };
  const connect = (own: End, other: End): Connection => ({
    listen(handlers) {
      own.handlers = handlers;
      queueMicrotask(() => deliver(own));
    },
    write(chunk, onHandedOver) {
      if (!own.hasEnded && !other.hasEnded) other.inbox.push(chunk);
      queueMicrotask(() => {
        deliver(other);
        onHandedOver?.();
      });
      return true;
    },
    pause: () => {
      own.isPaused = true;
    },
    resume: () => {
      own.isPaused = false;
      queueMicrotask(() => deliver(own));
    },
    end: () => queueMicrotask(() => [other, own].forEach(finish)),
    destroy: () => queueMicrotask(() => [other, own].forEach(finish)),
  });
  return [connect(left, right), connect(right, left)];
}
