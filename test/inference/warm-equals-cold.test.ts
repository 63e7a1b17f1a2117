// State that is kept must not change an answer: after any edits and cursor moves, a warm document answers like a cold one.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defaultInferenceSettings } from "../../server/inference/index.ts";
import type { Engine, InferenceService } from "../../server/inference/index.ts";
import { chain, FIM_MIDDLE } from "../kit/fixture-model.ts";
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

let engine: Engine;
const services = new Map<string, { readonly warm: InferenceService; readonly cold: InferenceService }>();

beforeAll(async () => {
  engine = startEngine();
  // Single bytes only: with whole words, kept spelling may differ from the tokeniser's on purpose.
  const file = writeFixture({
    next: [
      ...chain("a", "b", "c", " ", "d", "\n"),
      ...chain("(", "x", ",", " "),
      ...chain("=", "="),
      ["d", ")"],
      ["x", ")"],
      ["\n", "a"],
      [FIM_MIDDLE, "\n"],
      [FIM_MIDDLE, "a"],
    ],
  });
  for (const name of ["prefix-only", "qwen"]) {
    const candidates = () => Promise.resolve([entryFor({ promptFormat: name })]);
    const deps = serviceDeps(file, engine, { candidates });
    // The same history, so that both build the same prompts, but evaluated from nothing each time.
    const parts = { reuse: false, drafts: false };
    services.set(name, {
      warm: await ready(deps),
      cold: await ready({ ...deps, settings: { ...defaultInferenceSettings, parts } }),
    });
  }
});

afterAll(async () => {
  for (const { warm, cold } of services.values()) await Promise.all([warm.dispose(), cold.dispose()]);
});

const piece = fc.constantFrom("a", "ab", " ", "\n", "\n ", "(", "x=", "d", ")", "if a", "é");
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("type" as const), text: piece }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("delete" as const), length: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("move" as const), to: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("top" as const), text: piece }) },
);

test.each(["prefix-only", "qwen"])("with the layout %s", async (name) => {
  const pair = services.get(name);
  if (pair === undefined) throw new Error("the services did not start");
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      run += 1;
      const document = `run ${run}`;
      let before = "a(x\n b";
      let after = "\nd\n";
      for (const one of steps) {
        if (one.kind === "type") before += one.text;
        else if (one.kind === "delete") before = before.slice(0, Math.max(0, before.length - one.length));
        else if (one.kind === "top") before = one.text + before;
        else {
          const whole = before + after;
          before = whole.slice(0, one.to);
          after = whole.slice(one.to);
        }
        await complete(pair.warm, request(before, { document, after, maxTokens: 6 }));
        await complete(pair.cold, request(before, { document, after, maxTokens: 6 }));
        const warm = await complete(pair.warm, request(before, { document, after, maxTokens: 2 }));
        const cold = await complete(pair.cold, request(before, { document, after, maxTokens: 2 }));
        expect(warm.meanProbability).toBeCloseTo(cold.meanProbability, 2);
        // Where two tokens are equally likely, rounding decides.
        if (cold.minProbability > 0.5) expect(warm.text).toBe(cold.text);
        expect(cold.tokens.reused).toBe(0);
      }
    }),
    { numRuns: 25, seed: 20_251_121 },
  );
});

afterAll(removeFixtures);
