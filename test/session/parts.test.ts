// The small parts of a session by themselves: outbox, register of capabilities, questions to the client, breakers, log.
import { describe, expect, test } from "vitest";
import type { Connection } from "vscode-languageserver";
import { createManualClock, silentLog } from "../../server/platform/index.ts";
import type { Log } from "../../server/platform/index.ts";
import { toFoldingRanges, isKindAsked, readClientProfile } from "../../server/protocol/index.ts";
import { createClientCalls } from "../../server/session/client-calls.ts";
import { createOutbox } from "../../server/session/outbox.ts";
import { createRegistrations } from "../../server/session/registrations.ts";
import { createText } from "../../server/text/index.ts";
import { startClient } from "../kit/client.ts";
import { createFrameReader } from "../kit/frames.ts";
import { profile } from "../kit/profiles.ts";
import { sessionMode } from "./session-mode.ts";

/** A stream whose client reads when the test says so. */
function slowStream(): {
  readonly stream: Parameters<typeof createOutbox>[0];
  readonly read: () => Promise<readonly { method?: string; id?: unknown; params?: ForeignValue }[]>;
} {
  const pending: { readonly chunk: Uint8Array; readonly done: () => void }[] = [];
  return {
    stream: {
      listen: () => undefined,
      write: (chunk) => new Promise((done) => pending.push({ chunk, done })),
      end: () => undefined,
    },
    async read() {
      const messages: { method?: string; id?: unknown }[] = [];
      const reader = createFrameReader(
        { onBody: (body) => void messages.push(JSON.parse(body.toString())), onFault: expect.unreachable },
        true,
      );
      while (pending.length > 0) {
        const next = pending.shift()!;
        reader.push(next.chunk);
        next.done();
        await new Promise((resolve) => setImmediate(resolve));
      }
      return messages;
    },
  };
}

