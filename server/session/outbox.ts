// Everything that goes to the client: one queue with back pressure, so that a client that never reads costs bounded memory.
import type { Log } from "../platform/index.ts";
import { encodeFrame } from "../wire/index.ts";
import type { ByteStream } from "./session.ts";

/** One JSON-RPC message; extra fields such as `id` and `result` are sent as they are. */
export interface OutgoingMessage {
  readonly jsonrpc?: string;
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly method?: string;
  readonly params?: unknown;
}

export interface Outbox {
  send(message: OutgoingMessage): void;
  /** Resolves when everything was written; never rejects. */
  flush(): Promise<void>;
  /** Drops what was not written and takes nothing more. */
  close(): void;
  /** Messages that wait for the client to read. */
  readonly waiting: number;
}

/** From here on messages that only inform are dropped: the client does not read them anyway. */
const MAX_WAITING_NOTES = 200;
/** A client that sends this many requests and reads no answer will not read them later. */
const MAX_WAITING = 20_000;

/** `onOverflow`: the client reads nothing and goes on asking; the session cannot go on. */
export function createOutbox(stream: ByteStream, log: Log, onOverflow: (reason: string) => void): Outbox {
  let queue: { readonly key: string | undefined; message: OutgoingMessage }[] = [];
  const byKey = new Map<string, { message: OutgoingMessage }>();
  let isWriting = false;
  let isClosed = false;
  let whenEmpty: (() => void)[] = [];

  const settle = (): void => {
    const waiters = whenEmpty;
    whenEmpty = [];
    for (const resolve of waiters) resolve();
  };

  const writeAll = async (): Promise<void> => {
    isWriting = true;
    try {
      while (queue.length > 0 && !isClosed) {
        const batch = queue;
        queue = [];
        byKey.clear();
        await stream.write(joinFrames(batch.map((entry) => encodeMessage(entry.message))));
      }
    } catch (error) {
      // The stream is gone; its end ends the session.
      log.warn({ error: String(error) }, "writing to the client failed");
      isClosed = true;
      queue = [];
    } finally {
      isWriting = false;
      settle();
    }
  };

  return {
    send(message) {
      if (isClosed) return;
      const key = replaceKey(message);
      const waiting = key === undefined ? undefined : byKey.get(key);
      if (waiting !== undefined) {
        waiting.message = message;
        return;
      }
      if (queue.length >= MAX_WAITING_NOTES && isNote(message)) return;
      if (queue.length >= MAX_WAITING) {
        isClosed = true;
        queue = [];
        onOverflow(`the client has not read the last ${MAX_WAITING} messages`);
        return;
      }
      const entry = { key, message };
      queue.push(entry);
      if (key !== undefined) byKey.set(key, entry);
      if (!isWriting) void writeAll();
    },
    flush() {
      if (isClosed || (!isWriting && queue.length === 0)) return Promise.resolve();
      return new Promise((resolve) => whenEmpty.push(resolve));
    },
    close() {
      isClosed = true;
      queue = [];
      byKey.clear();
      settle();
    },
    get waiting() {
      return queue.length;
    },
  };
}

/** Messages with equal keys replace each other while they wait: only the newest state matters. */
function replaceKey(message: OutgoingMessage): string | undefined {
  if (message.method !== "textDocument/publishDiagnostics") return undefined;
  return `diagnostics ${stringAt(message.params, "uri")}`;
}

function isNote(message: OutgoingMessage): boolean {
  if (message.method === "window/logMessage" || message.method === "$/logTrace") return true;
  return message.method === "$/progress" && stringAt(valueAt(message.params, "value"), "kind") === "report";
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

function stringAt(value: unknown, key: string): string {
  const found = valueAt(value, key);
  return typeof found === "string" ? found : "";
}

function encodeMessage(message: OutgoingMessage): Uint8Array {
  return encodeFrame(new TextEncoder().encode(JSON.stringify(message)));
}

function joinFrames(frames: readonly Uint8Array[]): Uint8Array {
  const only = frames.length === 1 ? frames[0] : undefined;
  if (only !== undefined) return only;
  const joined = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    joined.set(frame, at);
    at += frame.length;
  }
  return joined;
}
