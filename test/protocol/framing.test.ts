// Frames as no client should send them: refused with a word and survived, or ended with a message; never a hang.
import { expect, test } from "vitest";
import { startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import { encodeFrame } from "../kit/frames.ts";
import { until, within } from "../kit/waiting.ts";
import { inModes } from "./in-modes.ts";

const GONE_WITHIN_MS = 5_000;
const uri = "file:///w/a.py";
const ask = (id: number): object => ({
  jsonrpc: "2.0",
  id,
  method: "textDocument/documentSymbol",
  params: { textDocument: { uri } },
});

function framed(body: string | Uint8Array): Uint8Array {
  const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : body;
  return Buffer.concat([Buffer.from(`Content-Length: ${bytes.length}\r\n\r\n`), bytes]);
}

async function stillWorks(client: TestClient): Promise<void> {
  expect((await client.symbols(uri)).map((symbol) => symbol.name)).toEqual(["one"]);
}

inModes((mode) => {
  const start = async (): Promise<TestClient> => {
    const client = await startClient({ mode });
    client.open(uri, "def one():\n    pass\n");
    await stillWorks(client);
    return client;
  };

  test.each([
    ["malformed JSON", framed('{"jsonrpc":'), -32700],
    ["an empty body", framed(""), -32700],
    [
      "bytes that are not UTF-8",
      framed(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])),
      -32700,
    ],
    ["an empty batch", framed("[]"), -32600],
    ["a batch of notifications", framed('[{"jsonrpc":"2.0","method":"initialized","params":{}}]'), -32600],
    ["a batch of requests", framed(JSON.stringify([ask(901), ask(902)])), -32600],
    ["a number", framed("7"), -32600],
    ["null", framed("null"), -32600],
    ["a request id that is an object", framed('{"jsonrpc":"2.0","id":{},"method":"shutdown"}'), -32600],
    ["neither request nor response", framed('{"jsonrpc":"2.0"}'), -32600],
  ])("answers %s with id null and goes on", async (_name, bytes, code) => {
    const client = await start();
    await client.sendRaw(bytes);
    await until("the fault is answered", () => client.nullAnswers.length > 0 || undefined);
    expect(client.nullAnswers.map((error) => error.code)).toEqual([code]);
    await stillWorks(client);
    await client.end();
  });

  test.each([
    ["a lower-case header", (body: Buffer) => `content-length: ${body.length}\r\n\r\n`],
    ["no space after the colon", (body: Buffer) => `Content-Length:${body.length}\r\n\r\n`],
    [
      "a Content-Type before it",
      (body: Buffer) =>
        `Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n`,
    ],
    [
      "a Content-Type after it",
      (body: Buffer) =>
        `Content-Length: ${body.length}\r\nContent-Type: application/vscode-jsonrpc; charset=utf8\r\n\r\n`,
    ],
  ])("accepts %s", async (_name, header) => {
    const client = await start();
    const body = Buffer.from(
      JSON.stringify({
        jsonrpc: "2.0",
        method: "textDocument/didChange",
        params: { textDocument: { uri, version: 2 }, contentChanges: [{ text: "def two():\n    pass\n" }] },
      }),
    );
    await client.sendRaw(Buffer.concat([Buffer.from(header(body)), body]));
    expect((await client.symbols(uri)).map((symbol) => symbol.name)).toEqual(["two"]);
    await client.end();
  });

  test("takes frames in any pieces", async () => {
    const client = await start();
    const bytes = Buffer.concat([encodeFrame(ask(71)), encodeFrame(ask(72))]);
    await client.sendPieces([...bytes].map((byte) => Uint8Array.of(byte)));
    await until(
      "both were answered",
      () => client.oracle.session.allPending("client").length === 0 || undefined,
    );
    await client.end();
  });

  test.each([
    ["a length that is no number", "Content-Length: abc\r\n\r\n{}"],
    ["a negative length", "Content-Length: -5\r\n\r\n{}"],
    ["an absurd length", "Content-Length: 99999999999\r\n\r\n{}"],
    ["a header without a length", "Content-Type: x\r\n\r\n{}"],
    ["a header that never ends", `X: ${"y".repeat(100_000)}`],
    ["a length too short for its body", `Content-Length: 5\r\n\r\n${JSON.stringify(ask(5))}\r\n\r\n`],
    ["no header at all", '{"jsonrpc":"2.0","id":1,"method":"shutdown"}\r\n\r\n'],
  ])("ends with a message after %s", async (_name, bytes) => {
    const client = await start();
    await client.sendRaw(bytes);
    const code = await within("the server ends", client.server.exited, GONE_WITHIN_MS);
    expect(code).not.toBe(0);
    if (client.server.pid !== undefined)
      expect(client.server.complaints()).toMatch(/Content-Length|header|frame|stream/i);
    await client.abandon();
  });

  test("ends with the client when a length was too long for its body", async () => {
    const client = await start();
    const body = JSON.stringify(ask(5));
    await client.sendRaw(`Content-Length: ${body.length + 50}\r\n\r\n${body}`);
    client.hangUp();
    expect(await within("the server ends", client.server.exited, GONE_WITHIN_MS)).toBe(1);
    await client.abandon();
  });
});
