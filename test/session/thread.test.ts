// The thin thread: one client from initialize to exit, with answers from the real parser.
import { expect, test } from "vitest";
import { startClient } from "./test-client.ts";

const uri = "file:///work/a.py";

test("opens, completes, outlines, publishes, and ends", async () => {
  const client = await startClient();
  const initialized = await client.initialize();
  expect(initialized.result.capabilities).toMatchObject({
    positionEncoding: "utf-16",
    textDocumentSync: { openClose: true, change: 2 },
    documentSymbolProvider: true,
  });
  expect(initialized.result.serverInfo).toEqual({ name: "hearth", version: "0.0.0-test" });
  client.open(uri, "python", "def greet(name):\n    return nam\n");
  client.inference.reply = { kind: "not-ready" };
  const menu = await client.request("textDocument/completion", {
    textDocument: { uri },
    position: { line: 1, character: 14 },
  });
  expect(menu.result.items[0]).toMatchObject({ label: "name" });
  const symbols = await client.request("textDocument/documentSymbol", { textDocument: { uri } });
  expect(symbols.result).toMatchObject([{ name: "greet", kind: 12 }]);

  client.notify("textDocument/didChange", {
    textDocument: { uri, version: 2 },
    contentChanges: [{ text: "def greet(:\n    return 1\n" }],
  });
  const published = await client.until(
    (message) => message.method === "textDocument/publishDiagnostics",
    "a published finding",
  );
  expect(published.params.uri).toBe(uri);
  expect(published.params.diagnostics.length).toBeGreaterThan(0);
  client.notify("textDocument/didClose", { textDocument: { uri } });
  await client.until((message) => message.params?.diagnostics?.length === 0, "the cleared findings");
  expect(await client.close()).toBe(0);
});

test("pulls diagnostics, and a second pull says unchanged", async () => {
  const client = await startClient();
  const initialized = await client.initialize({ textDocument: { diagnostic: {} } });
  expect(initialized.result.capabilities.diagnosticProvider).toMatchObject({ identifier: "hearth" });
  client.open(uri, "python", "def greet(:\n    return 1\n");
  const first = await client.request("textDocument/diagnostic", { textDocument: { uri } });
  expect(first.result.kind).toBe("full");
  expect(first.result.items.length).toBeGreaterThan(0);
  const second = await client.request("textDocument/diagnostic", {
    textDocument: { uri },
    previousResultId: first.result.resultId,
  });
  expect(second.result).toEqual({ kind: "unchanged", resultId: first.result.resultId });
  expect(await client.close()).toBe(0);
  expect(client.received.some((message) => message.method === "textDocument/publishDiagnostics")).toBe(false);
});
