// The editor's requests that the present daemon has and has not answered. An editor may break the rules and use an id twice.
import type { Outgoing } from "./outbox.ts";
import { memberOf } from "./rpc.ts";
import type { RpcId, RpcMessage } from "./rpc.ts";

export interface PendingRequests {
  add(id: RpcId, request: Outgoing): void;
  /** The request that `answer` is for, no longer pending; undefined when nobody waits for it. */
  take(id: RpcId, answer: RpcMessage): Outgoing | undefined;
  /** All of them, oldest id first; afterwards there is none. */
  takeAll(): readonly Outgoing[];
  readonly size: number;
}

/** What the daemon says to a request under an id that is still being answered. */
const INVALID_REQUEST = -32600;

export function createPendingRequests(): PendingRequests {
  const requests = new Map<RpcId, readonly Outgoing[]>();
  return {
    add(id, request) {
      requests.set(id, [...(requests.get(id) ?? []), request]);
    },
    take(id, answer) {
      const waiting = requests.get(id);
      if (waiting === undefined) return undefined;
      const isRefusal = memberOf(answer.error, "code") === INVALID_REQUEST;
      const taken = isRefusal ? waiting.at(-1) : waiting[0];
      const rest = waiting.filter((request) => request !== taken);
      if (rest.length === 0) requests.delete(id);
      else requests.set(id, rest);
      return taken;
    },
    takeAll() {
      const all = [...requests.values()].flat();
      requests.clear();
      return all;
    },
    get size() {
      return requests.size;
    },
  };
}
