// From a supplier to a model that answers, and every way in which that fails, with the real engine.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Engine, ModelState, ModelFetcher, SupplyFailure } from "../../server/inference/index.ts";
import { createInferenceService, defaultInferenceSettings } from "../../server/inference/index.ts";
import type { InferenceDeps } from "../../server/inference/index.ts";
import {
  createManualClock,
  createManualMachine,
  createMemoryFolderFiles,
  systemClock,
} from "../../server/platform/index.ts";
import { buildFixtureModel, chain, spoilMagic, truncate } from "../kit/fixture-model.ts";
import {
  complete,
  disposeWith,
  entryFor,
  ready,
  removeFixtures,
  request,
  serviceDeps,
  startEngine,
  supplierOf,
  untilState,
  writeFixture,
} from "./fixture.ts";
import { watchEngine } from "./watched-engine.ts";
import type { WatchedEngine } from "./watched-engine.ts";

const model = { words: ["answer"], next: chain("(", "answer", "\n") };
const never = new AbortController().signal;
let real: Engine;
let engine: WatchedEngine;
let good: string;

beforeAll(() => {
  real = startEngine();
  // The engine of a process ends once; the services of these tests end many times.
  engine = watchEngine({ ...real, dispose: () => Promise.resolve() });
  good = writeFixture(model);
});

beforeEach(() => {
  engine.calls.length = 0;
  engine.beforeCall = () => undefined;
});

afterAll(() => real.dispose());

test("says that it is not ready before it is, and what it is doing until then", async () => {
  const kinds: ModelState["kind"][] = [];
  let deliver: (file: string) => void = () => undefined;
  const supplier: ModelFetcher = {
    ...supplierOf(good),
    find: () => Promise.resolve(undefined),
    fetch: (_entry, { onProgress }) =>
      new Promise((resolve) => {
        onProgress({ receivedBytes: 10, totalBytes: 100, phase: "fetching" });
        deliver = (value) => resolve({ ok: true, value });
      }),
  };
  const service = createInferenceService(serviceDeps(good, engine, { supplier }));
  service.onStatus(({ state }) => {
    if (kinds.at(-1) !== state.kind) kinds.push(state.kind);
  });
  expect(service.status().state.kind).toBe("off");
  expect(await service.complete(request("f("), never)).toEqual({ ok: false, failure: { kind: "not-ready" } });
  service.prepare();
  service.prepare();
  await untilState(service, "downloading");
  expect(await service.complete(request("f("), never)).toEqual({ ok: false, failure: { kind: "not-ready" } });
  await expect.poll(() => service.status().state).toMatchObject({ receivedBytes: 10, totalBytes: 100 });
  deliver(good);
  const status = await untilState(service, "ready");
  expect(kinds).toEqual(["downloading", "loading", "ready"]);
  expect(status).toMatchObject({ modelId: "fixture", backend: "cpu", gpuLayers: 0, gpuDevices: [] });
  expect(status.backendReason).toContain("setting");
  expect(status.memoryBytes).toBeGreaterThan(100_000);
  expect(status.threads).toBeGreaterThanOrEqual(1);
  expect((await complete(service, request("f("))).text).toBe("answer");
  await service.dispose();
});

test.each([
  ["a file that broke off", (): Uint8Array => truncate(buildFixtureModel(model))],
  ["another kind of file", (): Uint8Array => spoilMagic(buildFixtureModel(model))],
  ["an empty file", (): Uint8Array => new Uint8Array()],
])("names %s as the reason, and stays alive", async (_name, build) => {
  const file = writeFixture(build());
  const service = createInferenceService(serviceDeps(file, engine));
  service.prepare();
  const { state } = await untilState(service, "failed");
  expect(state).toMatchObject({ reason: expect.stringContaining(file) });
  expect(await service.complete(request("f("), never)).toEqual({ ok: false, failure: { kind: "not-ready" } });
  await service.dispose();
});

test("takes the next model when the preferred one cannot be had or does not load", async () => {
  const bad = writeFixture(truncate(buildFixtureModel(model)));
  const files: Record<string, string | undefined> = { far: undefined, bad, good };
  const failure: SupplyFailure = { kind: "unreachable", reason: "no route" };
  const supplier: ModelFetcher = {
    ...supplierOf(good),
    find: ({ id }) => Promise.resolve(files[id]),
    fetch: () => Promise.resolve({ ok: false, failure }),
  };
  const entries = ["far", "bad", "good"].map((id) => entryFor({ id }));
  const candidates = () => Promise.resolve(entries);
  const service = await ready(serviceDeps(good, engine, { supplier, candidates }));
  expect(service.status().modelId).toBe("good");
  await service.dispose();
});

