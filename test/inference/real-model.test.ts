// The packaged small model on real code: where HEARTH_TEST_MODEL names its file, or hearth has fetched it; else it says so.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InferenceService } from "../../server/inference/index.ts";
import { resolvePaths } from "../../server/platform/index.ts";
import { complete, ready, request, serviceDeps, startEngine } from "./fixture.ts";
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
    engine = watchEngine(startEngine());
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

  test("types, deletes and goes on for at most two prompt tokens a key, Enter among them", async () => {
    const above = Array.from(
      { length: 20 },
      (_, index) => `def get_${index}(self):\n    return self._v${index}\n\n`,
    );
    let text = above.join("");
    await complete(service, request(text, { document: "typing" }));
    const typed = "def total_price(items, rate):\n    return sum(item.prjce←←←ice for item in items)\n";
    const keys = typed.split("");
    for (const key of keys) {
      text = key === "←" ? text.slice(0, -1) : text + key;
      const { tokens } = await complete(service, request(text, { document: "typing", maxTokens: 8 }));
      expect(tokens.evaluated, JSON.stringify(text.slice(-16))).toBeLessThanOrEqual(2);
    }
  });

  test("evaluates at most two tokens a key on the whole, whatever is typed and taken", async () => {
    let run = 0;
    const key = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          "a",
          "e",
          "i",
          "l",
          "n",
          "o",
          "r",
          "s",
          "t",
          "x",
          "_",
          ".",
          " ",
          "(",
          ",",
          "=",
          "'",
          "é",
        ),
      },
      { weight: 2, arbitrary: fc.constant("←") },
      { weight: 1, arbitrary: fc.constant("⇥") },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(key, { minLength: 10, maxLength: 20 }), async (keys) => {
        run += 1;
        const document = `keys ${run}`;
        const start = "import os\n\n\ndef read(path, size):\n    ";
        let before = start;
        let suggestion = (await complete(service, request(before, { document, maxTokens: 2 }))).text;
        let evaluated = 0;
        for (const one of keys) {
          if (one === "←" && before.length > start.length) before = before.slice(0, -1);
          else if (one === "⇥") before += suggestion;
          else if (one !== "←") before += one;
          const { text, tokens } = await complete(service, request(before, { document, maxTokens: 2 }));
          suggestion = text;
          evaluated += tokens.evaluated;
          // A key that ends a word in the middle of a suggested token pays for the word's own spelling.
          expect(tokens.evaluated, JSON.stringify(before.slice(-16))).toBeLessThanOrEqual(5);
        }
        expect(evaluated).toBeLessThanOrEqual(2 * keys.length);
      }),
      { numRuns: 5, seed: 20_251_121 },
    );
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
