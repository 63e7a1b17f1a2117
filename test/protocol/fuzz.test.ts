// Random sequences of valid and senseless messages, and frames that are bent: one answer for each request, or a clean end.
import fc from "fast-check";
import { expect, test } from "vitest";
import { startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import type { SentRequest } from "../kit/connection.ts";
import { encodeFrame } from "../kit/frames.ts";
import { profiles } from "../kit/profiles.ts";
import { within } from "../kit/waiting.ts";
import { inModes } from "./in-modes.ts";

const uris = ["file:///w/a.py", "file:///w/b.ts", "untitled:c", "file:///w/%C3%A9.json"];
const languages = ["python", "typescript", "rust", "json", "", "klingon"];
const METHODS = [
  "textDocument/completion",
  "textDocument/inlineCompletion",
  "textDocument/documentSymbol",
  "textDocument/diagnostic",
  "textDocument/codeAction",
  "textDocument/foldingRange",
  "textDocument/selectionRange",
  "textDocument/hover",
  "workspace/symbol",
  "completionItem/resolve",
  "codeAction/resolve",
  "no/such/method",
  "$/whatever",
  "initialize",
];
const NOTIFICATIONS = [
  "textDocument/didOpen",
  "textDocument/didChange",
  "textDocument/didClose",
  "textDocument/didSave",
  "workspace/didChangeConfiguration",
  "workspace/didChangeWorkspaceFolders",
  "$/cancelRequest",
  "$/setTrace",
  "initialized",
  "no/such/notification",
];

const uri = fc.constantFrom(...uris);
const position = fc.record({
  line: fc.integer({ min: -2, max: 40 }),
  character: fc.integer({ min: -2, max: 90 }),
});
const range = fc.record({ start: position, end: position });
const source = fc.constantFrom(
  "def f(",
  "):\n",
  "x",
  " = 1\n",
  "{",
  "}",
  "'",
  '"',
  "\r",
  "\n",
  "🌍",
  "é",
  "class A:\n  ",
  "\u2028",
  "\0",
  "",
);
const text = fc.array(source, { maxLength: 12 }).map((parts) => parts.join(""));
const change = fc.oneof(fc.record({ range, text }), fc.record({ text }));

/** Params that fit, and params that fit nothing. */
const goodParams = fc.record({
  textDocument: fc.record({
    uri,
    version: fc.integer({ min: -1, max: 40 }),
    languageId: fc.constantFrom(...languages),
    text,
  }),
  position,
  range,
  positions: fc.array(position, { maxLength: 3 }),
  context: fc.constant({ triggerKind: 1, diagnostics: [] }),
  contentChanges: fc.array(change, { maxLength: 3 }),
  query: fc.constant(""),
  id: fc.integer({ min: 0, max: 50 }),
});
const params = fc.oneof(
  { weight: 4, arbitrary: goodParams },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

type Step =
  | { readonly kind: "request"; readonly method: string; readonly params: unknown }
  | { readonly kind: "notification"; readonly method: string; readonly params: unknown }
  | { readonly kind: "cancel"; readonly back: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("request" as const), method: fc.constantFrom(...METHODS), params }),
  fc.record({
    kind: fc.constant("notification" as const),
    method: fc.constantFrom(...NOTIFICATIONS),
    params,
  }),
  fc.record({ kind: fc.constant("cancel" as const), back: fc.nat(5) }),
);

async function play(client: TestClient, steps: readonly Step[]): Promise<void> {
  const sent: SentRequest[] = [];
  for (const each of steps) {
    if (each.kind === "request") sent.push(client.send(each.method, each.params));
    else if (each.kind === "notification") client.notify(each.method, each.params);
    else {
      const target = sent.at(-1 - each.back);
      if (target !== undefined) client.cancel(target.id);
    }
  }
  await within(`${sent.length} answers`, Promise.all(sent.map((request) => request.answer)));
  expect(client.unanswered).toBe(0);
}

inModes((mode) => {
  const isCheap = mode.name === "memory";

  test("answers each request of any sequence exactly once, with every kind of client", async () => {
    for (const profile of isCheap ? profiles : profiles.slice(-2)) {
      const client = await startClient({ mode, profile });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), (steps) => play(client, steps)),
        { numRuns: isCheap ? 40 : 10 },
      );
      await client.end();
    }
  });

  test("ends or goes on after bent frames, and never hangs", async () => {
    const frame = encodeFrame({
      jsonrpc: "2.0",
      id: 1,
      method: "textDocument/documentSymbol",
      params: { textDocument: { uri: uris[0] } },
    });
    const bent = fc.array(fc.record({ at: fc.nat(frame.length - 1), byte: fc.nat(255) }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(bent, async (bends) => {
        const client = await startClient({ mode });
        const bytes = Uint8Array.from(frame);
        for (const { at, byte } of bends) bytes[at] = byte;
        await client.sendRaw(bytes);
        client.hangUp();
        await within("the server ends", client.server.exited);
        await client.abandon();
      }),
      { numRuns: isCheap ? 60 : 5 },
    );
  });

  test("reads the same conversation however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 }),
        async (cuts) => {
          const client = await startClient({ mode });
          const document = {
            uri: uris[0],
            languageId: "python",
            version: 1,
            text: "def größe():\n    pass\n",
          };
          const bytes = Buffer.concat([
            encodeFrame({
              jsonrpc: "2.0",
              method: "textDocument/didOpen",
              params: { textDocument: document },
            }),
            encodeFrame({
              jsonrpc: "2.0",
              method: "textDocument/didChange",
              params: {
                textDocument: { uri: uris[0], version: 2 },
                contentChanges: [{ text: "def zwei():\n    pass\n" }],
              },
            }),
          ]);
          const pieces: Uint8Array[] = [];
          for (let from = 0; from < bytes.length; from += pieces.at(-1)?.length ?? 1) {
            pieces.push(bytes.subarray(from, from + (cuts[pieces.length % cuts.length] ?? 1)));
          }
          await client.sendPieces(pieces);
          expect((await client.symbols(uris[0] ?? "")).map((symbol) => symbol.name)).toEqual(["zwei"]);
          await client.end();
        },
      ),
      { numRuns: isCheap ? 40 : 3 },
    );
  });
});
