// Requests while the user types: cancelled, superseded, late, failing, and a client that does not read.
import { describe, expect, test } from "vitest";
import { createManualClock } from "../../server/platform/index.ts";
import { startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import { at, listAt } from "../kit/json.ts";
import { profile, withCapabilities } from "../kit/profiles.ts";
import { until } from "../kit/waiting.ts";
import { startRawClient } from "./raw-client.ts";
import { expectNoBugs, sessionMode } from "./session-mode.ts";
import type { SessionMode } from "./session-mode.ts";

const uri = "file:///project/a.py";
const content = "def f(name):\n    return na";
const textDocument = { uri };
const position = { line: 1, character: 13 };
const inline = { textDocument, position, context: { triggerKind: 2 } };
const invokedInline = { textDocument, position, context: { triggerKind: 1 } };
const withInline = withCapabilities(profile("neovim"), { textDocument: { inlineCompletion: {} } });

/** The model answers when the test wants. */
function pendingModel(): SessionMode {
  const mode = sessionMode();
  mode.inference.reply = undefined;
  return mode;
}

async function openWith(mode: SessionMode): Promise<TestClient> {
  const client = await startClient({ mode, profile: withInline });
  client.open(uri, content);
  await client.symbols(uri);
  return client;
}

describe("cancellation", () => {
  test("is answered at once with -32800, the model is told, and a late result is dropped", async () => {
    const mode = pendingModel();
    const client = await openWith(mode);
    const asked = client.send("textDocument/inlineCompletion", inline);
    await until("the model is asked", () => mode.inference.asked[0]);
    client.cancel(asked.id);
    expect((await asked.answer).error?.code).toBe(-32800);
    // What runs is kept for a moment: editors cancel at each key and ask again.
    await until("the model stops", () => mode.inference.asked[0]!.signal.aborted || undefined);
    await mode.inference.asked[0]!.answer("me");
    expect((await client.symbols(uri)).length).toBe(1);
    await client.end();
    expectNoBugs(mode);
  });

  test("of a request that waits in the queue keeps it from running", async () => {
    const mode = pendingModel();
    const client = await openWith(mode);
    const asked = Array.from({ length: 50 }, () => client.send("textDocument/inlineCompletion", inline));
    for (const { id } of asked) client.cancel(id);
    const answers = await Promise.all(asked.map((request) => request.answer));
    for (const answer of answers) expect(answer.error?.code === -32800 || answer.result === null).toBe(true);
    expect(mode.inference.asked.length).toBeLessThan(5);
    await client.end();
  });

  test("of something unknown or already answered changes nothing", async () => {
    const client = await openWith(sessionMode());
    const asked = client.send("textDocument/documentSymbol", { textDocument });
    await asked.answer;
    client.cancel(asked.id);
    client.cancel("never asked");
    expect((await client.symbols(uri)).length).toBe(1);
    await client.end();
  });
});

describe("supersession", () => {
  test("a newer request for the document answers the older one with null", async () => {
    const mode = pendingModel();
    const client = await openWith(mode);
    const older = client.send("textDocument/inlineCompletion", inline);
    await until("the model is asked", () => mode.inference.asked[0]);
    const newer = client.send("textDocument/inlineCompletion", inline);
    expect((await older.answer).result).toBeNull();
    await until("the model is asked again", () => mode.inference.asked.at(-1));
    await mode.inference.asked.at(-1)!.answer("me");
    expect(listAt(await newer.answer, "result").length).toBe(1);
    await client.end();
  });

  test("typing that leaves the word answers the list of before with nothing: Helix would show it and take back what was typed", async () => {
    const mode = pendingModel();
    const client = await startClient({ mode, profile: profile("helix") });
    const typed = "def f(name):\n    a = na";
    client.open(uri, typed);
    await client.symbols(uri);
    const asked = client.send("textDocument/completion", {
      textDocument,
      position: client.position(uri, typed.length),
      context: { triggerKind: 1 },
    });
    await until("the model is asked", () => mode.inference.asked[0]);
    client.edit(uri, typed.length, typed.length, " ");
    expect((await asked.answer).result).toEqual({ isIncomplete: false, items: [] });
    await client.end();
    expectNoBugs(mode);
  });

  test("typing on in the word, and edits elsewhere, leave the list as it is", async () => {
    const mode = pendingModel();
    const client = await startClient({
      mode,
      profile: profile("helix"),
      initializationOptions: { completion: { modelDeadlineMs: 5000 } },
    });
    const typed = "def f(name):\n    a = na";
    client.open(uri, typed);
    await client.symbols(uri);
    const asked = client.send("textDocument/completion", {
      textDocument,
      position: client.position(uri, typed.length),
      context: { triggerKind: 1 },
    });
    const question = await until("the model is asked", () => mode.inference.asked[0]);
    client.edit(uri, typed.length, typed.length, "m");
    client.edit(uri, 0, 0, "# x\n");
    await client.symbols(uri);
    await question.answer("me.strip()");
    const labels = listAt((await asked.answer).result, "items").map((item) => at(item, "label"));
    expect(labels).toContain("name.strip()");
    await client.end();
    expectNoBugs(mode);
  });

  test.each([
    ["helix", 1, "the model's line"],
    ["helix", 3, "an empty list"],
    ["neovim", 1, "an empty list"],
  ] as const)(
    "with no name to show, %s (trigger kind %i) gets %s past the deadline",
    async (of, triggerKind, gets) => {
      const clock = createManualClock();
      const mode = sessionMode({ clock });
      mode.inference.reply = undefined;
      const client = await startClient({ mode, profile: profile(of) });
      const typed = "import os\n\nos.";
      client.open(uri, typed);
      await client.symbols(uri);
      const asked = client.send("textDocument/completion", {
        textDocument,
        position: client.position(uri, typed.length),
        context: { triggerKind },
      });
      const question = await until("the model is asked", () => mode.inference.asked[0]);
      clock.advance(500);
      await client.symbols(uri);
      await question.answer("getcwd()");
      const items = listAt((await asked.answer).result, "items");
      expect(items.map((item) => at(item, "label"))).toEqual(gets === "an empty list" ? [] : ["getcwd()"]);
      await client.end();
      expectNoBugs(mode);
    },
  );

  test("other methods and other documents are left alone", async () => {
    const mode = pendingModel();
    const client = await openWith(mode);
    const other = "file:///project/b.py";
    client.open(other, content);
    const first = client.send("textDocument/inlineCompletion", invokedInline);
    const second = client.send("textDocument/inlineCompletion", {
      ...invokedInline,
      textDocument: { uri: other },
    });
    await client.complete(uri, content.length);
    await until("the model is asked for both", () => mode.inference.asked.length >= 2 || undefined);
    for (const pending of mode.inference.asked) await pending.answer("me");
    expect(listAt(await first.answer, "result").length).toBe(1);
    expect(listAt(await second.answer, "result").length).toBe(1);
    await client.end();
  });

  test("of a burst of menu requests only the last is worked on, and all are answered", async () => {
    const mode = pendingModel();
    const client = await openWith(mode);
    const params = { textDocument, position };
    const burst = Array.from({ length: 40 }, () => client.send("textDocument/completion", params));
    const answers = await Promise.all(burst.map((request) => request.answer));
    expect(answers.slice(0, -1).every((answer) => listAt(answer.result, "items").length === 0)).toBe(true);
    expect(answers.slice(0, -1).every((answer) => at(answer.result, "isIncomplete") === true)).toBe(true);
    expect(listAt(answers.at(-1)?.result, "items").map((item) => at(item, "label"))).toContain("name");
    await client.end();
  });
});

describe("snapshots", () => {
  test("a request sees the text of its place in the stream, whatever follows", async () => {
    const client = await openWith(sessionMode());
    const before = client.send("textDocument/documentSymbol", { textDocument });
    client.change(uri, [{ text: "def g():\n    pass\n" }]);
    const after = client.send("textDocument/documentSymbol", { textDocument });
    expect(listAt(await before.answer, "result").map((symbol) => at(symbol, "name"))).toEqual(["f"]);
    expect(listAt(await after.answer, "result").map((symbol) => at(symbol, "name"))).toEqual(["g"]);
    await client.end();
  });

  test("a document that is not open has empty answers", async () => {
    const client = await startClient({ mode: sessionMode(), profile: withInline });
    const nowhere = { uri: "untitled:nowhere" };
    expect(await client.request("textDocument/documentSymbol", { textDocument: nowhere })).toEqual([]);
    expect(
      await client.request("textDocument/completion", { textDocument: nowhere, position }),
    ).toMatchObject({ items: [] });
    expect(
      await client.request("textDocument/inlineCompletion", { ...inline, textDocument: nowhere }),
    ).toBeNull();
    expect(
      await client.request("textDocument/selectionRange", { textDocument: nowhere, positions: [] }),
    ).toBeNull();
    expect(await client.request("textDocument/diagnostic", { textDocument: nowhere })).toMatchObject({
      kind: "full",
      items: [],
    });
    await client.end();
  });
});

describe("a feature that fails", () => {
  test("answers nothing, is switched off after five failures with one message, and the rest goes on", async () => {
    let calls = 0;
    const mode = sessionMode({
      completion: {
        complete() {
          calls += 1;
          throw new Error("a bug of the feature");
        },
      },
    });
    const client = await openWith(mode);
    for (let round = 0; round < 8; round += 1) {
      expect(await client.complete(uri, content.length)).toEqual([]);
    }
    expect(calls).toBe(5);
    expect(mode.bugs.list()).toMatchObject([{ key: "request textDocument/completion", count: 5 }]);
    const shown = client.notes.filter((note) => note.method === "window/showMessage");
    expect(shown.length).toBe(1);
    expect(at(shown[0]?.params, "message")).toMatch(/completion for python .*switched off/);
    expect((await client.symbols(uri)).length).toBe(1);
    await client.end();
  });

  test("that never answers is cut off at its deadline", async () => {
    let signal: AbortSignal | undefined;
    const mode = sessionMode({
      completion: {
        complete(_query, given) {
          signal = given;
          return new Promise(() => undefined);
        },
      },
    });
    const client = await openWith(mode);
    expect(await client.complete(uri, content.length)).toEqual([]);
    expect(signal?.aborted).toBe(true);
    expect(mode.session().status().requestsInFlight).toBe(0);
    await client.end();
  });
});

describe("a client that does not read", () => {
  test("gets every answer when it reads again, and only the newest findings", async () => {
    const mode = sessionMode();
    const client = await startRawClient(mode);
    await client.initialize();
    client.hold();
    const document = { uri, languageId: "python", version: 1, text: "def f(:\n    pass\n" };
    client.send({ jsonrpc: "2.0", method: "textDocument/didOpen", params: { textDocument: document } });
    for (let id = 1; id <= 500; id += 1) {
      client.send({
        jsonrpc: "2.0",
        method: "textDocument/didChange",
        params: {
          textDocument: { uri, version: id + 1 },
          contentChanges: [{ text: `def f${id}(:\n    pass\n` }],
        },
      });
      client.send({ jsonrpc: "2.0", id, method: "textDocument/foldingRange", params: { textDocument } });
    }
    await until(
      "all requests are answered inside",
      () => mode.session().status().requestsInFlight === 0 || undefined,
    );
    client.release();
    await client.message("the last answer", (message) => message["id"] === 500);
    const ids = client.received.map((message) => message["id"]).filter((id) => typeof id === "number");
    expect(new Set(ids).size).toBe(500);
    expect(ids.length).toBe(500);
    expectNoBugs(mode);
    await client.destroy();
  });

  test("and goes away is let go of, with its unread messages", async () => {
    const mode = sessionMode();
    const client = await startRawClient(mode);
    await client.initialize();
    client.hold();
    for (let id = 1; id <= 100; id += 1) client.send({ jsonrpc: "2.0", id, method: "no/such/method" });
    client.hangUp();
    expect(await client.exited).toBe(1);
    await client.destroy();
  });
});

test("status tells the phase, the documents, and the time of each method", async () => {
  const mode = sessionMode();
  const client = await startClient({ mode, folders: ["file:///project"] });
  client.open(uri, content);
  await client.symbols(uri);
  const status = mode.session().status();
  expect(status).toMatchObject({
    phase: "running",
    folders: ["file:///project"],
    openDocuments: 1,
    requestsInFlight: 0,
    settingsProblems: [],
  });
  expect(status.latencies["textDocument/documentSymbol"]?.count).toBe(1);
  await client.end();
  expect(mode.session().status().phase).toBe("ended");
});

describe("where the user looks", () => {
  test.each([
    ["textDocument/codeAction", { range: { start: position, end: position }, context: { diagnostics: [] } }],
    ["textDocument/selectionRange", { positions: [position] }],
  ])("the model is warmed after %s", async (method, params) => {
    const mode = sessionMode();
    const client = await openWith(mode);
    await client.request(method, { textDocument, ...params });
    await until("that line is warmed", () =>
      mode.inference.warmed.some((request) => request.before === content.slice(0, 26)) ? true : undefined,
    );
    await client.end();
    expectNoBugs(mode);
  });
});
