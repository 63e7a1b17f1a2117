// The lifecycle guard: every row of what the library gets wrong, asked over the wire.
import { describe, expect, test } from "vitest";
import { connectClient, startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import { resultOf } from "../kit/connection.ts";
import { at } from "../kit/json.ts";
import { expectNoBugs, sessionMode } from "./session-mode.ts";

const uri = "file:///project/a.py";
const textDocument = { uri };
const initializeParams = { processId: null, rootUri: null, capabilities: {} };

async function codeOf(client: TestClient, method: string, params?: unknown): Promise<number | undefined> {
  return (await client.send(method, params).answer).error?.code;
}

describe("before initialize", () => {
  test("a request is refused with -32002, also an unknown one and shutdown", async () => {
    const client = await connectClient({ mode: sessionMode() });
    expect(await codeOf(client, "textDocument/documentSymbol", { textDocument })).toBe(-32002);
    expect(await codeOf(client, "no/such/method")).toBe(-32002);
    expect(await codeOf(client, "shutdown")).toBe(-32002);
    await client.handshake();
    await client.end();
  });

  test("notifications are dropped, exit ends with 1", async () => {
    const client = await connectClient({ mode: sessionMode() });
    client.notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "python", version: 1, text: "a = 1" },
    });
    client.notify("exit");
    expect(await client.server.exited).toBe(1);
    await client.abandon();
  });

  test("an initialize of the wrong shape is refused, and the next one counts", async () => {
    const client = await connectClient({ mode: sessionMode() });
    expect(await codeOf(client, "initialize", null)).toBe(-32602);
    expect(await codeOf(client, "initialize", { processId: "seven", capabilities: {} })).toBe(-32602);
    expect(await codeOf(client, "initialize", [])).toBe(-32602);
    await client.handshake();
    await client.end();
  });
});

describe("after initialize", () => {
  test("a second initialize is refused with -32600 and changes nothing", async () => {
    const client = await startClient({ mode: sessionMode() });
    expect(await codeOf(client, "initialize", initializeParams)).toBe(-32600);
    await client.end();
  });

  test("initialize sent twice at once is answered once", async () => {
    const client = await connectClient({ mode: sessionMode() });
    const first = client.send("initialize", initializeParams);
    const second = client.send("initialize", initializeParams);
    expect((await first.answer).result).toBeDefined();
    expect((await second.answer).error?.code).toBe(-32600);
    await client.abandon();
  });

  test("unknown requests get -32601, unknown notifications silence", async () => {
    const client = await startClient({ mode: sessionMode() });
    expect(await codeOf(client, "no/such/method", { textDocument })).toBe(-32601);
    expect(await codeOf(client, "$/noSuchRequest")).toBe(-32601);
    client.notify("$/noSuchNotification", { a: 1 });
    client.notify("no/such/notification");
    expect(await client.symbols(uri)).toEqual([]);
    await client.end();
  });

  test.each([
    ["null", null],
    ["nothing", undefined],
    ["a list", []],
    ["a number", 7],
    ["no document", {}],
    ["a document without a URI", { textDocument: {} }],
    ["a URI that is a number", { textDocument: { uri: 1 }, position: { line: 0, character: 0 } }],
    ["a negative line", { textDocument, position: { line: -1, character: 0 } }],
    ["half a column", { textDocument, position: { line: 0, character: 0.5 } }],
    ["a text for a position", { textDocument, position: "0:0" }],
  ])("params that are %s get -32602", async (_what, params) => {
    const client = await startClient({ mode: sessionMode() });
    expect(await codeOf(client, "textDocument/completion", params)).toBe(-32602);
    await client.end();
  });

  test("an id that is still in use is refused, and the first request is answered", async () => {
    const mode = sessionMode();
    mode.inference.reply = undefined;
    const client = await startClient({ mode });
    client.open(uri, "def f(name):\n    return na");
    const params = { textDocument, position: { line: 1, character: 13 } };
    const first = client.send("textDocument/completion", params, "same");
    const second = client.send("textDocument/completion", params, "same");
    const answers = await Promise.all([first.answer, second.answer]);
    expect(answers.map((answer) => answer.error?.code).filter((code) => code !== undefined)).toEqual([
      -32600,
    ]);
    await client.abandon();
  });

  test('the ids 1 and "1" are two requests', async () => {
    const client = await startClient({ mode: sessionMode() });
    client.open(uri, "def f():\n    pass\n");
    const params = { textDocument };
    const answers = [
      client.send("textDocument/documentSymbol", params, 4711),
      client.send("textDocument/foldingRange", params, "4711"),
    ];
    expect(at(await resultOf(answers[0]!), "0.name") ?? (await resultOf(answers[0]!))).toMatchObject([
      { name: "f" },
    ]);
    expect(await resultOf(answers[1]!)).toMatchObject([{ startLine: 0 }]);
    await client.end();
  });
});