test("says why a model is missing, and tries again later without being asked", async () => {
  const clock = createManualClock();
  let isReachable = false;
  const supplier: ModelFetcher = {
    ...supplierOf(good),
    find: () => Promise.resolve(undefined),
    fetch: () =>
      Promise.resolve(
        isReachable
          ? { ok: true, value: good }
          : { ok: false, failure: { kind: "unreachable" as const, reason: "no route" } },
      ),
    explain: () => "The model store does not answer.",
  };
  const service = createInferenceService(serviceDeps(good, engine, { supplier, clock }));
  service.prepare();
  const { state } = await untilState(service, "missing");
  expect(state).toMatchObject({ reason: "The model store does not answer." });
  isReachable = true;
  service.prepare();
  expect(service.status().state.kind).toBe("missing");
  clock.advance(30_000);
  await untilState(service, "ready");
  await disposeWith(clock, service);
});

test("does not fetch again and again what was broken on arrival, but once more when it is told to", async () => {
  const clock = createManualClock();
  let fetches = 0;
  const supplier: InferenceDeps["supplier"] = {
    ...supplierOf(good),
    find: () => Promise.resolve(undefined),
    fetch: () => {
      fetches += 1;
      return Promise.resolve({ ok: false, failure: { kind: "wrong-hash", expected: "a", actual: "b" } });
    },
  };
  const service = createInferenceService(serviceDeps(good, engine, { supplier, clock }));
  service.prepare();
  await untilState(service, "missing");
  clock.advance(10 * 60_000);
  service.prepare();
  expect(fetches).toBe(1);
  service.switchOn();
  await expect.poll(() => fetches).toBe(2);
  clock.advance(15 * 60_000);
  service.prepare();
  await expect.poll(() => fetches).toBe(3);
  await disposeWith(clock, service);
});

test("gives the weights back after idle time, and the next request loads them again", async () => {
  const clock = createManualClock();
  const settings = { ...defaultInferenceSettings, idleUnloadMs: 60_000 };
  const service = await ready(serviceDeps(good, engine, { clock, settings }));
  expect((await complete(service, request("f("))).text).toBe("answer");
  // The lane comes to rest just after its last answer.
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(59_000);
  expect(service.status().state.kind).toBe("ready");
  clock.advance(2000);
  expect(service.status()).toMatchObject({ state: { kind: "unloaded" }, memoryBytes: 0 });
  const both = await Promise.all([
    complete(service, request("f(", { document: "a" })),
    complete(service, request("f(", { document: "b" })),
  ]);
  expect(both.map(({ text }) => text)).toEqual(["answer", "answer"]);
  expect(service.status().state.kind).toBe("ready");
  await disposeWith(clock, service);
});

test("throws a sequence away when an evaluation is rejected, and answers from a cold start", async () => {
  const service = await ready(serviceDeps(good, engine));
  const before = `${"x = 1\n".repeat(30)}f(`;
  await complete(service, request(before));
  let isBroken = true;
  engine.beforeCall = () => {
    if (!isBroken) return;
    isBroken = false;
    throw new Error("Eval has failed");
  };
  const completion = await complete(service, request(before.replace("f(", "g(")));
  expect(completion.text).toBe("answer");
  expect(completion.tokens.reused).toBe(0);
  await service.dispose();
});

test("answers with the reason when evaluations keep being rejected, and goes on afterwards", async () => {
  const service = await ready(serviceDeps(good, engine));
  engine.beforeCall = () => {
    throw new Error("Eval has failed");
  };
  expect(await service.complete(request("f("), never)).toEqual({
    ok: false,
    failure: { kind: "failed", reason: "Eval has failed" },
  });
  engine.beforeCall = () => undefined;
  expect((await complete(service, request("f("))).text).toBe("answer");
  await service.dispose();
});

test("stops a superseded request within one slice, and keeps what was evaluated", async () => {
  const service = await ready(serviceDeps(good, engine));
  const before = Array.from({ length: 60 }, (_, index) => `v${index} = ${index}\n`).join("");
  let slices = 0;
  let slicesWhenNewer = 0;
  let newer: Promise<unknown> | undefined;
  engine.beforeCall = ({ kind }) => {
    if (kind === "prefill") slices += 1;
    if (slices === 3 && newer === undefined) {
      slicesWhenNewer = slices;
      newer = service.complete(request(`${before}g(`), never);
    }
  };
  const older = await service.complete(request(`${before}f(`), never);
  expect(older).toEqual({ ok: false, failure: { kind: "superseded" } });
  // It was answered inside the slice in which the newer one came.
  expect(slices).toBe(slicesWhenNewer);
  const done = await newer;
  expect(done).toMatchObject({ ok: true, value: { text: "answer" } });
  const evaluated = engine.calls.filter(({ kind }) => kind === "prefill").flatMap(({ tokens }) => tokens);
  expect(evaluated.length).toBeLessThan(before.length + 40);
  await service.dispose();
});

