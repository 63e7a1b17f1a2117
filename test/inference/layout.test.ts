// Other files in front of the current one, and source text full of special tokens' texts, whatever they are made of.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineModel } from "../../server/inference/engine/engine.ts";
import type { Engine } from "../../server/inference/index.ts";
import { fitFiles, layOut } from "../../server/inference/prompt/layout.ts";
import type { LayoutRules, LayoutSource, Run } from "../../server/inference/prompt/layout.ts";
import { keepPlain } from "../../server/inference/prompt/plain-text.ts";
import { parsePromptFormats, resolveFormat } from "../../server/inference/prompt/prompt-format.ts";
import type { LineJoint } from "../../server/inference/prompt/segments.ts";
import { specialIds } from "../kit/fixture-model.ts";
import type { FixtureModel } from "../kit/fixture-model.ts";
import { loadFixture, modelData, removeFixtures, startEngine } from "./fixture.ts";

const formats = parsePromptFormats(modelData.read("prompt-formats.json") ?? "");
const names: readonly string[] = formats.ok ? [...formats.value.keys()] : [];

/** One token for each byte; every special token is there. */
function rulesFor(
  name: string,
  joint: LineJoint,
): LayoutRules<number> & { readonly count: (piece: string) => number } {
  const format = formats.ok ? formats.value.get(name) : undefined;
  if (format === undefined) throw new Error(`there is no format ${name}`);
  const known = new Map<string, number>();
  const findSpecialToken = (text: string): number => {
    const token = known.get(text) ?? 1000 + known.size;
    known.set(text, token);
    return token;
  };
  return {
    format: resolveFormat(format, { findSpecialToken }),
    joint,
    count: (piece) => Buffer.byteLength(piece),
  };
}

function sizeOf(runs: readonly Run<number>[]): number {
  return runs.reduce(
    (sum, run) => sum + (run.kind === "token" ? 1 : Buffer.byteLength(run.pieces.join(""))),
    0,
  );
}

const source: LayoutSource = {
  path: "a.py",
  lineComment: "#",
  prefix: ["x = 1\n"],
  suffix: ["\n"],
  files: [],
};
const line = fc.constantFrom("a = 1", "", "    return", "é", "def f():", "\t");
const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join("\n"));
const files = fc.array(fc.record({ path: fc.constantFrom("b.py", "lib/c.py"), text }), { maxLength: 4 });
const joint = fc.constantFrom<LineJoint[]>("leading", "trailing");

describe("other files in front", () => {
  test("take no more than their budget, the first ones whole and the last one cut after a line", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), joint, files, fc.nat(200), (name, side, related, budget) => {
        const rules = rulesFor(name, side);
        const fitting = fitFiles(related, budget, source, rules);
        const cost =
          sizeOf(layOut({ ...source, files: fitting }, rules)) -
          sizeOf(layOut({ ...source, files: [] }, rules));
        expect(cost).toBeLessThanOrEqual(budget);
        const written = related.filter((file) => file.text.trimEnd() !== "");
        for (const [index, file] of fitting.entries()) {
          const whole = written[index]?.text.trimEnd() ?? "";
          expect(whole.startsWith(file.text)).toBe(true);
          if (index < fitting.length - 1) expect(file.text).toBe(whole);
          const rest = whole.slice(file.text.length);
          expect(rest === "" || rest.startsWith("\n") || file.text.endsWith("\n")).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("pass over an empty file", () => {
    const written = { path: "b.py", text: "a = 1" };
    const rules = rulesFor("qwen", "trailing");
    expect(fitFiles([{ path: "c.py", text: "\n" }, written], 100, source, rules)).toEqual([written]);
  });

  test("leave the prompt as it is where there are none", () => {
    for (const name of names)
      expect(
        layOut(
          { ...source, files: fitFiles([], 100, source, rulesFor(name, "trailing")) },
          rulesFor(name, "trailing"),
        ),
      ).toEqual(layOut(source, rulesFor(name, "trailing")));
  });
});

describe("source text made of special tokens' texts", () => {
  const special = ["<|fim_prefix|>", "<fim_suffix>", "▁<PRE>", "<filename>", "[SUFFIX]", "</s>"];
  const models: Readonly<Record<string, FixtureModel>> = {
    bytes: { special, specialKind: "user-defined", begin: "<s>", joint: "trailing" },
    spaced: {
      special,
      specialKind: "user-defined",
      begin: "<s>",
      spaced: { pieces: ["<s", "▁▁", "</", "</s", "fi", "<fi", "ile"], addsBlank: true },
    },
  };
  let engine: Engine;
  const loaded = new Map<string, EngineModel>();

  beforeAll(async () => {
    engine = startEngine();
    const size = { contextTokens: 256, batchTokens: 32 };
    for (const [name, model] of Object.entries(models)) {
      const plain = await loadFixture(engine, model, size);
      loaded.set(name, keepPlain(plain, new Set(specialIds(model).values())));
    }
  });

  afterAll(async () => {
    await engine.dispose();
    removeFixtures();
  });

  const piece = fc.constantFrom(
    ...special,
    "<s>",
    "<|endoftext|>",
    "<",
    ">",
    "fi",
    "le",
    "s",
    " ",
    "  ",
    "\n",
    "é",
    "😀",
    "PRE",
  );

  test.each(Object.keys(models))("is text, and all of it, in a vocabulary of %s", (name) => {
    const model = loaded.get(name);
    if (model === undefined) throw new Error("the model did not load");
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }).map((parts) => parts.join("")),
        (wanted) => {
          const tokens = model.tokenize(wanted);
          expect(tokens.filter((token) => model.isSpecial(token))).toEqual([]);
          // In a spaced vocabulary "▁" is the blank itself.
          const asRead = (read: string): string => (name === "spaced" ? read.replaceAll("▁", " ") : read);
          expect(asRead(model.textOf(tokens))).toBe(asRead(wanted));
        },
      ),
      { numRuns: 500 },
    );
  });
});
