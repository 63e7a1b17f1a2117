// A client for session tests: real features and the real parser behind it, a model whose answers the test decides.
import { afterAll, expect } from "vitest";
import {
  createActions,
  createCompletion,
  createDiagnostics,
  createInline,
  createModelLines,
  createSymbols,
  createWarming,
} from "../../server/features/index.ts";
import { createBugRecorder } from "../../server/kernel/index.ts";
import { silentLog, systemClock } from "../../server/platform/index.ts";
import { openSession } from "../../server/session/index.ts";
import type { Session, SessionDeps } from "../../server/session/index.ts";
import { createDefaultSettings } from "../../server/settings/index.ts";
import type { SyntaxService } from "../../server/syntax/index.ts";
import { createScriptedInference } from "../features/scripted-inference.ts";
import type { ScriptedInference } from "../features/scripted-inference.ts";
import { startSyntax } from "../features/workbench.ts";
import { createMemoryStream } from "./memory-stream.ts";
import type { ClientEnd, WireMessage } from "./memory-stream.ts";

export interface TestClient extends ClientEnd {
  readonly session: Session;
  readonly inference: ScriptedInference;
  /** Resolves with the whole response; fails when none comes within five seconds. */
  request(method: string, params?: unknown): Promise<WireMessage>;
  /** Sends a request and gives its id at once. */
  post(method: string, params?: unknown): number;
  response(id: number | string | null): Promise<WireMessage>;
  notify(method: string, params?: unknown): void;
  /** The first message (of those to come or already there) that fits. */
  until(fits: (message: WireMessage) => boolean, what: string): Promise<WireMessage>;
  initialize(capabilities?: object, more?: object): Promise<WireMessage>;
  open(uri: string, languageId: string, text: string): void;
  /** Ends in the orderly way and gives the exit code. */
  close(): Promise<number>;
}

let syntax: Promise<SyntaxService> | undefined;
afterAll(async () => (await syntax)?.dispose());

export async function startClient(overrides: Partial<SessionDeps> = {}): Promise<TestClient> {
  const end = createMemoryStream();
  const inference = createScriptedInference();
  const bugs = createBugRecorder();
  const clock = systemClock;
  const lines = createModelLines({ inference, bugs });
  const deps: SessionDeps = {
    syntax: await (syntax ??= startSyntax()),
    inference,
    completion: createCompletion({ lines, clock, bugs }),
    inline: createInline({ lines }),
    diagnostics: createDiagnostics(),
    actions: createActions({ clock }),
    symbols: createSymbols(),
    warming: createWarming({ lines, clock }),
    settings: createDefaultSettings(),
    clock,
    log: silentLog,
    bugs,
    serverVersion: "0.0.0-test",
    isProcessAlive: () => true,
    ...overrides,
  };
  const session = openSession(1, end.stream, deps);
  let lastId = 0;

  const until: TestClient["until"] = (fits, what) =>
    new Promise((resolve, reject) => {
      const known = end.received.find(fits);
      if (known !== undefined) return resolve(known);
      const timer = setTimeout(
        () =>
          reject(new Error(`${what} did not come; received: ${JSON.stringify(end.received).slice(0, 2000)}`)),
        5000,
      );
      end.onMessage((message) => {
        if (!fits(message)) return;
        clearTimeout(timer);
        resolve(message);
      });
    });

  const client: TestClient = Object.assign(end, {
    session,
    inference,
    until,
    post(method: string, params?: unknown) {
      lastId += 1;
      end.send({ jsonrpc: "2.0", id: lastId, method, params });
      return lastId;
    },
    response: (id: number | string | null) =>
      until((message) => message.id === id && message.method === undefined, `the response to ${id}`),
    request: (method: string, params?: unknown) => client.response(client.post(method, params)),
    notify: (method: string, params?: unknown) => end.send({ jsonrpc: "2.0", method, params }),
    async initialize(capabilities: object = {}, more: object = {}) {
      const answer = await client.request("initialize", {
        processId: null,
        rootUri: null,
        capabilities,
        ...more,
      });
      client.notify("initialized", {});
      return answer;
    },
    open: (uri: string, languageId: string, text: string) =>
      client.notify("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } }),
    async close() {
      expect((await client.request("shutdown")).result).toBeNull();
      client.notify("exit");
      return session.ended;
    },
  });
  return client;
}
