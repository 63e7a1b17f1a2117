// What an editor sees when its daemon dies: nothing but answers.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeGoodbye } from "../../server/daemon/goodbye.ts";
import { memberOf, parseMessage } from "../../server/daemon/rpc.ts";
import { applyChanges, createText, positionAt } from "../../server/text/index.ts";
import type { PositionEncoding } from "../../server/text/index.ts";
import { encodeFrame } from "../../server/wire/index.ts";
import { createStage, initialize } from "./scripted-daemon.ts";
import type { Stage } from "./scripted-daemon.ts";

const uri = "file:///w/a.py";
const open = (text: string, version = 1) => ({
  method: "textDocument/didOpen",
  params: { textDocument: { uri, languageId: "python", version, text } },
});
const type = (version: number, character: number, text: string) => ({
  method: "textDocument/didChange",
  params: {
    textDocument: { uri, version },
    contentChanges: [{ range: { start: { line: 0, character }, end: { line: 0, character } }, text }],
  },
});
const methods = (stage: Stage) => stage.daemon().heard.map((message) => message.method);

describe("a daemon that dies", () => {
  it("is replaced by one that hears initialize, initialized, settings, folders and the newest text", async () => {
    const stage = createStage();
    await initialize(stage, { capabilities: { x: 1 }, workspaceFolders: null });
    await stage.send({ method: "workspace/didChangeConfiguration", params: { settings: { old: true } } });
    await stage.send({ method: "workspace/didChangeConfiguration", params: { settings: { hearth: 1 } } });
    const folder = { uri: "file:///w", name: "w" };
    await stage.send({
      method: "workspace/didChangeWorkspaceFolders",
      params: { event: { added: [folder], removed: [] } },
    });
    await stage.send(open("ab"));
    await stage.send(type(2, 2, "c"));
    await stage.daemon().die();
    await stage.settle();
    expect(stage.daemons).toHaveLength(2);
    expect(methods(stage)).toEqual([
      "initialize",
      "initialized",
      "workspace/didChangeConfiguration",
      "workspace/didChangeWorkspaceFolders",
      "textDocument/didOpen",
    ]);
    const heard = stage.daemon().heard;
    expect(heard[0]?.params).toEqual({ capabilities: { x: 1 }, workspaceFolders: null });
    expect(heard[2]?.params).toEqual({ settings: { hearth: 1 } });
    expect(heard[3]?.params).toEqual({ event: { added: [folder], removed: [] } });
    expect(memberOf(heard[4]?.params, "textDocument")).toEqual({
      uri,
      languageId: "python",
      version: 2,
      text: "abc",
    });
    // The editor saw one answer to its one initialize and nothing else.
    expect(stage.editorSaw).toHaveLength(1);
  });

  it("leaves no request open: each gets an empty result in the method's shape", async () => {
    const stage = createStage();
    await initialize(stage);
    const item = { label: "x" };
    await stage.send({ id: 2, method: "textDocument/completion", params: {} });
    await stage.send({ id: "three", method: "textDocument/documentSymbol", params: {} });
    await stage.send({ id: 4, method: "codeAction/resolve", params: item });
    await stage.send({ id: 5, method: "hearth/unknown" });
    await stage.daemon().die();
    await stage.settle();
    expect(stage.answersTo(2)).toMatchObject([{ result: { isIncomplete: true, items: [] } }]);
    expect(stage.answersTo("three")).toMatchObject([{ result: null }]);
    expect(stage.answersTo(4)).toMatchObject([{ result: item }]);
    expect(stage.answersTo(5)).toMatchObject([{ result: null }]);
  });

  it("answers each of two requests that an editor gave the same id, dead or alive", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.send({ id: 7, method: "textDocument/documentSymbol", params: {} });
    await stage.send({ id: 7, method: "textDocument/completion", params: {} });
    // A daemon refuses the second at once and answers the first later.
    await stage.daemon().say({ id: 7, error: { code: -32600, message: "still being answered" } });
    await stage.daemon().say({ id: 7, result: [] });
    await stage.daemon().say({ id: 7, result: "nobody asked" });
    expect(stage.answersTo(7)).toMatchObject([{ error: { code: -32600 } }, { result: [] }]);

    await stage.send({ id: 8, method: "textDocument/documentSymbol", params: {} });
    await stage.send({ id: 8, method: "textDocument/completion", params: {} });
    await stage.daemon().die();
    await stage.settle();
    expect(stage.answersTo(8)).toMatchObject([{ result: null }, { result: { items: [] } }]);

    await stage.send({ id: 9, method: "textDocument/documentSymbol", params: {} });
    await stage.send({ id: 9, method: "textDocument/completion", params: {} });
    await stage.daemon().say({ id: 9, error: { code: -32600, message: "still being answered" } });
    await stage.daemon().die();
    await stage.settle();
    expect(stage.answersTo(9)).toMatchObject([{ error: { code: -32600 } }, { result: null }]);
  });

  it("has its diagnostics asked again of the next one, and said to be unchanged when that dies too", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.send(open("x"));
    const params = { textDocument: { uri }, previousResultId: "r1" };
    await stage.send({ id: 2, method: "textDocument/diagnostic", params });
    await stage.daemon().die();
    await stage.settle();
    expect(stage.answersTo(2)).toEqual([]);
    expect(stage.daemon().heard.at(-1)).toMatchObject({ id: 2, method: "textDocument/diagnostic", params });
    await stage.daemon().die();
    await stage.settle();
    expect(stage.answersTo(2)).toMatchObject([{ result: { kind: "unchanged", resultId: "r1" } }]);
  });

  it("in the middle of initialize: the next one is asked, the editor gets one answer", async () => {
    const stage = createStage({ answersInitialize: (nth) => nth > 0 });
    stage.relay.start();
    await stage.settle();
    await stage.send({ id: 1, method: "initialize", params: { capabilities: {}, workDoneToken: "t" } });
    // A client that does not wait for the answer.
    await stage.send({ method: "initialized", params: {} });
    await stage.send(open("early"));
    await stage.daemon().die();
    await stage.settle();
    expect(stage.answersTo(1)).toHaveLength(1);
    expect(methods(stage)).toEqual(["initialize", "initialized", "textDocument/didOpen"]);
    await stage.daemon().die();
    await stage.settle();
    expect(stage.daemon().documents.get(uri)?.text.content).toBe("early");
    expect(stage.answersTo(1)).toHaveLength(1);
  });

  it("in the middle of a frame: the torn frame is never seen", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.send({ id: 2, method: "textDocument/hover", params: {} });
    const whole = encodeFrame(new TextEncoder().encode('{"jsonrpc":"2.0","id":2,"result":{"contents":"x"}}'));
    await stage.daemon().sayRaw(whole.slice(0, whole.length - 7));
    await stage.daemon().die();
    await stage.settle();
    expect(stage.answersTo(2)).toMatchObject([{ result: null }]);
  });

  it("or lives on and answers twice: the editor gets one answer", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.send({ id: 2, method: "textDocument/hover", params: {} });
    await stage.daemon().say({ id: 2, result: { contents: "first" } });
    await stage.daemon().say({ id: 2, result: { contents: "second" } });
    expect(stage.answersTo(2)).toMatchObject([{ result: { contents: "first" } }]);
  });

  it("during the replay: the next one is told the same", async () => {
    const stage = createStage({ answersInitialize: (nth) => nth !== 1 });
    await initialize(stage);
    await stage.send(open("text"));
    await stage.daemon().die();
    await stage.settle();
    expect(methods(stage)).toEqual(["initialize"]);
    await stage.send(type(2, 4, "!"));
    await stage.daemon().die();
    await stage.settle();
    expect(methods(stage)).toEqual([
      "initialize",
      "initialized",
      "textDocument/didOpen",
      "textDocument/didChange",
    ]);
    expect(stage.daemon().documents.get(uri)?.text.content).toBe("text!");
  });

  it("while the editor types on: what was typed meanwhile arrives in order, after the replay", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.send(open(""));
    await stage.daemon().die();
    await stage.send(type(2, 0, "a"));
    await stage.send({ id: 9, method: "textDocument/completion", params: {} });
    await stage.send(type(3, 1, "b"));
    await stage.settle();
    expect(methods(stage).slice(2)).toEqual([
      "textDocument/didOpen",
      "textDocument/didChange",
      "textDocument/completion",
      "textDocument/didChange",
    ]);
    expect(stage.daemon().documents.get(uri)?.text.content).toBe("ab");
  });

  it("while the editor asks on: the new daemon is asked the newest of each kind, all are answered", async () => {
    const stage = createStage({
      answer: (message) =>
        message.method === "textDocument/completion"
          ? { isIncomplete: false, items: [message.id] }
          : undefined,
    });
    await initialize(stage);
    await stage.daemon().die();
    const ask = (id: number, method: string, of: string) =>
      stage.send({ id, method, params: { textDocument: { uri: of } } });
    await ask(10, "textDocument/completion", uri);
    await ask(11, "textDocument/completion", "file:///other");
    await ask(12, "textDocument/completion", uri);
    await stage.settle();
    expect(stage.answersTo(10)).toMatchObject([{ result: { isIncomplete: true, items: [] } }]);
    expect(stage.answersTo(11)).toMatchObject([{ result: { items: [11] } }]);
    expect(stage.answersTo(12)).toMatchObject([{ result: { items: [12] } }]);
    expect(methods(stage).filter((method) => method === "textDocument/completion")).toHaveLength(2);
  });

  it("with a question to the editor open: the late answer is dropped, the next daemon's same id gets its own", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.daemon().say({ id: 0, method: "workspace/configuration", params: { items: [] } });
    const first = stage.editorSaw.at(-1);
    await stage.daemon().die();
    await stage.settle();
    await stage.daemon().say({ id: 0, method: "workspace/configuration", params: { items: [] } });
    const second = stage.editorSaw.at(-1);
    expect(second?.id).not.toBe(first?.id);
    await stage.send({ id: first?.id, result: ["late"] });
    await stage.send({ id: second?.id, result: ["right"] });
    const answers = stage
      .daemon()
      .heard.filter((message) => message.id === 0 && message.method === undefined);
    expect(answers).toMatchObject([{ result: ["right"] }]);
  });

  it("shut down already: nothing is started again, and exit ends with 0", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.send({ id: 2, method: "shutdown" });
    await stage.daemon().die();
    await stage.settle();
    expect(stage.daemons).toHaveLength(1);
    await stage.send({ id: 3, method: "textDocument/hover", params: {} });
    expect(stage.answersTo(3)).toMatchObject([{ error: { code: -32600 } }]);
    await stage.send({ method: "exit" });
    expect(stage.exitCodes).toEqual([0]);
  });

  it("with shutdown in flight: shutdown is answered with null", async () => {
    const stage = createStage({ answersShutdown: false });
    await initialize(stage);
    await stage.send({ id: 2, method: "shutdown" });
    expect(stage.answersTo(2)).toEqual([]);
    await stage.daemon().die();
    await stage.settle();
    expect(stage.daemons).toHaveLength(1);
    expect(stage.answersTo(2)).toMatchObject([{ result: null }]);
    await stage.send({ method: "exit" });
    expect(stage.exitCodes).toEqual([0]);
  });

  it("just before shutdown: none is started only to be told to go", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.daemon().die();
    await stage.send({ id: 2, method: "shutdown" });
    expect(stage.answersTo(2)).toMatchObject([{ result: null }]);
    await stage.send({ method: "exit" });
    await stage.settle();
    expect(stage.daemons).toHaveLength(1);
    expect(stage.exitCodes).toEqual([0]);
  });

  it("five times in a minute: the rest goes without a model, and the editor is told once", async () => {
    const stage = createStage();
    await initialize(stage);
    for (let death = 0; death < 8; death += 1) {
      await stage.daemon().die();
      // Without a model the pauses grow to ten seconds.
      for (let round = 0; round < 6; round += 1) await stage.settle();
    }
    expect(stage.daemons.map((daemon) => daemon.mode)).toEqual([
      ...Array.from({ length: 5 }, () => "shared"),
      ...Array.from({ length: 4 }, () => "plain"),
    ]);
    expect(stage.editorSaw.filter((message) => message.method === "window/showMessage")).toHaveLength(1);
  });

  it("and cannot be replaced: requests are still answered, and the text is kept for the one that comes at last", async () => {
    let isBack = false;
    const stage = createStage({ opens: (nth) => nth === 1 || isBack });
    await initialize(stage);
    await stage.send(open("a"));
    await stage.daemon().die();
    await stage.settle();
    await stage.send(type(2, 1, "b"));
    await stage.send({ id: 7, method: "textDocument/completion", params: {} });
    stage.clock.advance(6_000);
    expect(stage.answersTo(7)).toMatchObject([{ result: { isIncomplete: true, items: [] } }]);
    isBack = true;
    for (let second = 0; second < 30; second += 1) {
      stage.clock.advance(1_000);
      await stage.settle();
    }
    expect(stage.daemon().documents.get(uri)?.text.content).toBe("ab");
  });
});

