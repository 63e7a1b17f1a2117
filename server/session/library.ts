// The one place that meets vscode-languageserver: its connection over our own reader and writer, never its Node entry.
import { createConnection, createProtocolConnection, RAL, ResponseError } from "vscode-languageserver";
import type { Connection, Disposable, Message, MessageReader, MessageWriter } from "vscode-languageserver";
import type { Log } from "../platform/index.ts";
import type { Deliverable } from "./gate.ts";
import type { OutgoingMessage } from "./outbox.ts";

export interface LibraryConnection {
  readonly connection: Connection;
  readonly deliver: (message: Deliverable) => void;
  dispose(): void;
}

export interface LibraryDeps {
  readonly release: (message: OutgoingMessage) => void;
  readonly onExit: (code: number) => void;
  readonly log: Log;
}

export function openLibraryConnection(deps: LibraryDeps): LibraryConnection {
  installTimers();
  let receive: ((message: Message) => void) | undefined;
  const nothing: Disposable = { dispose: () => undefined };
  const never = (): Disposable => nothing;
  const reader: MessageReader = {
    onError: never,
    onClose: never,
    onPartialMessage: never,
    listen(callback) {
      receive = callback;
      return nothing;
    },
    dispose() {
      receive = undefined;
    },
  };
  const writer: MessageWriter = {
    onError: never,
    onClose: never,
    write(message) {
      deps.release(message);
      return Promise.resolve();
    },
    end: () => undefined,
    dispose: () => undefined,
  };
  const toLog = (message: string): void => deps.log.warn({ from: "vscode-languageserver" }, message);
  const logger = { error: toLog, warn: toLog, info: toLog, log: toLog };
  // Our own logger and not the remote one: the library's troubles are not the user's.
  const connection = createConnection(() => createProtocolConnection(reader, writer, logger), {
    shutdownReceived: false,
    initialize: () => undefined,
    exit: deps.onExit,
  });
  return {
    connection,
    deliver: (message) => receive?.(message),
    // The interface of `createConnection` has `dispose`; it rejects what we asked the client and still wait for.
    dispose: () => connection.dispose(),
  };
}

export function responseError(code: number, message: string): Error {
  return new ResponseError(code, message);
}

/**
 * The platform-neutral entry asks for a runtime layer and brings none. Only timers are used, since reading and writing
 * are ours; installing equal layers twice does no harm.
 */
function installTimers(): void {
  const unused = (): never => {
    throw new Error("hearth reads and writes frames itself");
  };
  RAL.install({
    applicationJson: {
      encoder: { name: "application/json", encode: unused },
      decoder: { name: "application/json", decode: unused },
    },
    messageBuffer: { create: unused },
    console: { info: unused, log: unused, warn: unused, error: unused },
    timer: {
      setTimeout(callback, delayMs, ...args: unknown[]) {
        const timer = setTimeout(callback, delayMs, ...args);
        return { dispose: () => clearTimeout(timer) };
      },
      setImmediate(callback, ...args: unknown[]) {
        const timer = setImmediate(callback, ...args);
        return { dispose: () => clearImmediate(timer) };
      },
      setInterval(callback, delayMs, ...args: unknown[]) {
        const timer = setInterval(callback, delayMs, ...args);
        return { dispose: () => clearInterval(timer) };
      },
    },
  });
}