describe("after shutdown", () => {
  test("requests, also a second shutdown, get -32600, and exit ends with 0", async () => {
    const client = await startClient({ mode: sessionMode() });
    expect(await client.request("shutdown")).toBeNull();
    expect(await codeOf(client, "textDocument/documentSymbol", { textDocument })).toBe(-32600);
    expect(await codeOf(client, "shutdown")).toBe(-32600);
    expect(await codeOf(client, "initialize", initializeParams)).toBe(-32600);
    client.open(uri, "a = (");
    client.notify("exit");
    expect(await client.server.exited).toBe(0);
    await client.abandon();
  });

  test("what was in flight is answered before shutdown is", async () => {
    const mode = sessionMode();
    mode.inference.reply = undefined;
    const client = await startClient({ mode });
    client.open(uri, "def f(name):\n    return na");
    const waiting = client.send("textDocument/inlineCompletion", {
      textDocument,
      position: { line: 1, character: 13 },
      context: { triggerKind: 2 },
    });
    const order: string[] = [];
    const shutdown = client.send("shutdown");
    await Promise.all([
      waiting.answer.then((answer) => order.push(`inline ${JSON.stringify(answer.result)}`)),
      shutdown.answer.then(() => order.push("shutdown")),
    ]);
    expect(order).toEqual(["inline null", "shutdown"]);
    client.notify("exit");
    expect(await client.server.exited).toBe(0);
    await client.abandon();
  });
});

test("initialized counts once, and after shutdown nothing but answers is sent", async () => {
  const client = await connectClient({ mode: sessionMode() });
  await client.handshake();
  for (let round = 0; round < 5; round += 1) client.notify("initialized", {});
  await client.end();
  const registered = client.serverRequests.filter((note) => note.method === "client/registerCapability");
  expect(registered.length).toBe(1);
});

describe("the end", () => {
  test("exit without shutdown ends with 1", async () => {
    const client = await startClient({ mode: sessionMode() });
    client.notify("exit");
    expect(await client.server.exited).toBe(1);
    await client.abandon();
  });

  test.each([
    ["at rest", ""],
    ["in the middle of a header", "Content-Le"],
    ["in the middle of a body", "Content-Length: 100\r\n\r\n{"],
  ])("the end of the stream ends the session: %s", async (_where, bytes) => {
    const client = await startClient({ mode: sessionMode() });
    if (bytes !== "") await client.sendRaw(bytes);
    client.hangUp();
    expect(await client.server.exited).toBe(1);
    await client.abandon();
  });

  test("the end of the stream after shutdown is a clean end", async () => {
    const client = await startClient({ mode: sessionMode() });
    await client.request("shutdown");
    client.hangUp();
    expect(await client.server.exited).toBe(0);
    await client.abandon();
  });

  test("ended by the daemon, requests in flight are answered before the stream closes", async () => {
    const mode = sessionMode();
    mode.inference.reply = undefined;
    const client = await startClient({ mode });
    client.open(uri, "def f(name):\n    return na");
    const asked = client.send("textDocument/inlineCompletion", {
      textDocument,
      position: { line: 1, character: 13 },
      context: { triggerKind: 2 },
    });
    await client.symbols(uri);
    mode.session().end("the daemon stops");
    expect(await asked.answer).toEqual({ result: null });
    await client.whenEnded();
    expect(await client.server.exited).toBe(1);
    await client.abandon();
  });

  test("a parent that goes ends the session, one that was never seen does not", async () => {
    const alive = new Set([process.pid]);
    const isProcessAlive = (pid: number): boolean => alive.has(pid);
    const watched = await startClient({ mode: sessionMode({ isProcessAlive }) });
    const unseen = await startClient({
      mode: sessionMode({ isProcessAlive }),
      initializeParams: { processId: 999_999 },
    });
    alive.clear();
    expect(await watched.server.exited).toBe(1);
    expect(await unseen.symbols(uri)).toEqual([]);
    await watched.abandon();
    await unseen.end();
  });
});

