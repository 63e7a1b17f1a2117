// Calibration and the choice of the gate.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  atGate,
  calibrationError,
  chooseGate,
  reliability,
  splitByFile,
} from "../../scripts/evaluate/calibration.ts";
import type { Judged } from "../../scripts/evaluate/calibration.ts";
import { withGate } from "../../scripts/evaluate/gate-writer.ts";
import { scoreLine, scoreName } from "../../scripts/evaluate/measures.ts";

const judged = fc.array(
  fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), isExact: fc.boolean() }),
);

/** Right exactly as often as sure: of `n` samples at each tenth, that many are exact. */
const calibrated: readonly Judged[] = [0.1, 0.3, 0.5, 0.7, 0.9].flatMap((probability) =>
  Array.from({ length: 40 }, (_, index) => ({ probability, isExact: index < 40 * probability })),
);

it("every sample is in one bin", () => {
  fc.assert(
    fc.property(judged, (samples) => {
      const bins = reliability(samples);
      expect(bins.reduce((sum, { exact }) => sum + exact.n, 0)).toBe(samples.length);
      const error = calibrationError(bins);
      expect(error >= 0 && error <= 1).toBe(true);
    }),
  );
});

it("a model that is right as often as it is sure has no calibration error", () => {
  expect(calibrationError(reliability(calibrated))).toBeCloseTo(0, 10);
  const boastful = calibrated.map((sample) => ({ ...sample, probability: 0.95 }));
  expect(calibrationError(reliability(boastful))).toBeCloseTo(0.45, 10);
});

it("the gate is the lowest that reaches the target, and is tested on other samples", () => {
  const chosen = chooseGate(
    calibrated,
    calibrated.map((sample) => ({ ...sample, isExact: false })),
    0.75,
  );
  expect(chosen).toMatchObject({ isReached: true, gate: 0.51 });
  expect(chosen?.chosenOn.precision.value).toBeCloseTo(0.8, 10);
  expect(chosen?.heldOut.precision.value).toBe(0);
});

it("a target out of reach takes the gate with the best lower bound and says so", () => {
  expect(chooseGate(calibrated, calibrated, 0.99)).toMatchObject({ isReached: false });
  expect(chooseGate(calibrated.slice(0, 5), [], 0.5)).toBeUndefined();
});

it("a higher gate never shows more", () => {
  fc.assert(
    fc.property(judged, fc.double({ min: 0, max: 1, noNaN: true }), (samples, gate) => {
      expect(atGate(samples, gate).shown.value).toBeLessThanOrEqual(atGate(samples, gate / 2).shown.value);
    }),
  );
});

it("no file is on both sides of the split", () => {
  const samples = ["a", "b", "c", "a", "d"].map((file) => ({ file }));
  const [one, other] = splitByFile(samples);
  expect([...one, ...other]).toHaveLength(5);
  expect(one.map(({ file }) => file).filter((file) => other.some((sample) => sample.file === file))).toEqual(
    [],
  );
});

it("writing a gate changes one number of the catalogue and nothing else", () => {
  const catalogue = readFileSync(new URL("../../models/catalog.json", import.meta.url), "utf8");
  const { models } = JSON.parse(catalogue) as { models: { id: string; confidenceGate: number }[] };
  for (const { id } of models) {
    const written = withGate(catalogue, id, 0.123);
    const after = JSON.parse(written) as { models: { id: string; confidenceGate: number }[] };
    expect(after.models.map((model) => model.confidenceGate)).toEqual(
      models.map((model) => (model.id === id ? 0.123 : model.confidenceGate)),
    );
    expect(withGate(written, id, models.find((model) => model.id === id)?.confidenceGate ?? 0)).toBe(
      catalogue,
    );
  }
  expect(() => withGate(catalogue, "no-such-model", 0.5)).toThrow("no-such-model");
});

it("an answer is scored by its first line, blanks at the end apart", () => {
  expect(scoreLine("a + b;  \nnext", "a + b;").isExact).toBe(true);
  expect(scoreLine(" a + b;", "a + b;").isExact).toBe(false);
  expect(scoreName("to", "tal = 1", "total")).toEqual({ isExact: true, similarity: 1 });
  expect(scoreName("to", "tals", "total").isExact).toBe(false);
});
