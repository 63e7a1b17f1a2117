// Well-framed messages that make no sense: refused with the right code, or dropped; the session goes on.
import { expect, test } from "vitest";
import { startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import { metaModel } from "../kit/oracle/meta-model.ts";
import { within } from "../kit/waiting.ts";
import { inModes } from "./in-modes.ts";

const uri = "file:///w/a.py";
const position = { line: 0, character: 0 };

async function stillWorks(client: TestClient): Promise<void> {
  expect((await client.symbols(uri)).map((symbol) => symbol.name)).toEqual(["one"]);
}

inModes((mode) => {
  const start = async (): Promise<TestClient> => {
    const client = await startClient({ mode });
    client.open(uri, "def one():\n    pass\n");
    return client;
  };
  const offered = (client: TestClient): readonly string[] =>
    [...metaModel.methods.values()]
      .filter(
        (meta) => meta.isRequest && meta.params !== undefined && meta.method.startsWith("textDocument/"),
      )
      .map((meta) => meta.method)
      .filter((method) => client.oracle.session.isAdvertised(method));

  test("refuses null, missing and wrong params of every offered request with -32602", async () => {
    const client = await start();
    const methods = offered(client);
    expect(methods.length).toBeGreaterThanOrEqual(3);
    const wrong: readonly unknown[] = [
      null,
      undefined,
      [],
      "text",
      7,
      {},
      { textDocument: null, position },
      { textDocument: {}, position },
      {
        textDocument: { uri: 7 },
        position,
        positions: [position],
        range: { start: position, end: position },
      },
    ];
    for (const method of methods) {
      for (const params of wrong) {
        const answer = await within("an answer", client.send(method, params).answer);
        expect(answer.error?.code, `${method} with ${JSON.stringify(params)}`).toBe(-32602);
      }
    }
    await stillWorks(client);
    await client.end();
  });

  test("answers requests about documents that are not open without an error", async () => {
    const client = await start();
    for (const other of [
      "file:///w/never-opened.py",
      "untitled:Untitled-9",
      "",
      "not a uri %%%",
      "file:///",
    ]) {
      for (const method of offered(client)) {
        const answer = await within(
          "an answer",
          client.send(method, {
            textDocument: { uri: other },
            position,
            positions: [position],
            range: { start: position, end: position },
            context: { triggerKind: 1, diagnostics: [] },
          }).answer,
        );
        expect(answer.error, `${method} of ${other}`).toBeUndefined();
      }
    }
    await client.end();
  });

  test("answers positions far outside the text", async () => {
    const client = await start();
    for (const place of [
      { line: 0, character: 2 ** 31 - 1 },
      { line: 2 ** 31 - 1, character: 0 },
      { line: 2 ** 31 - 1, character: 2 ** 31 - 1 },
    ]) {
      for (const method of offered(client)) {
        const params = {
          textDocument: { uri },
          position: place,
          positions: [place],
          range: { start: place, end: place },
          context: { triggerKind: 1, diagnostics: [] },
        };
        const answer = await within("an answer", client.send(method, params).answer);
        expect(answer.error, `${method} at ${JSON.stringify(place)}`).toBeUndefined();
      }
    }
    await client.end();
  });

  test("refuses unknown requests with -32601 and ignores unknown notifications", async () => {
    const client = await start();
    for (const method of [
      "no/such/method",
      "$/unknown",
      "textDocument/unheardOf",
      "window/showMessage",
      "",
      "__proto__",
      "constructor",
    ]) {
      const answer = await within("an answer", client.send(method, {}).answer);
      expect(answer.error?.code, method).toBe(-32601);
      client.notify(method, {});
    }
    client.notify("$/setTrace", { value: "verbose" });
    client.notify("$/cancelRequest", { id: 4711 });
    client.notify("$/progress", { token: "nobody's", value: {} });
    client.notify("window/workDoneProgress/cancel", { token: "nobody's" });
    client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] });
    client.notify("workspace/didChangeConfiguration", { settings: null });
    await stillWorks(client);
    await client.end();
  });

  test("survives notifications of the wrong shape with the text unharmed", async () => {
    const client = await start();
    const wrong: readonly unknown[] = [
      null,
      undefined,
      [],
      "text",
      {},
      { textDocument: null },
      { textDocument: { uri } },
      { textDocument: { uri: 7, version: "x" }, contentChanges: "no" },
      { textDocument: { uri, version: 2 }, contentChanges: [null] },
      { textDocument: { uri, version: 2 }, contentChanges: [{ text: 7 }] },
      { textDocument: { uri, version: 2 }, contentChanges: [{ range: {}, text: "x" }] },
      { textDocument: { uri, version: 2 }, contentChanges: [{ range: { start: { line: "0" } }, text: "x" }] },
    ];
    for (const method of [
      "textDocument/didChange",
      "textDocument/didOpen",
      "textDocument/didClose",
      "textDocument/didSave",
      "initialized",
    ]) {
      for (const params of wrong) {
        // This one is no fault: it names an open document and would close it.
        if (method === "textDocument/didClose" && JSON.stringify(params)?.includes(uri)) continue;
        client.notify(method, params);
      }
    }
    await stillWorks(client);
    await client.end();
  });

  test("ignores answers to requests that it never made", async () => {
    const client = await start();
    for (const id of [1, "1", 99, "s9", null]) {
      await client.sendMessage({ jsonrpc: "2.0", id, result: null });
      await client.sendMessage({ jsonrpc: "2.0", id, error: { code: 1, message: "no" } });
    }
    await stillWorks(client);
    await client.abandon();
  });
});
