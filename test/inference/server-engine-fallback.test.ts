// The server in front of the local model: who answers when, what the status says, and that nobody hears two answers or none.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  createInferenceService,
  createRoutedInference,
  withUnusedServer,
} from "../../server/inference/index.ts";
import type {
  Engine,
  InferenceService,
  InferenceStatus,
  ServerSettings,
} from "../../server/inference/index.ts";
import { systemClock } from "../../server/platform/index.ts";
import { chain } from "../kit/fixture-model.ts";
import { until } from "../kit/waiting.ts";
import { createScriptedInference } from "../features/scripted-inference.ts";
import {
  connect,
  event,
  json,
  openAiChunk,
  sse,
  startCompletionServer,
  stopClients,
  stopServers,
  words,
} from "./completion-server.ts";
import {
  complete,
  removeFixtures,
  request,
  serviceDeps,
  startEngine,
  untilState,
  writeFixture,
} from "./fixture.ts";

const file = writeFixture({
  words: [" local", " answer"],
  next: [...chain("=", " local", " answer", "\n")],
});
const never = new AbortController().signal;

let engine: Engine;
let service: InferenceService | undefined;

beforeAll(() => {
  engine = startEngine();
});
afterEach(async () => {
  await service?.dispose();
  service = undefined;
  stopClients();
  await stopServers();
});
afterAll(async () => {
  await engine.dispose();
  removeFixtures();
});

/** The engine outlives the services of the tests. */
function localService(): InferenceService {
  return createInferenceService(serviceDeps(file, { ...engine, dispose: () => Promise.resolve() }));
}

function route(url: string, settings: Partial<ServerSettings> = {}, hasLocal = true): InferenceService {
  service = createRoutedInference({
    server: connect(url, settings),
    local: localService(),
    hasLocal,
    clock: systemClock,
  });
  return service;
}

const asked = (changes = {}) => request("x =", { requestClass: "explicit", ...changes });

describe("while the server works", () => {
  test("it answers, and the local model is not even loaded", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => sse(response, words(" remote"));
    const routed = route(server.url);
    routed.prepare();
    await untilState(routed, "ready");
    expect((await complete(routed, asked())).text).toBe(" remote");
    const status = routed.status();
    expect(status).toMatchObject({
      backend: "server",
      memoryBytes: 0,
      modelId: `toy-model at ${server.url}`,
      server: { state: "up", isLoopback: true, counts: { answered: 1, fellBack: 0 } },
      totals: { requests: 1 },
    });
  });
});

describe("the note on the prompt", () => {
  test("is about the model that answers", async () => {
    const server = await startCompletionServer({ owner: "llamacpp", vocabulary: ["<", "["] });
    const note = "the local model lacks something";
    const local = createScriptedInference();
    const options = { hasLocal: true, clock: systemClock };
    const noted = { ...local, status: () => ({ ...local.status(), promptNote: note }) };
    service = createRoutedInference({ ...options, local: noted, server: connect(server.url) });
    service.prepare();
    await untilState(service, "ready");
    expect(service.status().promptNote).toBeUndefined();
    await service.dispose();

    const named = connect(server.url, { promptFormat: "qwen" });
    service = createRoutedInference({ ...options, local: noted, server: named });
    service.prepare();
    await untilState(service, "ready");
    expect(service.status().promptNote).toMatch(/lacks tokens of the format qwen: .*before the cursor only/);
    await service.dispose();

    const gone = connect("http://127.0.0.1:1");
    service = createRoutedInference({ ...options, local: noted, server: gone });
    service.prepare();
    await until("the server is down", () => service?.status().server?.state === "down" || undefined);
    expect(service.status().promptNote).toBe(note);
  });
});

