// The packaged small model on real code: where HEARTH_TEST_MODEL names its file, or hearth has fetched it; else it says so.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLlamaEngine } from "../../server/inference/engine/in-process/llama-engine.ts";
import type { InferenceService } from "../../server/inference/index.ts";
import { resolvePaths, silentLog, systemClock } from "../../server/platform/index.ts";
import { complete, ready, request, serviceDeps } from "./fixture.ts";
import { watchEngine } from "./watched-engine.ts";
import type { WatchedEngine } from "./watched-engine.ts";

const file = process.env["HEARTH_TEST_MODEL"] ?? findFetched();
const title =
  file === undefined
    ? "the real model (skipped: let hearth fetch it, or set HEARTH_TEST_MODEL to the file of SmolLM2-135M-Instruct)"
    : "the real model";

describe.skipIf(file === undefined)(title, () => {
  let engine: WatchedEngine;
  let service: InferenceService;

  beforeAll(async () => {
    engine = watchEngine(createLlamaEngine({ log: silentLog, clock: systemClock, gpu: "off" }));
    service = await ready(serviceDeps(file ?? "", engine));
  });

  afterAll(() => service.dispose());

  test.each([
    ["stats.py", "#", "def mean(values):\n    return ", "sum(values) / len(values)"],
    ["stats.py", "#", "def mean(values):\n    re", "turn sum(values) / len(values)"],
    [
      "load.py",
      "#",
      "import json\n\ndef load(path):\n    with open(path) as f:\n        return json.lo",
      "ad(f)",
    ],
    [
      "user.py",
      "#",
      "class User:\n    def __init__(self, name, age):\n        self.name = name\n        self.ag",
      "e = age",
    ],
    ["max.ts", "//", "function largest(a: number, b: number): number {\n  return Math.ma", "x(a, b);"],
  ])("completes %s", async (path, lineComment, before, expected) => {
    const completion = await complete(
      service,
      request(before, { document: path + before, path, lineComment }),
    );
    expect(completion.text).toBe(expected);
    expect(completion.isConfident).toBe(true);
  });

  test("types a whole function with at most three prompt tokens for each key", async () => {
    const above = Array.from(
      { length: 40 },
      (_, index) => `def get_${index}(self):\n    return self._v${index}\n\n`,
    );
    let text = above.join("");
    await complete(service, request(text, { document: "typing" }));
    for (const character of "def total_price(items, rate):\n    return sum(item.price for item in items)") {
      text += character;
      const { tokens } = await complete(service, request(text, { document: "typing", maxTokens: 8 }));
      // After Enter the line is tokenised as a whole: it may have been spelled in other tokens while it was typed.
      const most = character === "\n" ? 20 : 3;
      expect(tokens.evaluated, JSON.stringify(text.slice(-16))).toBeLessThanOrEqual(most);
    }
  });

  test("gives the same answer on a warm path as on a cold one", async () => {
    const before =
      "import os\n\n\ndef read_lines(path):\n    with open(path) as handle:\n        return handle.";
    for (const end of [before.length - 30, before.length - 7, before.length - 1]) {
      await complete(service, request(before.slice(0, end), { document: "warm" }));
    }
    const warm = await complete(service, request(before, { document: "warm" }));
    const cold = await complete(service, request(before, { document: "cold" }));
    expect(warm.text).toBe(cold.text);
    expect(warm.meanProbability).toBeCloseTo(cold.meanProbability, 2);
  });
});

/** The supplier's name for it begins with the catalogue's id. */
function findFetched(): string | undefined {
  const folder = join(resolvePaths(process.env).data, "models");
  try {
    const name = readdirSync(folder).find((entry) => /^smollm2-135m-instruct-.*\.gguf$/.test(entry));
    return name === undefined ? undefined : join(folder, name);
  } catch {
    // Nothing was ever fetched here.
    return undefined;
  }
}