describe("what a new daemon asks for again", () => {
  const register = (id: string, glob: string) => ({
    id: 0,
    method: "client/registerCapability",
    params: {
      registrations: [
        {
          id,
          method: "workspace/didChangeWatchedFiles",
          registerOptions: { watchers: [{ globPattern: glob }] },
        },
      ],
    },
  });
  const registrations = (stage: Stage) =>
    stage.editorSaw.filter((message) => message.method === "client/registerCapability");

  it("is not registered twice", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.daemon().say(register("id-of-first", "**/*.py"));
    await stage.send({ id: stage.editorSaw.at(-1)?.id, result: null });
    await stage.daemon().die();
    await stage.settle();
    await stage.daemon().say(register("id-of-second", "**/*.py"));
    expect(registrations(stage)).toHaveLength(1);
    expect(stage.daemon().heard.at(-1)).toMatchObject({ id: 0, result: null });
    // It knows its registration by its own name, the editor by the first one's.
    await stage.daemon().say({
      id: 1,
      method: "client/unregisterCapability",
      params: { unregisterations: [{ id: "id-of-second", method: "workspace/didChangeWatchedFiles" }] },
    });
    expect(stage.editorSaw.at(-1)?.params).toMatchObject({ unregisterations: [{ id: "id-of-first" }] });
  });

  it("is registered when it is something else, under a name that is still free", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.daemon().say(register("same", "**/*.py"));
    await stage.daemon().die();
    await stage.settle();
    await stage.daemon().say(register("same", "**/*.go"));
    const ids = registrations(stage).map((message) =>
      memberOf((memberOf(message.params, "registrations") as unknown[])[0], "id"),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it("shows progress to its end, and the next one's under a token of its own", async () => {
    const stage = createStage();
    await initialize(stage);
    const create = { id: 0, method: "window/workDoneProgress/create", params: { token: "load" } };
    const begin = { method: "$/progress", params: { token: "load", value: { kind: "begin", title: "x" } } };
    await stage.daemon().say(create);
    await stage.daemon().say(begin);
    await stage.daemon().die();
    await stage.settle();
    expect(stage.editorSaw.at(-1)?.params).toEqual({ token: "load", value: { kind: "end" } });
    await stage.daemon().say(create);
    await stage.daemon().say(begin);
    const token = memberOf(stage.editorSaw.at(-1)?.params, "token");
    expect(token).not.toBe("load");
    expect(memberOf(stage.editorSaw.at(-2)?.params, "token")).toBe(token);
    await stage.send({ method: "window/workDoneProgress/cancel", params: { token } });
    expect(stage.daemon().heard.at(-1)?.params).toEqual({ token: "load" });
  });
});

describe("a daemon that says goodbye", () => {
  it("ends the forwarder with the session's exit code", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.daemon().sayRaw(encodeFrame(encodeGoodbye({ kind: "ended", exitCode: 1, reason: "why" })));
    expect(stage.exitCodes).toEqual([1]);
    expect(stage.complaints).toContain("why");
  });

  it("because it was stopped: another is started only when the editor needs one", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.send(open("kept"));
    await stage.daemon().sayRaw(encodeFrame(encodeGoodbye({ kind: "stopping", exitCode: 0, reason: "" })));
    await stage.settle();
    expect(stage.daemons).toHaveLength(1);
    await stage.send(type(2, 4, "!"));
    await stage.settle();
    expect(stage.daemon().documents.get(uri)?.text.content).toBe("kept!");
  });
});

