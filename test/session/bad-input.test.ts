// Fuzzed and absurd traffic: the session lives, and every request has exactly one answer.
import fc from "fast-check";
import { expect, test } from "vitest";
import { createForeground } from "../../server/kernel/index.ts";
import { startRawClient } from "./raw-client.ts";
import { expectNoBugs, sessionMode } from "./session-mode.ts";

const uri = "file:///project/a.py";

const message = fc.record(
  {
    jsonrpc: fc.constant("2.0"),
    id: fc.oneof(fc.nat(50), fc.string({ maxLength: 3 }), fc.constant(null), fc.double()),
    method: fc.oneof(
      fc.constantFrom(
        "textDocument/didOpen",
        "textDocument/didChange",
        "textDocument/didClose",
        "textDocument/completion",
        "textDocument/inlineCompletion",
        "textDocument/codeAction",
        "textDocument/documentSymbol",
        "textDocument/selectionRange",
        "textDocument/diagnostic",
        "workspace/didChangeConfiguration",
        "workspace/didChangeWorkspaceFolders",
        "$/cancelRequest",
      ),
      fc.string({ maxLength: 5 }),
    ),
    params: fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          textDocument: fc.oneof(
            fc.record(
              {
                uri: fc.oneof(fc.constant(uri), fc.string()),
                version: fc.integer(),
                languageId: fc.constantFrom("python", "typescript", "none"),
                text: fc.string({ unit: "binary" }),
              },
              { requiredKeys: ["uri"] },
            ),
            fc.jsonValue(),
          ),
          position: fc.record({ line: fc.nat(5), character: fc.nat(50) }),
          positions: fc.array(fc.record({ line: fc.nat(), character: fc.nat() }), { maxLength: 3 }),
          range: fc.jsonValue(),
          contentChanges: fc.array(
            fc.record(
              {
                range: fc.record({
                  start: fc.record({ line: fc.nat(3), character: fc.nat(9) }),
                  end: fc.record({ line: fc.nat(3), character: fc.nat(9) }),
                }),
                text: fc.string({ unit: "binary" }),
              },
              { requiredKeys: ["text"] },
            ),
            { maxLength: 3 },
          ),
          context: fc.oneof(fc.jsonValue(), fc.constant({ triggerKind: 1, diagnostics: [] })),
          settings: fc.jsonValue(),
          id: fc.oneof(fc.nat(50), fc.string({ maxLength: 3 })),
          event: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: ["jsonrpc"] },
);

test("whatever comes, each request is answered once and the session goes on", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 20, maxLength: 60 }), async (messages) => {
      const foreground = createForeground();
      const mode = sessionMode({ foreground });
      const client = await startRawClient(mode);
      await client.initialize({ textDocument: { inlineCompletion: {}, diagnostic: {} } });
      const expected = new Map<unknown, number>([["initialize", 1]]);
      for (const sent of messages as readonly { id?: unknown; method?: unknown }[]) {
        client.send(sent);
        const { id, method } = sent;
        const isRequest = typeof method === "string" && (typeof id === "string" || Number.isInteger(id));
        // JSON has one zero.
        const key = id === 0 ? 0 : id;
        if (isRequest) expected.set(key, (expected.get(key) ?? 0) + 1);
      }
      client.send({ jsonrpc: "2.0", id: "the last one", method: "no/such/method" });
      expected.set("the last one", 1);
      await client.message("the last answer", (answer) => answer["id"] === "the last one");
      mode.session().end("the test is over");
      expect(await client.exited).toBe(1);
      const answered = new Map<unknown, number>();
      for (const answer of client.received) {
        const id = answer["id"];
        if (answer["method"] !== undefined || id === null) continue;
        answered.set(id, (answered.get(id) ?? 0) + 1);
      }
      expect(answered).toEqual(expected);
      // Background work would stand back for a message that nobody took.
      expect(foreground.isWaiting).toBe(false);
      expectNoBugs(mode);
    }),
    { numRuns: 40 },
  );
});

test("a change with half a range is dropped, and the document stays", async () => {
  const mode = sessionMode();
  const client = await startRawClient(mode);
  await client.initialize();
  const textDocument = { uri, languageId: "python", version: 1, text: "def f():\n    pass\n" };
  client.send({ jsonrpc: "2.0", method: "textDocument/didOpen", params: { textDocument } });
  for (const range of [{}, [], 7, { start: { line: 0 } }, { start: null, end: null }]) {
    client.send({
      jsonrpc: "2.0",
      method: "textDocument/didChange",
      params: { textDocument: { uri, version: 2 }, contentChanges: [{ range, text: "x" }] },
    });
  }
  client.send({
    jsonrpc: "2.0",
    id: 1,
    method: "textDocument/documentSymbol",
    params: { textDocument: { uri } },
  });
  const answer = await client.message("the symbols", (candidate) => candidate["id"] === 1);
  expect(answer["result"]).toMatchObject([{ name: "f" }]);
  expectNoBugs(mode);
  await client.destroy();
});

test("edits without a version are counted here", async () => {
  const mode = sessionMode();
  const client = await startRawClient(mode);
  await client.initialize();
  const textDocument = { uri, languageId: "python", version: 5, text: "" };
  client.send({ jsonrpc: "2.0", method: "textDocument/didOpen", params: { textDocument } });
  client.send({
    jsonrpc: "2.0",
    method: "textDocument/didChange",
    params: { textDocument: { uri, version: null }, contentChanges: [{ text: "def g():\n    pass\n" }] },
  });
  client.send({
    jsonrpc: "2.0",
    id: 1,
    method: "textDocument/documentSymbol",
    params: { textDocument: { uri } },
  });
  const answer = await client.message("the symbols", (candidate) => candidate["id"] === 1);
  expect(answer["result"]).toMatchObject([{ name: "g" }]);
  await client.destroy();
});
