// Every prompt format with the real engine: what a key costs, what healing gives, what ends an answer.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine, InferenceService } from "../../server/inference/index.ts";
import { chain } from "../kit/fixture-model.ts";
import type { FixtureModel } from "../kit/fixture-model.ts";
import {
  complete,
  entryFor,
  ready,
  removeFixtures,
  request,
  serviceDeps,
  startEngine,
  writeFixture,
} from "./fixture.ts";
import { AFTER, BEFORE, FAMILIES } from "./format-families.ts";
import type { Family } from "./format-families.ts";

/** After the nth of these the model answers with the family's nth stop. */
const MARKS = Array.from("([{<>+-*/%&|^~!,;:.?@=");
const ABOVE = "import os\n\n\ndef load(path):\n";

let engine: Engine;

beforeAll(() => {
  engine = startEngine();
});

afterAll(async () => {
  await engine.dispose();
  removeFixtures();
});

/** Right after the prompt comes `return`, after it ` open`. */
function answering({ alone, model, stop }: Family, specialKind: "control" | "user-defined"): FixtureModel {
  const endsWith = (text: string): boolean =>
    typeof alone === "string" ? alone.endsWith(text) : alone.at(-1) === text;
  const last = (model.special ?? []).find(endsWith);
  const line = model.joint === "leading" ? "\n    return" : "    return";
  return {
    ...model,
    specialKind,
    words: [line, " open"],
    next: [
      [last ?? "\n", line],
      ...chain("n", " open", "\n"),
      ...stop.map((text, index) => [MARKS[index] ?? "", text] as const),
    ],
  };
}

describe.each(FAMILIES)("the format $name", (family) => {
  const ask = (before: string) => request(before, { document: before, path: "src/a.py", after: AFTER });
  let service: InferenceService;

  describe.each(["control", "user-defined"] as const)("with %s tokens", (specialKind) => {
    beforeAll(async () => {
      const candidates = () => Promise.resolve([entryFor({ promptFormat: family.name })]);
      const file = writeFixture(answering(family, specialKind));
      service = await ready(serviceDeps(file, engine, { candidates }));
    });

    test("evaluates at most two prompt tokens for a typed character", async () => {
      const line = "    return open(path)";
      const costs: string[] = [];
      for (let length = 5; length <= line.length; length += 1) {
        const before = ABOVE + line.slice(0, length);
        const { tokens } = await complete(service, { ...ask(before), document: "typing", maxTokens: 1 });
        if (length > 5) costs.push(`${line.charAt(length - 1)}${tokens.evaluated}`);
      }
      expect(costs.filter((cost) => Number(cost.slice(1)) > 2)).toEqual([]);
    });

    test("heals the half word at the cursor, in the line and right behind the prompt", async () => {
      expect((await complete(service, ask(BEFORE))).text).toBe("en");
      expect((await complete(service, { ...ask(`${ABOVE}    re`), maxTokens: 1 })).text).toBe("turn");
      expect((await complete(service, { ...ask(ABOVE), maxTokens: 1 })).text).toBe("    return");
    });

    if (family.stop.length > 0)
      test("ends where the model gives one of its special tokens, and shows none of it", async () => {
        for (const [index, stop] of family.stop.entries()) {
          const answer = await complete(service, ask(`${ABOVE}x${MARKS[index] ?? ""}`));
          expect(answer, stop).toMatchObject({ text: "", stop: "end-of-text" });
        }
      });
  });
});