describe("an exit that is sent right behind shutdown", () => {
  it("waits for the answer and ends with 0", async () => {
    const stage = createStage({
      answer: (message, daemon) => {
        if (message.method !== "exit") return undefined;
        void daemon.sayRaw(encodeFrame(encodeGoodbye({ kind: "ended", exitCode: 0, reason: "" })));
        return undefined;
      },
    });
    await initialize(stage);
    void stage.send({ id: 2, method: "shutdown" });
    await stage.send({ method: "exit" });
    await stage.settle();
    expect(stage.answersTo(2)).toMatchObject([{ result: null }]);
    expect(stage.exitCodes).toEqual([0]);
  });
});

describe("text, through any number of deaths", () => {
  const piece = fc.constantFrom("a", "é", "😀", "\n", "\r\n", "\r", "x = 1\n", "");
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant("edit"), at: fc.nat(40), length: fc.nat(3), text: piece }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("stale"), at: fc.nat(40), length: fc.nat(3), text: piece }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("whole"), at: fc.nat(1), length: fc.nat(1), text: piece }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("die"), at: fc.nat(1), length: fc.nat(1), text: piece }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("ask"), at: fc.nat(1), length: fc.nat(1), text: piece }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("rest"), at: fc.nat(1), length: fc.nat(1), text: piece }),
    },
  );

  it("is the editor's to the last character, and every request is answered once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<PositionEncoding>("utf-8", "utf-16", "utf-32"),
        fc.array(step, { maxLength: 40 }),
        async (encoding, steps) => {
          const stage = createStage({
            encoding,
            deathsPerMinute: 1000,
            answer: (message) => (message.method === "textDocument/hover" ? { contents: "x" } : undefined),
          });
          await initialize(stage);
          let text = "start\n";
          let version = 1;
          let asked = 100;
          await stage.send(open(text));
          for (const { kind, at, length, text: newText } of steps) {
            if (kind === "die") await stage.daemon().die();
            if (kind === "rest") await stage.settle();
            if (kind === "ask")
              void stage.send({ id: (asked += 1), method: "textDocument/hover", params: {} });
            if (kind !== "edit" && kind !== "stale" && kind !== "whole") continue;
            const before = createText(text);
            const start = positionAt(before, Math.min(at, text.length), encoding);
            const end = positionAt(before, Math.min(at + length, text.length), encoding);
            const change = kind === "whole" ? { text: newText } : { range: { start, end }, text: newText };
            const sent = kind === "stale" ? version : (version += 1);
            void stage.send({
              method: "textDocument/didChange",
              params: { textDocument: { uri, version: sent }, contentChanges: [change] },
            });
            if (kind === "stale") continue;
            text = applyChanges(before, [change], encoding).text.content;
          }
          for (let round = 0; round < 20; round += 1) await stage.settle();
          expect(stage.daemon().documents.get(uri)).toMatchObject({ version, text: { content: text } });
          for (let id = 101; id <= asked; id += 1) expect(stage.answersTo(id)).toHaveLength(1);
        },
      ),
      { numRuns: 150 },
    );
  });
});

