// Messages from the editor that wait for a daemon, in order. Requests do not wait for ever; a long queue is folded into the journal.
import type { Clock } from "../platform/index.ts";
import { isRpcId, kindOf, memberOf } from "./rpc.ts";
import type { RpcId, RpcMessage } from "./rpc.ts";

export interface Outgoing {
  readonly body: Uint8Array;
  /** Undefined when the body could not be parsed: it is passed on as it is. */
  readonly message: RpcMessage | undefined;
  /** How often a daemon died with it. */
  readonly deaths: number;
}

/**
 * Splits what waited: of several requests of one method for one document only the newest is worth a new daemon's time; the
 * editor has typed on since the others. Everything else, and the order, stays.
 */
export function withoutStale(waited: readonly Outgoing[]): {
  readonly fresh: readonly Outgoing[];
  readonly stale: readonly Outgoing[];
} {
  const newest = new Map<string, Outgoing>();
  for (const outgoing of waited) {
    const key = questionOf(outgoing);
    if (key !== undefined) newest.set(key, outgoing);
  }
  const isFresh = (outgoing: Outgoing): boolean => {
    const key = questionOf(outgoing);
    return key === undefined || newest.get(key) === outgoing;
  };
  return { fresh: waited.filter(isFresh), stale: waited.filter((outgoing) => !isFresh(outgoing)) };
}

/** Asked again and again while somebody types, always about the whole document or the cursor. */
const REPEATED: readonly string[] = [
  "textDocument/completion",
  "textDocument/inlineCompletion",
  "textDocument/documentSymbol",
  "textDocument/foldingRange",
];

function questionOf({ message }: Outgoing): string | undefined {
  if (kindOf(message) !== "request" || !REPEATED.includes(message?.method ?? "")) return undefined;
  const uri = memberOf(memberOf(message?.params, "textDocument"), "uri");
  return typeof uri === "string" ? `${message?.method ?? ""} ${uri}` : undefined;
}

export interface Outbox {
  push(outgoing: Outgoing): void;
  /** In front of everything that waits, in the order given. */
  unshift(outgoing: readonly Outgoing[]): void;
  /** Everything that waits, which is then no longer here. */
  takeAll(): readonly Outgoing[];
  readonly size: number;
}

const PATIENCE_MS = 5_000;
/** A slow first start on a busy machine: these answers are worth the wait. */
const LONG_PATIENCE_MS = 45_000;
const MAX_MESSAGES = 5_000;
const MAX_BYTES = 16 * 1024 * 1024;

export function createOutbox(deps: {
  readonly clock: Clock;
  readonly isPatient: (method: string) => boolean;
  /** A request waited too long: answer it without a daemon. */
  readonly onImpatient: (outgoing: Outgoing) => void;
  /** Too much waits: everything here, to be settled without a daemon. */
  readonly onOverflow: (waiting: readonly Outgoing[]) => void;
}): Outbox {
  let waiting: Outgoing[] = [];
  let bytes = 0;
  const timers = new Map<RpcId, () => void>();

  const watch = (outgoing: Outgoing): void => {
    const { message } = outgoing;
    bytes += outgoing.body.length;
    if (kindOf(message) !== "request" || !isRpcId(message?.id) || message.method === "initialize") return;
    const patienceMs = deps.isPatient(message.method ?? "") ? LONG_PATIENCE_MS : PATIENCE_MS;
    const { id } = message;
    timers.get(id)?.();
    timers.set(
      id,
      deps.clock.schedule(patienceMs, () => {
        timers.delete(id);
        waiting = waiting.filter((other) => other !== outgoing);
        bytes -= outgoing.body.length;
        deps.onImpatient(outgoing);
      }),
    );
  };
  const takeAll = (): readonly Outgoing[] => {
    const taken = waiting;
    waiting = [];
    bytes = 0;
    for (const stop of timers.values()) stop();
    timers.clear();
    return taken;
  };

  return {
    push(outgoing) {
      waiting.push(outgoing);
      watch(outgoing);
      if (waiting.length > MAX_MESSAGES || bytes > MAX_BYTES) deps.onOverflow(takeAll());
    },
    unshift(outgoing) {
      waiting.unshift(...outgoing);
      outgoing.forEach(watch);
    },
    takeAll,
    get size() {
      return waiting.length;
    },
  };
}
