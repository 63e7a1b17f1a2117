// The phases of a session: what is refused when, and how it ends.
import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { connectClient, startClient } from "../kit/client.ts";
import type { Answer } from "../kit/connection.ts";
import { within } from "../kit/waiting.ts";
import { inModes } from "./in-modes.ts";

/** An editor that closed its side must not leave a process behind for longer. */
const GONE_WITHIN_MS = 5_000;
const doc = { textDocument: { uri: "file:///w/a.py" } };

const codeOf = (answer: Answer): number | undefined => answer.error?.code;

inModes((mode) => {
  test("refuses requests before initialize with -32002 and drops notifications, then starts as usual", async () => {
    const client = await connectClient({ mode });
    client.notify("textDocument/didOpen", {
      textDocument: { uri: doc.textDocument.uri, languageId: "python", version: 1, text: "x = 1\n" },
    });
    for (const method of ["textDocument/documentSymbol", "shutdown", "no/such/method"]) {
      expect(codeOf(await client.send(method, doc).answer), method).toBe(-32002);
    }
    await client.handshake();
    client.open(doc.textDocument.uri, "def one():\n    pass\n");
    expect((await client.symbols(doc.textDocument.uri)).map((symbol) => symbol.name)).toEqual(["one"]);
    await client.end();
  });

  test("refuses a second initialize with -32600 and keeps the first", async () => {
    const client = await startClient({ mode });
    const again = client.send("initialize", { processId: null, rootUri: null, capabilities: {} });
    expect(codeOf(await again.answer)).toBe(-32600);
    client.open(doc.textDocument.uri, "def one():\n    pass\n");
    expect(await client.symbols(doc.textDocument.uri)).toHaveLength(1);
    await client.end();
  });

  test("refuses everything after shutdown with -32600, a second shutdown too, and exits with 0", async () => {
    const client = await startClient({ mode });
    await client.request("shutdown");
    for (const method of ["textDocument/documentSymbol", "shutdown", "initialize", "no/such/method"]) {
      expect(codeOf(await client.send(method, doc).answer), method).toBe(-32600);
    }
    client.notify("exit");
    expect(await within("the server exits", client.server.exited)).toBe(0);
    await client.abandon();
  });

  test("exits with 1 after exit without shutdown", async () => {
    const client = await startClient({ mode });
    client.notify("exit");
    expect(await within("the server exits", client.server.exited)).toBe(1);
    await client.abandon();
  });

  test("exits with 1 after exit before initialize", async () => {
    const client = await connectClient({ mode });
    client.notify("exit");
    expect(await within("the server exits", client.server.exited)).toBe(1);
    await client.abandon();
  });

  test("is gone soon after the client's side is closed, in every phase", async () => {
    const early = await connectClient({ mode });
    early.hangUp();
    expect(await within("it ends before initialize", early.server.exited, GONE_WITHIN_MS)).toBe(1);
    await early.abandon();

    const running = await startClient({ mode });
    running.open(doc.textDocument.uri, "x = 1\n");
    void running.send("textDocument/documentSymbol", doc);
    running.hangUp();
    expect(await within("it ends while it runs", running.server.exited, GONE_WITHIN_MS)).toBe(1);
    await running.abandon();

    const late = await startClient({ mode });
    await late.request("shutdown");
    late.hangUp();
    expect(await within("it ends after shutdown", late.server.exited, GONE_WITHIN_MS)).toBe(0);
    await late.abandon();
  });

  test("is gone soon after the client's side is closed in the middle of a frame", async () => {
    for (const piece of [
      "Content-Le",
      "Content-Length: 100\r\n",
      "Content-Length: 100\r\n\r\n",
      'Content-Length: 100\r\n\r\n{"jsonrpc"',
    ]) {
      const client = await startClient({ mode });
      await client.sendRaw(piece);
      client.hangUp();
      expect(
        await within(`it ends after ${JSON.stringify(piece)}`, client.server.exited, GONE_WITHIN_MS),
      ).toBe(1);
      await client.abandon();
    }
  });

  test("is gone some time after the process that the client named, though the pipes stay open", async () => {
    const parent = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
    const client = await startClient({ mode, initializeParams: { processId: parent.pid } });
    client.open(doc.textDocument.uri, "def one():\n    pass\n");
    expect(await client.symbols(doc.textDocument.uri)).toHaveLength(1);
    parent.kill("SIGKILL");
    expect(await within("the server exits", client.server.exited)).not.toBe(0);
    await client.abandon();
  });

  test("does not watch a process that it could never see", async () => {
    const client = await startClient({ mode, initializeParams: { processId: 2 ** 22 + 12_345 } });
    client.open(doc.textDocument.uri, "def one():\n    pass\n");
    for (let round = 0; round < 3; round += 1) {
      expect(await client.symbols(doc.textDocument.uri)).toHaveLength(1);
    }
    await client.end();
  });

  test("answers requests that are in flight when shutdown comes", async () => {
    const client = await startClient({ mode });
    const { uri } = doc.textDocument;
    client.open(uri, "def one():\n    pass\n".repeat(500));
    const asked = Array.from({ length: 20 }, () => client.send("textDocument/documentSymbol", doc));
    const shutdown = client.send("shutdown");
    for (const { answer } of asked) await within("an answer", answer);
    expect((await within("the answer to shutdown", shutdown.answer)).error).toBeUndefined();
    client.notify("exit");
    expect(await within("the server exits", client.server.exited)).toBe(0);
    client.oracle.finish(true);
    expect(client.oracle.violations).toEqual([]);
    await client.abandon();
  });

  test("takes string ids and ids that come back after their answer", async () => {
    const client = await startClient({ mode });
    client.open(doc.textDocument.uri, "def one():\n    pass\n");
    for (const id of ["a", "a", "", "1", 1_000_000, -5, 0]) {
      const answer = await within("an answer", client.send("textDocument/documentSymbol", doc, id).answer);
      expect(answer.error, String(id)).toBeUndefined();
    }
    await client.end();
  });
});
