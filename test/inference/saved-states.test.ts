// Documents that lose their sequence to others: their state comes back from a file, or is read again where it cannot.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createLlamaEngine } from "../../server/inference/engine/in-process/llama-engine.ts";
import type { EngineModel, Token } from "../../server/inference/engine/engine.ts";
import type { Prompt } from "../../server/inference/prompt/prompt.ts";
import { createSavedStates } from "../../server/inference/sequences/saved-states.ts";
import { createSequencePool } from "../../server/inference/sequences/sequence-pool.ts";
import type { SequencePool } from "../../server/inference/sequences/sequence-pool.ts";
import {
  createManualMachine,
  openScratchFiles,
  silentLog,
  systemClock,
} from "../../server/platform/index.ts";
import { chain } from "../kit/fixture-model.ts";
import { removeFixtures, writeFixture } from "./fixture.ts";

const OWN = 4711;
const folder = mkdtempSync(join(tmpdir(), "hearth-states-"));
const engine = createLlamaEngine({ log: silentLog, clock: systemClock, gpu: "off" });
const file = writeFixture({ next: [...chain("=", "a", "b", "c", "\n")] });
let model: EngineModel;
let pool: SequencePool;

async function open(readingMs: (tokens: number) => number = () => 1000): Promise<void> {
  const size = { contextTokens: 512, batchTokens: 128 };
  const loaded = await engine.load({
    file,
    sequences: 2,
    threads: 1,
    onProcessor: size,
    onDevice: size,
    signal: new AbortController().signal,
  });
  if (!loaded.ok) throw new Error(loaded.failure.reason);
  model = loaded.value;
  const scratch = openScratchFiles(join(folder, "states"), createManualMachine(2, OWN));
  pool = createSequencePool(model, systemClock, createSavedStates(scratch, readingMs));
}

/** The anchor is where the document's text ends; each document has one place. */
function promptOf(text: string): Prompt {
  const tokens = [...model.tokenize(text)];
  return {
    tokens,
    fixed: 0,
    tail: [],
    typed: "",
    lineBefore: "",
    memory: {
      window: { start: 0, total: 1, first: text, second: undefined, used: 100, budget: 256 },
      anchor: { count: 1, total: 1, last: text, beforeLast: undefined },
      suffix: "",
      filesBudget: 0,
    },
  };
}

/** Reads the document's prompt where it belongs; the tokens that had to be evaluated, and what is likely next. */
async function read(document: string, text: string): Promise<{ evaluated: number; next: Token | undefined }> {
  const { state, prompt } = await pool.acquire(document, () => promptOf(text));
  const before = state.evaluatedTokens;
  await state.prefill(prompt.tokens, state.missing(prompt.tokens));
  const [best] = await state.candidatesAfter(prompt.tokens);
  return { evaluated: state.evaluatedTokens - before, next: best?.token };
}

const texts = { one: `${"x1;".repeat(30)}=`, two: `${"y2,".repeat(30)}=a`, three: `${"z3.".repeat(30)}=ab` };

beforeEach(async () => {
  rmSync(join(folder, "states"), { recursive: true, force: true });
  await open();
  return () => model.dispose();
});

afterAll(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
  removeFixtures();
});

describe("three documents on two sequences", () => {
  test("cost nothing in turn, and have the answers that they had", async () => {
    const first = new Map<string, Token | undefined>();
    for (const [document, text] of Object.entries(texts)) {
      const { evaluated, next } = await read(document, text);
      expect(evaluated).toBe(model.tokenize(text).length);
      first.set(document, next);
    }
    expect([...first.values()].map((token) => (token === undefined ? "" : model.textOf([token])))).toEqual([
      "a",
      "b",
      "c",
    ]);
    for (let round = 0; round < 3; round += 1) {
      for (const [document, text] of Object.entries(texts)) {
        expect(await read(document, text)).toEqual({ evaluated: 0, next: first.get(document) });
      }
    }
    expect(readdirSync(join(folder, "states"))).toHaveLength(1);
  });

  test.each([0, 100, 5000])("are read again where a file was cut to %d bytes", async (bytes) => {
    for (const [document, text] of Object.entries(texts)) await read(document, text);
    const [name] = readdirSync(join(folder, "states"));
    truncateSync(join(folder, "states", name ?? ""), bytes);
    const again = await read("one", texts.one);
    expect(again.evaluated).toBe(model.tokenize(texts.one).length);
    expect(again.next).toBe(model.tokenize("a")[0]);
    expect((await read("three", texts.three)).evaluated).toBe(0);
  });

  test("are read again where nothing can be written", async () => {
    // A file in place of the folder: also root cannot write below it.
    writeFileSync(join(folder, "states"), "");
    for (const [document, text] of Object.entries(texts)) await read(document, text);
    expect((await read("one", texts.one)).evaluated).toBe(model.tokenize(texts.one).length);
    rmSync(join(folder, "states"));
  });

  test("are read again where that is as fast", async () => {
    await model.dispose();
    await open((tokens) => tokens / 100);
    for (const [document, text] of Object.entries(texts)) await read(document, text);
    expect((await read("one", texts.one)).evaluated).toBe(model.tokenize(texts.one).length);
  });

  test("leave nothing behind when they are closed", async () => {
    for (const [document, text] of Object.entries(texts)) await read(document, text);
    pool.forget("one");
    expect(readdirSync(join(folder, "states"))).toEqual([]);
  });
});

test("a document that is closed while its state is written leaves nothing behind", async () => {
  const files: string[] = [];
  const scratch = {
    next: () => {
      files.push("a file");
      return "a file";
    },
    remove: (path: string) => void files.splice(files.indexOf(path), files.includes(path) ? 1 : 0),
  };
  const saved = createSavedStates(scratch, () => 1000);
  const { state, prompt } = await pool.acquire("one", () => promptOf(texts.one));
  let finish: (bytes: number) => void = () => undefined;
  const slow = { ...state, saveTo: () => new Promise<number>((resolve) => (finish = resolve)) };
  const saving = saved.save("one", slow, prompt.memory);
  saved.forget("one");
  finish(1000);
  await saving;
  expect(saved.find("one")).toBeUndefined();
  expect(files).toEqual([]);
});

describe("the folder", () => {
  const states = join(folder, "others");

  test("is private, and what ended processes left is removed at the first use", () => {
    mkdirSync(states, { recursive: true });
    for (const name of ["7-1", "8-1", `${OWN}-9`]) writeFileSync(join(states, name), "left");
    chmodSync(states, 0o700);
    const machine = createManualMachine(2, OWN);
    machine.end(7);
    const scratch = openScratchFiles(states, machine);
    expect(readdirSync(states)).toHaveLength(3);
    expect(scratch.next()).toBe(join(states, `${OWN}-1`));
    expect(readdirSync(states)).toEqual(["8-1"]);
    expect(scratch.next()).toBe(join(states, `${OWN}-2`));
  });
});
