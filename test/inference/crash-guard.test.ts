// Marks and counts of crashes on an in-memory folder; the real abort is in processes.test.ts.
import { expect, test } from "vitest";
import { createCrashGuard, excuseCrash } from "../../server/inference/lifecycle/crash-guard.ts";
import type { Activity } from "../../server/inference/lifecycle/crash-guard.ts";
import { createManualMachine, createMemoryFolderFiles } from "../../server/platform/index.ts";
import type { FolderFiles } from "../../server/platform/index.ts";

const activity = (phase: Activity["phase"]): Activity => ({
  modelId: "m",
  phase,
  parameters: { file: "/m.gguf" },
});

/** A process that ends while native code runs. */
function crash(files: FolderFiles, processId: number): void {
  const machine = createManualMachine(2, processId);
  for (let earlier = 1; earlier < processId; earlier += 1) machine.end(earlier);
  createCrashGuard({ files, machine }).enter(activity("loading"));
}

function guardOf(files: FolderFiles, processId = 99) {
  const machine = createManualMachine(2, processId);
  for (let earlier = 1; earlier < processId; earlier += 1) machine.end(earlier);
  return createCrashGuard({ files, machine });
}

test("one crash is forgiven, the second in a row switches off", () => {
  const files = createMemoryFolderFiles();
  crash(files, 1);
  expect(guardOf(files).whyOff("m")).toBeUndefined();
  crash(files, 2);
  const guard = guardOf(files);
  expect(guard.whyOff("m")).toContain("loading");
  expect(guard.whyOff("other")).toBeUndefined();
  guard.forgive();
  expect(guard.whyOff("m")).toBeUndefined();
  expect(files.list()).toEqual([]);
});

test("a process that lives, under the same state folder, is no crash", () => {
  const files = createMemoryFolderFiles();
  const other = createManualMachine(2, 7);
  createCrashGuard({ files, machine: other }).enter(activity("working"));
  const guard = createCrashGuard({ files, machine: createManualMachine(2, 8) });
  expect(guard.whyOff("m")).toBeUndefined();
  expect(files.list()).toEqual(["model-active-7.json"]);
});

test("a process that ended while the model rested is no crash, nor one that was killed from outside", () => {
  const files = createMemoryFolderFiles();
  const guard = guardOf(files, 1);
  guard.enter(activity("working"));
  guard.leave();
  expect(files.list()).toEqual([]);
  crash(files, 2);
  excuseCrash(files, 2);
  crash(files, 3);
  expect(guardOf(files).whyOff("m")).toBeUndefined();
});

test("marks and counts that cannot be read are passed over", () => {
  const files = createMemoryFolderFiles({
    "model-crashes.json": `{"m": 3, "n": {"count": "x"}, "o": {"count": 2, "phase": "working"}}`,
    "model-active-5.json": "{",
    "model-active-x.json": "{}",
  });
  const guard = guardOf(files);
  expect(guard.whyOff("m")).toBeUndefined();
  expect(guard.whyOff("o")).toContain("2 times");
  expect(files.list()).not.toContain("model-active-5.json");
});

test("the mark is written once for one activity, however many requests there are", () => {
  const writes: string[] = [];
  const memory = createMemoryFolderFiles();
  const files: FolderFiles = {
    ...memory,
    write(name, text) {
      writes.push(name);
      return memory.write(name, text);
    },
  };
  const guard = guardOf(files);
  for (let request = 0; request < 5; request += 1) guard.enter(activity("working"));
  expect(writes.length).toBe(1);
  guard.leave();
  guard.enter(activity("working"));
  expect(writes.length).toBe(2);
});
