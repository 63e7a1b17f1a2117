// What only a process of its own can show: a clean stdout, a native abort, the mark it leaves behind.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { buildFixtureModel, chain, spoilMagic, truncate } from "../kit/fixture-model.ts";
import { runChild } from "./child-process.ts";
import { folder, removeFixtures, writeFixture } from "./fixture.ts";

// Each process starts Node, transpiles its sources and loads the engine: seconds, and many of them on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const model = { words: ["answer"], next: chain("(", "answer", "\n") };
const scriptAt = (name: string): string => new URL(`child/${name}.ts`, import.meta.url).pathname;
const script = scriptAt("load-model");
const newFolder = (): string => mkdtempSync(join(folder, "state-"));

test.each(["off", "auto"])(
  "writes nothing to stdout while it fails to load, warns, loads and answers (graphics %s)",
  async (gpu) => {
    const files = [
      writeFixture(truncate(buildFixtureModel(model))),
      writeFixture(spoilMagic(buildFixtureModel(model))),
      writeFixture(model),
    ];
    const outcome = await runChild(script, [newFolder(), gpu, ...files]);
    expect(outcome).toMatchObject({ code: 0, stdout: "" });
    expect(outcome.stderr).toContain(`"text":"answer"`);
    expect(outcome.stderr).toContain("LOADED node-llama-cpp");
    // Native lines arrive in our log, with their source.
    expect(outcome.stderr).toMatch(/(warn|error) .*"source":"llama.cpp"/);
  },
);

test("a native abort writes nothing to stdout and leaves a mark that names the model", async () => {
  const state = newFolder();
  const file = writeFixture({ ...model, isAborting: true });
  for (const crash of [1, 2]) {
    const outcome = await runChild(script, [state, "off", file]);
    expect(outcome, `crash ${crash}`).toMatchObject({ signal: "SIGABRT", stdout: "" });
    expect(outcome.stderr).toContain("GGML_ASSERT");
    const marks = readdirSync(state).filter((name) => name.startsWith("model-active-"));
    expect(marks.length).toBe(1);
    expect(JSON.parse(readFileSync(join(state, marks[0] ?? ""), "utf8"))).toMatchObject({
      modelId: file,
      phase: "working",
    });
  }
  // The third process does not load it any more and takes the next model.
  const other = writeFixture(model);
  const outcome = await runChild(script, [state, "off", file, other]);
  expect(outcome).toMatchObject({ code: 0, stdout: "" });
  expect(outcome.stderr).toContain("2 times in a row");
  expect(outcome.stderr).toContain(`"modelId":"${other}"`);
});

test("does not load the engine's library before a model is loaded", async () => {
  const outcome = await runChild(scriptAt("create-only"), []);
  expect(outcome).toMatchObject({ code: 0, stdout: "" });
  expect(outcome.stderr).toContain(`"kind":"not-ready"`);
  expect(outcome.stderr).not.toContain("LOADED node-llama-cpp");
});

test("the library's own logger would write to stdout (control of the tests above)", async () => {
  const outcome = await runChild(scriptAt("default-logger"), [writeFixture(model)]);
  expect(outcome.code).toBe(0);
  expect(outcome.stdout).not.toBe("");
});

afterAll(removeFixtures);