test("stops a cancelled request within one slice", async () => {
  const service = await ready(serviceDeps(good, engine));
  const cancel = new AbortController();
  engine.beforeCall = () => {
    if (engine.calls.length === 2) cancel.abort();
  };
  const before = "value = 1\n".repeat(60);
  const result = await service.complete(request(`${before}f(`), cancel.signal);
  expect(result).toEqual({ ok: false, failure: { kind: "cancelled" } });
  await service.dispose();
  expect(engine.calls.length).toBe(2);
});

test("two crashes in a row with the same model switch it off until it is switched on", async () => {
  const stateFiles = createMemoryFolderFiles();
  const start = (processId: number): ReturnType<typeof createInferenceService> => {
    const machine = createManualMachine(2, processId);
    for (let earlier = 100; earlier < processId; earlier += 1) machine.end(earlier);
    return createInferenceService(serviceDeps(good, engine, { stateFiles, machine }));
  };
  // A process that ends in native code leaves its mark: the state folder as it was at that moment.
  const crash = async (processId: number): Promise<void> => {
    const service = start(processId);
    service.prepare();
    await untilState(service, "ready");
    let mark = "";
    engine.beforeCall = () => {
      mark = stateFiles.read(`model-active-${processId}.json`) ?? "";
      throw new Error("the process ended here");
    };
    await service.complete(request("f("), never);
    engine.beforeCall = () => undefined;
    await service.dispose();
    expect(JSON.parse(mark)).toMatchObject({ modelId: "fixture", phase: "working" });
    stateFiles.write(`model-active-${processId}.json`, mark);
  };
  await crash(100);
  await crash(101);
  const service = start(102);
  service.prepare();
  const { state } = await untilState(service, "off");
  await expect
    .poll(() => service.status().state)
    .toMatchObject({ reason: expect.stringContaining("2 times") });
  expect(state.kind).toBe("off");
  service.switchOn();
  await untilState(service, "ready");
  expect((await complete(service, request("f("))).text).toBe("answer");
  await service.dispose();
  expect(stateFiles.list()).toEqual([]);
});

test("an answer between two crashes is a sign that the model was not the cause", async () => {
  const stateFiles = createMemoryFolderFiles();
  const mark = JSON.stringify({ modelId: "fixture", phase: "working", parameters: {} });
  for (const processId of [7, 8, 9]) {
    stateFiles.write(`model-active-${processId}.json`, mark);
    const machine = createManualMachine(2, 50);
    for (const ended of [7, 8, 9]) machine.end(ended);
    const service = await ready(serviceDeps(good, engine, { stateFiles, machine }));
    await complete(service, request("f("));
    await service.dispose();
  }
  expect(stateFiles.list()).toEqual([]);
});

test("ends all work when it is disposed of, also in the middle of a request", async () => {
  const service = await ready(serviceDeps(good, engine));
  let ended: Promise<void> | undefined;
  engine.beforeCall = () => {
    ended ??= service.dispose();
  };
  const result = await service.complete(request(`${"value = 1\n".repeat(60)}f(`), never);
  expect(result).toEqual({ ok: false, failure: { kind: "cancelled" } });
  await ended;
  expect(await service.complete(request("f("), never)).toEqual({ ok: false, failure: { kind: "not-ready" } });
});

test("ends within its limits when native code does not let go", async () => {
  const clock = createManualClock();
  const hanging: Engine = {
    ...engine,
    async load(options) {
      const result = await engine.load(options);
      if (!result.ok) return result;
      const stuck = new Promise<void>(() => undefined);
      return { ok: true, value: { ...result.value, dispose: () => stuck } };
    },
  };
  const service = await ready(serviceDeps(good, hanging, { clock }));
  let isEnded = false;
  const ended = service.dispose().then(() => {
    isEnded = true;
  });
  for (let turn = 0; turn < 20; turn += 1) await systemClock.yieldTurn();
  expect(isEnded).toBe(false);
  clock.advance(2000);
  await ended;
  for (const model of engine.models.splice(0)) await model.dispose();
});

afterAll(removeFixtures);
