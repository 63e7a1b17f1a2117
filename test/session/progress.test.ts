// What a client sees while the model is fetched and loaded, and when it cannot be had.
import { describe, expect, test } from "vitest";
import type { InferenceStatus, ModelState } from "../../server/inference/index.ts";
import { createEmitter } from "../../server/kernel/index.ts";
import { createManualClock } from "../../server/platform/index.ts";
import { startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import { never } from "../kit/connection.ts";
import { at } from "../kit/json.ts";
import { profile } from "../kit/profiles.ts";
import { until } from "../kit/waiting.ts";
import { createScriptedInference } from "../features/scripted-inference.ts";
import { expectNoBugs, sessionMode } from "./session-mode.ts";
import type { SessionMode } from "./session-mode.ts";

interface Stage {
  readonly mode: SessionMode;
  readonly client: TestClient;
  readonly prepared: () => number;
  readonly set: (state: ModelState) => void;
  readonly advance: (byMs: number) => void;
}

async function stage(options: {
  readonly profile: string;
  readonly first: ModelState;
  readonly answersCreate?: boolean;
}): Promise<Stage> {
  const clock = createManualClock();
  const changes = createEmitter<InferenceStatus>();
  const scripted = createScriptedInference();
  scripted.reply = { kind: "not-ready" };
  let status: InferenceStatus = { ...scripted.status(), modelName: "Small", state: options.first };
  let prepared = 0;
  const mode = sessionMode({
    clock,
    inference: {
      ...scripted,
      status: () => status,
      onStatus: (listener) => changes.on(listener),
      prepare: () => void (prepared += 1),
    },
  });
  const client = await startClient({
    mode,
    profile: profile(options.profile),
    answer: (method) =>
      method === "window/workDoneProgress/create" && options.answersCreate === false ? never : undefined,
  });
  await client.symbols("file:///none");
  return {
    mode,
    client,
    prepared: () => prepared,
    set(state) {
      status = { ...status, state };
      changes.emit(status);
    },
    advance: (byMs) => clock.advance(byMs),
  };
}

const kinds = (client: TestClient): readonly unknown[] =>
  client.notes.filter((note) => note.method === "$/progress").map((note) => at(note.params, "value.kind"));
const shown = (client: TestClient): readonly unknown[] =>
  client.notes
    .filter((note) => note.method === "window/showMessage")
    .map((note) => at(note.params, "message"));
const fetching = (receivedBytes: number): ModelState => ({
  kind: "downloading",
  receivedBytes,
  totalBytes: 100_000_000,
});

describe("with work-done progress", () => {
  test("a download and the load after it are one progress, created before it begins and ended once", async () => {
    const { mode, client, set, advance, prepared } = await stage({
      profile: "neovim",
      first: fetching(0),
    });
    expect(prepared()).toBe(1);
    advance(1000);
    await until("the progress begins", () => kinds(client).length === 1 || undefined);
    for (let megabytes = 10; megabytes <= 100; megabytes += 10) {
      set(fetching(megabytes * 1e6));
      advance(300);
    }
    set({ kind: "loading" });
    advance(300);
    set({ kind: "ready" });
    await until("the progress ends", () => kinds(client).at(-1) === "end" || undefined);
    expect(kinds(client)[0]).toBe("begin");
    expect(kinds(client).filter((kind) => kind === "report").length).toBeGreaterThan(5);
    expect(at(client.notes.find((note) => note.method === "$/progress")?.params, "value")).toMatchObject({
      title: "fetching Small",
      message: "0 MB of 100 MB",
      percentage: 0,
      cancellable: false,
    });
    await client.end();
    expectNoBugs(mode);
  });

  test("a quick load is not shown", async () => {
    const { client, set, advance } = await stage({ profile: "neovim", first: { kind: "loading" } });
    advance(300);
    set({ kind: "ready" });
    advance(5000);
    await client.symbols("file:///none");
    expect(client.serverRequests.map((note) => note.method)).not.toContain("window/workDoneProgress/create");
    await client.end();
  });

  test("shutdown closes it", async () => {
    const { client, advance } = await stage({ profile: "neovim", first: fetching(0) });
    advance(1000);
    await until("the progress begins", () => kinds(client).length === 1 || undefined);
    await client.end();
    expect(kinds(client)).toEqual(["begin", "end"]);
  });

  test("a cancel by the client closes it, and later news is not shown", async () => {
    const { client, set, advance } = await stage({ profile: "neovim", first: fetching(0) });
    advance(1000);
    const begin = await until("the progress begins", () =>
      client.notes.find((note) => note.method === "$/progress"),
    );
    client.notify("window/workDoneProgress/cancel", { token: at(begin.params, "token") });
    await until("the progress ends", () => kinds(client).at(-1) === "end" || undefined);
    set(fetching(50e6));
    await client.symbols("file:///none");
    expect(kinds(client)).toEqual(["begin", "end"]);
    await client.end();
  });

  test("a client that never answers the create gets no progress, and nothing else waits", async () => {
    const { client, set, advance } = await stage({
      profile: "neovim",
      first: fetching(0),
      answersCreate: false,
    });
    advance(1000);
    await until("the client is asked", () =>
      client.serverRequests.find((note) => note.method.endsWith("create")),
    );
    set(fetching(50e6));
    advance(20_000);
    set({ kind: "ready" });
    expect(await client.symbols("file:///none")).toEqual([]);
    expect(kinds(client)).toEqual([]);
    await client.abandon();
  });
});

describe("without it", () => {
  test("a download is told once", async () => {
    const { client, set } = await stage({ profile: "emacs-28.2-eglot-1.9", first: fetching(0) });
    set(fetching(50e6));
    set(fetching(99e6));
    set({ kind: "ready" });
    await client.symbols("file:///none");
    expect(shown(client)).toEqual(["hearth: fetching Small; known names are completed meanwhile."]);
    expect(kinds(client)).toEqual([]);
    await client.end();
  });
});

test("a model that cannot be had is told once, with the remedy", async () => {
  const missing: ModelState = {
    kind: "missing",
    reason: "No hub answers.",
    remedy: "Run `hearth models get`.",
  };
  const { client, set } = await stage({ profile: "neovim", first: missing });
  set(missing);
  set({ kind: "failed", reason: "the file is damaged" });
  await client.symbols("file:///none");
  expect(shown(client)).toEqual([
    "hearth: No hub answers. Run `hearth models get`.",
    "hearth: the model cannot be used: the file is damaged",
  ]);
  await client.end();
});

test("many different messages do not become many interruptions", async () => {
  const { client, set } = await stage({ profile: "neovim", first: { kind: "ready" } });
  for (let fault = 0; fault < 9; fault += 1) set({ kind: "failed", reason: `fault ${fault}` });
  await client.symbols("file:///none");
  expect(shown(client).length).toBe(5);
  expect(client.notes.filter((note) => note.method === "window/logMessage").length).toBe(4);
  await client.end();
});

describe("a model that was switched off", () => {
  const crashed: ModelState = { kind: "off", reason: "the process ended twice", remedy: "Run it again." };

  test("after crashes is told once in a session, with what to do", async () => {
    const { mode, client, set } = await stage({ profile: "helix", first: { kind: "loading" } });
    set(crashed);
    set({ kind: "loading" });
    set(crashed);
    await until("it is told", () => shown(client).length > 0 || undefined);
    expect(shown(client)).toEqual([
      "hearth: the model is switched off: the process ended twice. Run it again.",
    ]);
    await client.end();
    expectNoBugs(mode);
  });

  test("by the user is not worth a word", async () => {
    const { client } = await stage({
      profile: "helix",
      first: { kind: "off", reason: "no model is configured" },
    });
    await client.symbols("file:///none");
    expect(shown(client)).toEqual([]);
    await client.end();
  });
});
