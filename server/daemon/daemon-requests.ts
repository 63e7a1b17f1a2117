// Requests from the daemon to the editor, across daemons: ids that never meet, registrations and progress that are not repeated.
import { isRecord } from "../kernel/index.ts";
import { isRpcId, memberOf } from "./rpc.ts";
import type { RpcId, RpcMessage } from "./rpc.ts";

export type Routed =
  /** Pass this on to the editor. */
  | { readonly kind: "to-editor"; readonly message: RpcMessage }
  /** The editor knows it already: tell the daemon so. */
  | { readonly kind: "to-daemon"; readonly message: RpcMessage };

export interface DaemonRequests {
  /** A request of the daemon. */
  route(message: RpcMessage): Routed;
  /** A notification of the daemon that carries an id or a token of one of its requests. */
  routeNotification(message: RpcMessage): RpcMessage;
  /** The editor's answer; undefined when the daemon that asked is gone. */
  answer(message: RpcMessage): RpcMessage | undefined;
  /** The editor's notification that carries a token of the daemon. */
  translateForDaemon(message: RpcMessage): RpcMessage;
  /** The daemon died: its questions are forgotten; returns what ends the progress that it had begun. */
  forget(): readonly RpcMessage[];
}

interface Registration {
  readonly id: string;
  readonly key: string;
}

export function createDaemonRequests(): DaemonRequests {
  let generation = 1;
  let lastId = 0;
  /** Editor's id -> the daemon's own. */
  const pending = new Map<RpcId, RpcId>();
  /** What the editor has registered, by method and options; the id is the editor's. */
  const registered = new Map<string, Registration>();
  /** The present daemon's registration id -> the editor's. */
  const registrationIds = new Map<string, string>();
  /** Tokens that the editor was asked to create, by any daemon so far. */
  const createdTokens = new Set<RpcId>();
  /** The present daemon's token -> the editor's, where they differ. */
  const tokens = new Map<RpcId, RpcId>();
  const begun = new Set<RpcId>();

  const pass = (message: RpcMessage, params: unknown = message.params): Routed => {
    lastId += 1;
    if (isRpcId(message.id)) pending.set(lastId, message.id);
    return { kind: "to-editor", message: { ...message, id: lastId, params } };
  };

  const register = (message: RpcMessage): Routed => {
    const wanted = listOf(memberOf(message.params, "registrations"));
    const fresh: unknown[] = [];
    for (const registration of wanted) {
      const id = String(memberOf(registration, "id"));
      const key = JSON.stringify([
        memberOf(registration, "method"),
        memberOf(registration, "registerOptions") ?? null,
      ]);
      const known = registered.get(key);
      if (known !== undefined && !isUsed(known.id)) {
        registrationIds.set(id, known.id);
        continue;
      }
      // A new daemon counts its ids from the start again: one that the editor knows for something else gets a name of its own.
      const editorId = [...registered.values()].some((other) => other.id === id) ? `${id}#${generation}` : id;
      registered.set(key, { id: editorId, key });
      registrationIds.set(id, editorId);
      fresh.push(isRecord(registration) ? { ...registration, id: editorId } : registration);
    }
    if (fresh.length === 0 && wanted.length > 0 && isRpcId(message.id)) {
      return { kind: "to-daemon", message: { id: message.id, result: null } };
    }
    return pass(message, { registrations: fresh });
  };
  const isUsed = (editorId: string): boolean => [...registrationIds.values()].includes(editorId);

  const unregister = (message: RpcMessage): Routed => {
    // The protocol's own spelling of the member.
    const list = listOf(memberOf(message.params, "unregisterations")).map((entry) => {
      const id = String(memberOf(entry, "id"));
      const editorId = registrationIds.get(id) ?? id;
      registrationIds.delete(id);
      for (const [key, known] of registered) if (known.id === editorId) registered.delete(key);
      return isRecord(entry) ? { ...entry, id: editorId } : entry;
    });
    return pass(message, { unregisterations: list });
  };

  const createProgress = (message: RpcMessage): Routed => {
    const token = memberOf(message.params, "token");
    if (!isRpcId(token)) return pass(message);
    const editorToken = createdTokens.has(token) ? `${token}#${generation}` : token;
    tokens.set(token, editorToken);
    createdTokens.add(editorToken);
    return pass(message, { token: editorToken });
  };

  return {
    route(message) {
      switch (message.method ?? "") {
        case "client/registerCapability":
          return register(message);
        case "client/unregisterCapability":
          return unregister(message);
        case "window/workDoneProgress/create":
          return createProgress(message);
        default:
          return pass(message);
      }
    },
    routeNotification(message) {
      if (message.method === "$/cancelRequest") {
        const own = memberOf(message.params, "id");
        const found = [...pending].find(([, daemonId]) => daemonId === own);
        return found === undefined ? message : { ...message, params: { id: found[0] } };
      }
      if (message.method !== "$/progress" || !isRecord(message.params)) return message;
      const token = message.params["token"];
      if (!isRpcId(token)) return message;
      const editorToken = tokens.get(token) ?? token;
      const kind = memberOf(message.params["value"], "kind");
      if (kind === "begin") begun.add(editorToken);
      if (kind === "end") begun.delete(editorToken);
      return editorToken === token
        ? message
        : { ...message, params: { ...message.params, token: editorToken } };
    },
    answer(message) {
      const daemonId = isRpcId(message.id) ? pending.get(message.id) : undefined;
      if (daemonId === undefined || !isRpcId(message.id)) return undefined;
      pending.delete(message.id);
      return { ...message, id: daemonId };
    },
    translateForDaemon(message) {
      const editorToken = memberOf(message.params, "token");
      const found = [...tokens].find(([, known]) => known === editorToken);
      return found === undefined ? message : { ...message, params: { token: found[0] } };
    },
    forget() {
      generation += 1;
      pending.clear();
      registrationIds.clear();
      tokens.clear();
      const ends = [...begun].map((token) => ({
        method: "$/progress",
        params: { token, value: { kind: "end" } },
      }));
      begun.clear();
      return ends;
    },
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