/** Tests look into messages freely; what is not there fails the expectation. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type ForeignValue = any;

describe("the outbox", () => {
  const findings = (uri: string, version: number): object => ({
    jsonrpc: "2.0",
    method: "textDocument/publishDiagnostics",
    params: { uri, version, diagnostics: [] },
  });

  test("keeps the order, and of findings that wait only the newest of each document", async () => {
    const { stream, read } = slowStream();
    const outbox = createOutbox(stream, silentLog, expect.unreachable);
    outbox.send({ jsonrpc: "2.0", id: 1, result: null });
    for (let version = 1; version <= 50; version += 1) {
      outbox.send(findings("a", version));
      outbox.send(findings("b", version));
    }
    outbox.send({ jsonrpc: "2.0", id: 2, result: null });
    expect(outbox.waiting).toBe(3);
    const messages = await read();
    expect(messages.map((message) => message.id ?? `${message.params.uri}${message.params.version}`)).toEqual(
      [1, "a50", "b50", 2],
    );
  });

  test("drops what only informs before it drops memory, never an answer or an end of progress", async () => {
    const { stream, read } = slowStream();
    const outbox = createOutbox(stream, silentLog, expect.unreachable);
    for (let at = 0; at < 1000; at += 1) {
      outbox.send({ jsonrpc: "2.0", method: "window/logMessage", params: { type: 3, message: "m" } });
      outbox.send({ jsonrpc: "2.0", method: "$/progress", params: { token: 1, value: { kind: "report" } } });
      outbox.send({ jsonrpc: "2.0", id: at, result: null });
    }
    outbox.send({ jsonrpc: "2.0", method: "$/progress", params: { token: 1, value: { kind: "end" } } });
    const messages = await read();
    expect(messages.filter((message) => message.id !== undefined).length).toBe(1000);
    expect(messages.length).toBeLessThan(1300);
    expect(messages.at(-1)?.params.value.kind).toBe("end");
  });

  test("gives a client up that asks and asks and never reads", () => {
    const { stream } = slowStream();
    const reasons: string[] = [];
    const outbox = createOutbox(stream, silentLog, (reason) => reasons.push(reason));
    for (let at = 0; at < 50_000; at += 1) outbox.send({ jsonrpc: "2.0", id: at, result: null });
    expect(reasons).toEqual(["the client has not read the last 20000 messages"]);
    expect(outbox.waiting).toBe(0);
  });

  test("survives a stream that breaks", async () => {
    const outbox = createOutbox(
      {
        listen: () => undefined,
        write: () => Promise.reject(new Error("broken pipe")),
        end: () => undefined,
      },
      silentLog,
      expect.unreachable,
    );
    outbox.send({ jsonrpc: "2.0", id: 1, result: null });
    await outbox.flush();
    outbox.send({ jsonrpc: "2.0", id: 2, result: null });
    await outbox.flush();
  });
});

test("a method is taken back before it is registered again, and ids are never used twice", async () => {
  const asked: string[] = [];
  const registrations = createRegistrations({
    ask(method, params) {
      asked.push(`${method.split("/")[1]} ${JSON.stringify(params)}`);
      return Promise.resolve({ ok: true as const, value: null });
    },
    tell: expect.unreachable,
    close: expect.unreachable,
  });
  await Promise.all([
    registrations.register("workspace/didChangeConfiguration", { section: "a" }),
    registrations.register("workspace/didChangeConfiguration", { section: "b" }),
  ]);
  expect(asked).toEqual([
    'registerCapability {"registrations":[{"id":"hearth-1","method":"workspace/didChangeConfiguration","registerOptions":{"section":"a"}}]}',
    'unregisterCapability {"unregisterations":[{"id":"hearth-1","method":"workspace/didChangeConfiguration"}]}',
    'registerCapability {"registrations":[{"id":"hearth-2","method":"workspace/didChangeConfiguration","registerOptions":{"section":"b"}}]}',
  ]);
  expect(registrations.methods).toEqual(["workspace/didChangeConfiguration"]);
});

test("a client that never answers is asked three times, each with an end, and then no more", async () => {
  const clock = createManualClock();
  let sent = 0;
  const silent = {
    sendRequest() {
      sent += 1;
      return new Promise(() => undefined);
    },
  };
  const calls = createClientCalls({
    connection: () => silent as unknown as Connection,
    clock,
    log: silentLog,
  });
  for (let round = 0; round < 5; round += 1) {
    const answer = calls.ask("workspace/configuration", { items: [] });
    clock.advance(10_001);
    expect((await answer).ok).toBe(false);
  }
  expect(sent).toBe(3);
});

describe("the log", () => {
  interface Line {
    readonly level: string;
    readonly fields: Record<string, unknown>;
    readonly message: string;
  }
  function recordingLog(lines: Line[]): Log {
    const write =
      (level: string) =>
      (fields: object, message: string): void =>
        void lines.push({ level, fields: fields as Record<string, unknown>, message });
    const log: Log = {
      debug: write("debug"),
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
      child: () => log,
    };
    return log;
  }

  test("has one line per request, and no text or name of the user above the debug level", async () => {
    const lines: Line[] = [];
    const client = await startClient({
      mode: sessionMode({ log: recordingLog(lines) }),
      folders: ["file:///home/secret"],
    });
    const uri = "file:///home/secret/secret.py";
    client.open(uri, "def secret(secret_name):\n    return secr");
    await client.complete(uri, 40);
    await client.symbols(uri);
    client.change(uri, [
      { range: { start: { line: 1, character: 0 }, end: { line: 0, character: 0 } }, text: "secret" },
    ]);
    client.notify("textDocument/didClose", { textDocument: { uri: "file:///secret/never-opened" } });
    const refused = client.send("secret/method", { secret: 1 });
    await refused.answer;
    await client.end();
    const requests = lines.filter((line) => line.message === "request");
    expect(requests.map((line) => line.fields["method"])).toEqual([
      "textDocument/completion",
      "textDocument/documentSymbol",
    ]);
    expect(Object.keys(requests[0]?.fields ?? {})).toEqual([
      "method",
      "class",
      "queueMs",
      "runMs",
      "outcome",
    ]);
    for (const line of lines.filter(({ level }) => level !== "debug")) {
      expect(JSON.stringify(line)).not.toContain("secret_name");
      expect(JSON.stringify(line)).not.toContain("/secret");
    }
  });

  test("notes a turn in which the event loop was held", async () => {
    const lines: Line[] = [];
    const mode = sessionMode({
      log: recordingLog(lines),
      symbols: {
        outline() {
          const untilMs = performance.now() + 60;
          while (performance.now() < untilMs);
          return Promise.resolve([]);
        },
        folds: () => Promise.resolve([]),
        selections: () => Promise.resolve([]),
      },
    });
    const client = await startClient({ mode });
    client.open("file:///a.py", "a = 1");
    await client.symbols("file:///a.py");
    await client.end();
    expect(
      lines.filter((line) => line.message === "the event loop was held").map((line) => line.fields["method"]),
    ).toContain("textDocument/documentSymbol");
  });

  test("a client that wants a trace gets a line per request, one that does not gets none", async () => {
    const client = await startClient({ mode: sessionMode() });
    await client.symbols("file:///a.py");
    client.notify("$/setTrace", { value: "messages" });
    await client.symbols("file:///a.py");
    client.notify("$/setTrace", { value: "off" });
    await client.symbols("file:///a.py");
    const traced = client.notes.filter((note) => note.method === "$/logTrace");
    expect(traced.length).toBe(1);
    await client.end();
  });
});

describe("folding", () => {
  const text = createText("function f() {\n  if (a) {\n    b();\n  }\n}\n");
  const folds = [
    { start: 13, end: 40, kind: "code" as const },
    { start: 24, end: 38, kind: "code" as const },
    { start: 0, end: 5, kind: "comment" as const },
  ];
  const whole = readClientProfile("", {});
  const lines = readClientProfile("Neovim", profile("neovim").capabilities);

  test("leaves the line with the closing bracket visible where only lines can be folded", () => {
    expect(toFoldingRanges(folds, text, ["}"], lines)).toEqual([
      { startLine: 0, endLine: 3 },
      { startLine: 1, endLine: 2 },
    ]);
  });

  test("is exact elsewhere, and keeps the widest folds within the client's limit", () => {
    expect(toFoldingRanges(folds, text, ["}"], whole)[0]).toEqual({
      startLine: 0,
      startCharacter: 13,
      endLine: 4,
      endCharacter: 1,
    });
    const limited = { ...lines, folding: { lineOnly: true, rangeLimit: 1 } };
    expect(toFoldingRanges(folds, text, ["}"], limited)).toEqual([{ startLine: 0, endLine: 3 }]);
  });
});

test.each([
  [undefined, true],
  [[], false],
  [[""], true],
  [["quickfix"], true],
  [["quickfix.syntax"], false],
  [["refactor"], false],
  [["refactor", "quickfix"], true],
  [["quick"], false],
] as const)("of `only` %j a quick fix is asked for: %s", (only, expected) => {
  expect(isKindAsked("quickfix", only)).toBe(expected);
});