describe("broken messages", () => {
  test.each([
    ["no JSON", "this is no JSON", -32700],
    ["half a message", '{"jsonrpc":"2.0","id":1,', -32700],
    ["a number", "42", -32600],
    ["null", "null", -32600],
    ["an empty object", "{}", -32600],
    ["an id that is an object", '{"jsonrpc":"2.0","id":{},"method":"shutdown"}', -32600],
    ["an id that is null", '{"jsonrpc":"2.0","id":null,"method":"shutdown"}', -32600],
    ["an empty batch", "[]", -32600],
    ["a batch", '[{"jsonrpc":"2.0","id":"b1","method":"shutdown"}]', -32600],
    ["an answer without a result", '{"jsonrpc":"2.0","id":"b1"}', -32600],
  ])("%s is answered with id null, and the session goes on", async (_what, body, code) => {
    const client = await startClient({ mode: sessionMode() });
    const bytes = Buffer.from(body);
    await client.sendRaw(Buffer.concat([Buffer.from(`Content-Length: ${bytes.length}\r\n\r\n`), bytes]));
    expect(await client.symbols(uri)).toEqual([]);
    expect(client.nullAnswers.map((error) => error.code)).toEqual([code]);
    await client.abandon();
  });

  test("a body that is not UTF-8 is answered with -32700", async () => {
    const client = await startClient({ mode: sessionMode() });
    await client.sendRaw(
      Buffer.concat([Buffer.from("Content-Length: 4\r\n\r\n"), Buffer.from([0x22, 0xc3, 0x28, 0x22])]),
    );
    expect(await client.symbols(uri)).toEqual([]);
    expect(client.nullAnswers.map((error) => error.code)).toEqual([-32700]);
    await client.abandon();
  });

  test("responses to requests that were never sent are ignored", async () => {
    const client = await startClient({ mode: sessionMode() });
    await client.sendMessage({ jsonrpc: "2.0", id: 4242, result: null });
    await client.sendMessage({ jsonrpc: "2.0", id: "x", error: { code: 1, message: "no" } });
    await client.sendMessage({ jsonrpc: "2.0", id: null, error: { code: 1, message: "no" } });
    expect(await client.symbols(uri)).toEqual([]);
    await client.abandon();
  });

  test.each([
    ["a header without a length", "Content-Type: x\r\n\r\n{}"],
    ["a length that is a word", "Content-Length: abc\r\n\r\n{}"],
    ["a negative length", "Content-Length: -5\r\n\r\n{}"],
    ["an absurd length", "Content-Length: 99999999999\r\n\r\n{}"],
    ["no header at all", "x".repeat(5000)],
  ])("%s ends the session", async (_what, bytes) => {
    const client = await startClient({ mode: sessionMode() });
    await client.sendRaw(bytes);
    expect(await client.server.exited).toBe(1);
    await client.whenEnded();
    const logged = client.notes.filter((note) => note.method === "window/logMessage");
    expect(String(at(logged[0]?.params, "message"))).toMatch(
      /stream is broken: a (header|body|Content-Length)/,
    );
    await client.abandon();
  });

  test("a header in other letters is understood", async () => {
    const client = await startClient({ mode: sessionMode() });
    const body =
      '{"jsonrpc":"2.0","id":"small","method":"textDocument/documentSymbol","params":{"textDocument":{"uri":"file:///a"}}}';
    await client.sendRaw(`content-length:${body.length}\r\n\r\n${body}`);
    expect(await client.symbols(uri)).toEqual([]);
    await client.abandon();
  });
});

describe("notifications of the wrong shape", () => {
  const open = { uri, languageId: "python", version: 1, text: "def f():\n    pass\n" };
  test("change nothing, end nothing, and leave the documents as they were", async () => {
    const mode = sessionMode();
    const client = await startClient({ mode });
    client.open(uri, open.text);
    for (const params of [
      null,
      undefined,
      [],
      {},
      { textDocument: null },
      { textDocument: { uri } },
      { textDocument: { ...open, text: undefined } },
      { textDocument: { ...open, text: 7 } },
      { textDocument: { ...open, version: "1" } },
    ]) {
      await client.sendMessage({ jsonrpc: "2.0", method: "textDocument/didOpen", params });
    }
    for (const params of [
      null,
      {},
      { textDocument: { uri, version: 2 } },
      { textDocument: { uri, version: 2 }, contentChanges: [null] },
      { textDocument: { uri: "file:///never-opened", version: 2 }, contentChanges: [{ text: "x" }] },
      {
        textDocument: { uri, version: 2 },
        contentChanges: [
          { range: { start: { line: 1, character: 0 }, end: { line: 0, character: 0 } }, text: "reversed" },
        ],
      },
      { textDocument: { uri, version: 1 }, contentChanges: [{ text: "a stale version" }] },
    ]) {
      await client.sendMessage({ jsonrpc: "2.0", method: "textDocument/didChange", params });
    }
    for (const method of [
      "textDocument/didClose",
      "textDocument/didSave",
      "workspace/didChangeConfiguration",
      "workspace/didChangeWorkspaceFolders",
      "$/setTrace",
      "$/cancelRequest",
      "$/progress",
      "window/workDoneProgress/cancel",
      "initialized",
    ]) {
      for (const params of [null, {}, [], 7, { event: {} }, { id: {} }, { token: [] }, { value: 1 }]) {
        await client.sendMessage({ jsonrpc: "2.0", method, params });
      }
    }
    expect((await client.symbols(uri)).map((symbol) => symbol.name)).toEqual(["f"]);
    expect(mode.session().status().openDocuments).toBe(1);
    expectNoBugs(mode);
    await client.abandon();
  });
});