it("passes a body that is no JSON on unread", async () => {
  const stage = createStage();
  await initialize(stage);
  stage.relay.fromEditor(new TextEncoder().encode("{nonsense"));
  await stage.daemon().say({ id: null, error: { code: -32700, message: "no" } });
  expect(stage.editorSaw.at(-1)).toMatchObject({ id: null, error: { code: -32700 } });
  expect(parseMessage(new TextEncoder().encode("{nonsense"))).toBeUndefined();
});

it("tries again when the system refuses to make a process", async () => {
  const stage = createStage({ throws: (nth) => nth <= 2 });
  await initialize(stage);
  await stage.settle();
  expect(stage.answersTo(1)).toMatchObject([{ result: {} }]);
  expect(stage.complaints.join(" ")).toContain("no process can be made");
});

describe("a daemon that does not react", () => {
  const passSeconds = async (stage: Stage, seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      stage.clock.advance(1_000);
      await stage.settle();
    }
  };

  it("is given up after half a minute of silence, and its request is answered", async () => {
    const stage = createStage();
    await initialize(stage);
    await stage.send(open("kept"));
    await stage.send({ id: 2, method: "textDocument/hover", params: {} });
    await passSeconds(stage, 40);
    expect(stage.answersTo(2)).toMatchObject([{ result: null }]);
    expect(stage.daemons).toHaveLength(2);
    expect(stage.daemon().documents.get(uri)?.text.content).toBe("kept");
  });

  it("is left alone when only one request takes long, and when nothing was asked", async () => {
    const stage = createStage({
      answer: (message) => (message.method === "hearth/pulse" ? { alive: true } : undefined),
    });
    await initialize(stage);
    await passSeconds(stage, 60);
    await stage.send({ id: 2, method: "textDocument/hover", params: {} });
    await passSeconds(stage, 60);
    expect(stage.daemons).toHaveLength(1);
    expect(stage.answersTo(2)).toEqual([]);
    // Nobody but the forwarder knows of the question.
    expect(stage.editorSaw.filter((message) => String(message.id).includes("pulse"))).toEqual([]);
  });
});