describe("when the server fails", () => {
  test("the local model answers until it is back; the status says so all the way", async () => {
    const server = await startCompletionServer();
    server.answer = ({ response }) => sse(response, words(" remote"));
    const routed = route(server.url);
    const states: string[] = [];
    routed.onStatus((status) => states.push(`${status.server?.state} ${status.modelId}`));
    routed.prepare();
    await untilState(routed, "ready");
    expect((await complete(routed, asked())).text).toBe(" remote");

    await server.kill();
    // The first failures load the local model; from then on it answers.
    await until("the local model answers", async () => {
      const result = await routed.complete(asked(), never);
      return result.ok ? result.value.text === " local answer" || undefined : undefined;
    });
    const down = routed.status();
    expect(down).toMatchObject({ state: { kind: "ready" }, modelId: "fixture", server: { state: "down" } });
    expect(down.server?.lastError).toMatch(/nothing listens there|closed the connection/);
    expect(down.server?.downSince).toBeDefined();
    expect(down.server?.counts.fellBack).toBeGreaterThan(0);

    await server.revive();
    await until(
      "the server answers again",
      async () => (await complete(routed, asked())).text === " remote" || undefined,
    );
    expect(routed.status()).toMatchObject({
      backend: "server",
      server: { state: "up", downSince: undefined },
    });
    const told = states.map((state) => state.split(" ")[0]);
    expect(told).toContain("down");
    expect(told.at(-1)).toBe("up");
  });

  test("in the middle of an answer, the same request gets the local model's", async () => {
    const server = await startCompletionServer();
    const local = localService();
    local.prepare();
    await untilState(local, "ready");
    service = createRoutedInference({
      server: connect(server.url),
      local,
      hasLocal: true,
      clock: systemClock,
    });
    server.answer = ({ response }) => {
      response.writeHead(200);
      response.write(event(openAiChunk(" rem")), () => setImmediate(() => response.destroy()));
    };
    const seen: string[] = [];
    expect(
      (await complete(service, asked({ onProgress: ({ text }: { text: string }) => seen.push(text) }))).text,
    ).toBe(" local answer");
    expect(seen[0]).toBe(" rem");
    expect(service.status().server).toMatchObject({ state: "up", counts: { failed: 1, fellBack: 1 } });
  });

  test("and an answer would come too late for the key, nobody is asked any more", async () => {
    const server = await startCompletionServer();
    server.answer = () => undefined;
    const local = localService();
    local.prepare();
    await untilState(local, "ready");
    service = createRoutedInference({
      server: connect(server.url, { timeoutMs: 3600 }),
      local,
      hasLocal: true,
      clock: systemClock,
    });
    const result = await service.complete(asked({ requestClass: "typing" }), never);
    expect(result).toMatchObject({ ok: false, failure: { kind: "failed" } });
    expect(service.status().server?.counts.fellBack).toBe(0);
  });

  test("and there is no local model, the state says which server failed and how", async () => {
    const server = await startCompletionServer();
    server.intercept = (_path, response) => {
      json(response, 401, { error: { message: "no key" } });
      return true;
    };
    const routed = route(server.url, {}, false);
    routed.prepare();
    const status: InferenceStatus = await untilState(routed, "failed");
    expect(status.state).toMatchObject({
      reason: `the server ${server.url} does not accept the key (401): no key: check server.keyVariable`,
    });
    expect(await routed.complete(asked(), never)).toMatchObject({
      ok: false,
      failure: { kind: "not-ready" },
    });
  });
});

describe("a newer request", () => {
  test("supersedes an older one that has moved on to the local model", async () => {
    const server = await startCompletionServer();
    // It answers when the test wants, and listens to nobody: only the newer request can settle the older one.
    const local = createScriptedInference();
    service = createRoutedInference({
      server: connect(server.url),
      local,
      hasLocal: true,
      clock: systemClock,
    });
    server.answer = ({ response }) => json(response, 500, {});
    const first = service.complete(asked(), never);
    const pending = await until("the local model is asked", () => local.asked[0]);
    server.answer = ({ response }) => sse(response, words(" remote"));
    const second = service.complete(asked({ before: "y =" }), never);
    expect(pending.signal.aborted).toBe(true);
    await pending.answer("late");
    expect(await first).toEqual({ ok: false, failure: { kind: "superseded" } });
    expect(await second).toMatchObject({ ok: true, value: { text: " remote" } });
  });

  test("and a cancelled one have one outcome each, whatever the server does meanwhile", async () => {
    const server = await startCompletionServer();
    const kinds: ((response: Parameters<typeof sse>[0]) => void)[] = [
      (response) => sse(response, words(" a", " b")),
      (response) => void response.destroy(),
      (response) => json(response, 500, {}),
      (response) => json(response, 429, {}, { "retry-after": "0" }),
      (response) => void response.writeHead(200).write(event(openAiChunk("x"))),
      () => undefined,
      (response) => void response.writeHead(200).end("data: {"),
    ];
    let turn = 0;
    server.answer = ({ response }) => kinds[turn++ % kinds.length]?.(response);
    const routed = route(server.url, { timeoutMs: 400 });
    const outcomes: Promise<unknown>[] = [];
    for (let key = 0; key < 70; key += 1) {
      const controller = new AbortController();
      outcomes.push(
        routed.complete(asked({ before: `x${key} =`, document: `file:///${key % 3}.py` }), controller.signal),
      );
      if (key % 5 === 0) controller.abort();
      if (key % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const results = await Promise.all(outcomes);
    expect(results.length).toBe(70);
    await until("nothing is left", () => routed.status().queueLength === 0 || undefined);
  });
});

test("a server that the settings do not allow leaves the local model alone, and the status says why", async () => {
  const local = localService();
  service = withUnusedServer(local, "server.url is not encrypted");
  service.prepare();
  await untilState(service, "ready");
  expect((await complete(service, asked())).text).toBe(" local answer");
  expect(service.status().server).toMatchObject({
    state: "unused",
    lastError: "server.url is not encrypted",
  });
});
