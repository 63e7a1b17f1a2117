// Editing a tree gives what parsing afresh gives. `npm run prove:incremental` does the same with 10,000 edits per language.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createProver, stepArbitrary } from "../../scripts/prove-incremental.ts";
import type { Prover, Step } from "../../scripts/prove-incremental.ts";

// Every grammar is loaded and every sample parsed: about 25 s of one core, minutes on a busy machine.
vi.setConfig({ testTimeout: 240_000 });

let prover: Prover;
beforeAll(async () => {
  prover = await createProver();
});
afterAll(() => prover.dispose());

const RUNS = 6;

describe("an edited tree", () => {
  it("is compared on samples without errors: beside an error a difference counts for nothing", async () => {
    const nothing: Step = { kind: "undo", at: 0, from: 0, length: 1, token: "" };
    const broken: string[] = [];
    for (const languageId of prover.languageIds) {
      for (const sample of prover.samplesOf(languageId, "valid")) {
        const proof = prover.begin(languageId);
        await prover.play(proof, sample, [nothing]);
        if (proof.clean !== 1) broken.push(`${languageId}: ${sample.slice(0, 40)}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it("is the tree of the text, and so are the facts, in every language", async () => {
    for (const languageId of prover.languageIds) {
      const samples = prover.samplesOf(languageId, "valid");
      if (samples.length === 0) continue;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...samples),
          fc.array(stepArbitrary, { minLength: 5, maxLength: 15 }),
          async (sample, steps) => {
            const proof = prover.begin(languageId);
            await prover.play(proof, sample, steps);
            expect(proof.edits).toBe(steps.length);
            expect(proof.differences).toEqual([]);
            expect(proof.factDifferences).toEqual([]);
          },
        ),
        { numRuns: RUNS, endOnFailure: false },
      );
    }
  });
});
