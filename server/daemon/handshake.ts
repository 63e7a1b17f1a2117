// The first line on the daemon's socket, in each direction: who connects and what for. Protocol frames follow a session's.
import { fail, isRecord, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import type { Connection, ConnectionHandlers } from "../platform/index.ts";

/** Grows when the lines or what follows them change their meaning. The build id makes a mismatch rare; it is checked all the same. */
const HANDSHAKE_VERSION = 1;
const MAX_LINE_BYTES = 4096;
/** A status answer lists sessions and latencies; this bounds it far above anything real. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export type ControlCommand = "status" | "stop" | "retry-models";

export type Hello =
  | {
      readonly role: "session";
      readonly pid: number;
      /** The process that started the forwarder: the editor, as far as can be known before `initialize`. */
      readonly parentPid: number;
    }
  | { readonly role: "control"; readonly pid: number; readonly command: ControlCommand };

export type Welcome =
  { readonly ok: true; readonly pid: number } | { readonly ok: false; readonly reason: string };

export function encodeLine(value: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ hearth: HANDSHAKE_VERSION, ...value })}\n`);
}

export interface LineReader {
  /** The first line, parsed, with the bytes after it; undefined while it is not whole; a string says what is wrong. */
  push(
    chunk: Uint8Array,
  ): { readonly value: Readonly<Record<string, unknown>>; readonly rest: Uint8Array } | string | undefined;
}

/** `maxBytes` bounds what an unknown peer can make this process hold. */
export function createLineReader(maxBytes: number = MAX_LINE_BYTES): LineReader {
  let held: Uint8Array = new Uint8Array(0);
  return {
    push(chunk) {
      const joined = new Uint8Array(held.length + chunk.length);
      joined.set(held);
      joined.set(chunk, held.length);
      held = joined;
      const end = held.indexOf(10);
      if (end < 0) return held.length > maxBytes ? "the first line is too long" : undefined;
      try {
        const value: unknown = JSON.parse(new TextDecoder().decode(held.subarray(0, end)));
        if (!isRecord(value)) return "the first line is no object";
        if (value["hearth"] !== HANDSHAKE_VERSION) return "the other side speaks another version of hearth";
        return { value, rest: held.slice(end + 1) };
      } catch {
        // Whoever this is, it is no hearth process.
        return "the first line is no JSON";
      }
    },
  };
}

export function readHello(value: Readonly<Record<string, unknown>>): Hello | undefined {
  const { role, pid, parentPid, command } = value;
  if (typeof pid !== "number") return undefined;
  if (role === "session") return { role, pid, parentPid: typeof parentPid === "number" ? parentPid : 0 };
  if (role === "control" && isCommand(command)) return { role, pid, command };
  return undefined;
}

function isCommand(value: unknown): value is ControlCommand {
  return value === "status" || value === "stop" || value === "retry-models";
}

export function readWelcome(value: Readonly<Record<string, unknown>>): Welcome {
  if (value["ok"] === true && typeof value["pid"] === "number") return { ok: true, pid: value["pid"] };
  return { ok: false, reason: typeof value["reason"] === "string" ? value["reason"] : "refused" };
}

export interface HandshakeFailure {
  /** `closed`: the other side was on its way out; `silent`: it accepted and said nothing; `foreign`: it is no daemon of ours. */
  readonly kind: "closed" | "silent" | "foreign";
  readonly reason: string;
}

export interface Shaken {
  readonly value: Readonly<Record<string, unknown>>;
  readonly connection: Connection;
}

/** Sends `hello`, waits for the answer, and gives the connection back with everything that came after the first line. */
export function shakeHands(
  connection: Connection,
  hello: Hello,
  timeoutMs: number,
): Promise<Result<Shaken, HandshakeFailure>> {
  return new Promise((resolve) => {
    const reader = createLineReader(MAX_ANSWER_BYTES);
    let later: ConnectionHandlers | undefined;
    const early: Uint8Array[] = [];
    let endReason: string | undefined;
    let isSettled = false;
    const settle = (outcome: Result<Shaken, HandshakeFailure>): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      if (!outcome.ok) connection.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => {
      settle(
        fail({ kind: "silent", reason: `the daemon did not answer the handshake within ${timeoutMs} ms` }),
      );
    }, timeoutMs);
    const rest: Connection = {
      ...connection,
      listen(handlers) {
        later = handlers;
        queueMicrotask(() => {
          for (const chunk of early.splice(0)) handlers.onBytes(chunk);
          if (endReason !== undefined) handlers.onEnd(endReason);
        });
      },
    };
    connection.listen({
      onBytes(chunk) {
        if (isSettled) {
          if (later === undefined || early.length > 0) early.push(chunk);
          else later.onBytes(chunk);
          return;
        }
        const line = reader.push(chunk);
        if (line === undefined) return;
        if (typeof line === "string") return settle(fail({ kind: "foreign", reason: line }));
        if (line.rest.length > 0) early.push(line.rest);
        settle(succeed({ value: line.value, connection: rest }));
      },
      onEnd(reason) {
        endReason = reason;
        settle(fail({ kind: "closed", reason: `the daemon closed the connection: ${reason}` }));
        if (later !== undefined && early.length === 0) later.onEnd(reason);
      },
      onDrain: () => later?.onDrain?.(),
    });
    connection.write(encodeLine(hello));
  });
}
