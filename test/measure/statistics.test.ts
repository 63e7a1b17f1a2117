// The statistics behind the measurements: intervals, percentiles, similarity.
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  bootstrapMean,
  createChance,
  editSimilarity,
  pairedDifference,
  percentile,
  shuffle,
  wilson,
} from "../../scripts/report/statistics.ts";

it("Wilson's interval has the values of the literature", () => {
  // Newcombe 1998, table I: 81 of 263, and 0 of 20.
  expect(wilson(81, 263)).toMatchObject({ value: 81 / 263 });
  expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4);
  expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4);
  expect(wilson(0, 20)).toMatchObject({ low: 0 });
  expect(wilson(0, 20).high).toBeCloseTo(0.1611, 4);
  expect(wilson(0, 0)).toEqual({ value: 0, low: 0, high: 1, n: 0 });
});

it("an interval of a share holds the share, stays within 0 and 1, and narrows with more samples", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
      const hits = Math.round(n * share);
      const { low, value, high } = wilson(hits, n);
      expect(0 <= low && low <= value && value <= high && high <= 1).toBe(true);
      const larger = wilson(hits * 4, n * 4);
      expect(larger.high - larger.low).toBeLessThan(high - low + 1e-9);
    }),
  );
});

it("a bootstrap repeats for its seed and holds the mean", () => {
  const values = [0, 1, 1, 0, 1, 0.5, 0.25, 1, 0, 0.75];
  expect(bootstrapMean(values, 3)).toEqual(bootstrapMean(values, 3));
  const { low, value, high } = bootstrapMean(values);
  expect(value).toBeCloseTo(0.55, 10);
  expect(low).toBeLessThan(value);
  expect(high).toBeGreaterThan(value);
});

it("a paired difference of equal samples is nothing at all, however far they spread", () => {
  const values = Array.from({ length: 50 }, (_, index) => index % 7);
  expect(pairedDifference(values, values)).toEqual({ value: 0, low: 0, high: 0, n: 50 });
  const better = values.map((value) => value + 1);
  expect(pairedDifference(values, better)).toEqual({ value: 1, low: 1, high: 1, n: 50 });
});

it("percentiles are values of the sample, by nearest rank", () => {
  const values = [5, 1, 4, 2, 3];
  expect([0, 0.2, 0.5, 0.95, 1].map((share) => percentile(values, share))).toEqual([1, 1, 3, 5, 5]);
  expect(percentile([], 0.5)).toBe(0);
});

it("similarity is 1 for equal texts and counts edits", () => {
  expect(editSimilarity("", "")).toBe(1);
  expect(editSimilarity("abc", "abc")).toBe(1);
  expect(editSimilarity("abc", "xyz")).toBe(0);
  expect(editSimilarity("kitten", "sitting")).toBeCloseTo(1 - 3 / 7, 10);
});

it("similarity is symmetric and within 0 and 1", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (a, b) => {
      const similarity = editSimilarity(a, b);
      expect(similarity).toBe(editSimilarity(b, a));
      expect(similarity >= 0 && similarity <= 1).toBe(true);
      expect(similarity === 1).toBe(a === b);
    }),
  );
});

it("a shuffle keeps every value and repeats for its seed", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (values, seed) => {
      const shuffled = shuffle(values, createChance(seed));
      expect(shuffled).toEqual(shuffle(values, createChance(seed)));
      expect([...shuffled].sort()).toEqual([...values].sort());
    }),
  );
});
