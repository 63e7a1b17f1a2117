// A conversation told message by message to an oracle, without any server: for showing what each check catches.
import { encodeFrame } from "./frames.ts";
import type { Violation } from "./oracle/check.ts";
import { createOracle } from "./oracle/oracle.ts";
import { profile } from "./profiles.ts";
import type { Profile } from "./profiles.ts";

export interface Conversation {
  /** A request of the client; returns its id. */
  ask(method: string, params?: unknown, id?: number | string): number | string;
  /** The server's answer. */
  answer(id: number | string, result: unknown): void;
  refuse(id: number | string, code: number, message?: string, data?: unknown): void;
  /** A request of the client and the server's answer to it. */
  exchange(method: string, params: unknown, result: unknown): void;
  tell(method: string, params?: unknown): void;
  /** A notification of the server. */
  say(method: string, params?: unknown): void;
  /** A request of the server; answered by the client unless `result` is left out. */
  demand(method: string, params: unknown, ...result: readonly unknown[]): number | string;
  reply(id: number | string, result: unknown): void;
  fromClient(message: unknown): void;
  fromServer(message: unknown): void;
  raw(from: "client" | "server", bytes: string | Uint8Array): void;
  open(uri: string, text: string, version?: number): void;
  quietly(body: () => void): void;
  advance(byMs: number): void;
  /** Shutdown, answer, exit, and the oracle's last look. */
  bye(): void;
  /** Ends without shutdown, but as a clean end for the oracle. */
  finish(isClean?: boolean): void;
}

export interface ConversationSetup {
  readonly client?: string | Profile;
  /** Merged over a small set of capabilities. */
  readonly server?: Readonly<Record<string, unknown>>;
  /** Leaves out the handshake. */
  readonly isBare?: boolean;
}

export function converse(setup: ConversationSetup, body: (talk: Conversation) => void): readonly Violation[] {
  let nowMs = 0;
  const oracle = createOracle({ nowMs: () => nowMs });
  let nextId = 1;
  let isOver = false;
  const fromClient = (message: unknown): void => oracle.fromClient(encodeFrame(message));
  const fromServer = (message: unknown): void => oracle.fromServer(encodeFrame(message));
  const withParams = (params: unknown): object => (params === undefined ? {} : { params });

  const talk: Conversation = {
    ask(method, params, id = nextId++) {
      fromClient({ jsonrpc: "2.0", id, method, ...withParams(params) });
      return id;
    },
    answer: (id, result) => fromServer({ jsonrpc: "2.0", id, result }),
    refuse: (id, code, message = "no", data) =>
      fromServer({ jsonrpc: "2.0", id, error: { code, message, ...(data === undefined ? {} : { data }) } }),
    exchange: (method, params, result) => talk.answer(talk.ask(method, params), result),
    tell: (method, params) => fromClient({ jsonrpc: "2.0", method, ...withParams(params) }),
    say: (method, params) => fromServer({ jsonrpc: "2.0", method, ...withParams(params) }),
    demand(method, params, ...result) {
      const id = `s${nextId++}`;
      fromServer({ jsonrpc: "2.0", id, method, ...withParams(params) });
      if (result.length > 0) talk.reply(id, result[0]);
      return id;
    },
    reply: (id, result) => fromClient({ jsonrpc: "2.0", id, result }),
    fromClient,
    fromServer,
    raw(from, bytes) {
      const chunk = typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes;
      if (from === "client") oracle.fromClient(chunk);
      else oracle.fromServer(chunk);
    },
    open: (uri, text, version = 1) =>
      talk.tell("textDocument/didOpen", { textDocument: { uri, languageId: "python", version, text } }),
    quietly(inner) {
      oracle.beginQuiet();
      inner();
      oracle.endQuiet();
    },
    advance(byMs) {
      nowMs += byMs;
    },
    bye() {
      talk.exchange("shutdown", undefined, null);
      talk.tell("exit");
      talk.finish();
    },
    finish(isClean = true) {
      isOver = true;
      oracle.finish(isClean);
    },
  };

  if (setup.isBare !== true) {
    const client = typeof setup.client === "object" ? setup.client : profile(setup.client ?? "vscode-like");
    talk.exchange(
      "initialize",
      { processId: 1, rootUri: null, capabilities: client.capabilities, workDoneToken: "init" },
      { capabilities: { textDocumentSync: { openClose: true, change: 2 }, ...setup.server } },
    );
    talk.tell("initialized", {});
  }
  body(talk);
  if (!isOver) oracle.finish(false);
  return oracle.violations;
}
