// The building blocks of kernel/: what each promises.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  HearthError,
  createBugRecorder,
  createCheckpoint,
  createEmitter,
  createHistogram,
  createLru,
  describeError,
  escapeForPattern,
  isCancelled,
  isRecord,
} from "../../server/kernel/index.ts";

test("an LRU holds the entries that were used last, in any order of use", () => {
  const operation = fc.tuple(fc.constantFrom("get", "set", "delete"), fc.nat(6));
  fc.assert(
    fc.property(
      fc.array(operation, { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      (operations, capacity) => {
        const lru = createLru<number, number>(capacity);
        let reference: number[] = []; // least recently used first
        for (const [kind, key] of operations) {
          const isKnown = reference.includes(key);
          if (kind === "get") expect(lru.get(key)).toBe(isKnown ? key : undefined);
          if (kind === "set") lru.set(key, key);
          if (kind === "delete") expect(lru.delete(key)).toBe(isKnown);
          if (kind !== "get" || isKnown) reference = reference.filter((other) => other !== key);
          if (kind === "set" || (kind === "get" && isKnown)) reference.push(key);
          reference = reference.slice(-capacity);
          expect([...lru.values()].sort()).toEqual([...reference].sort());
        }
      },
    ),
  );
});

test("percentiles of a histogram lie within a bucket of the exact ones", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.02, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
      (values) => {
        const histogram = createHistogram();
        for (const value of values) histogram.record(value);
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(values.length * 0.95) - 1] ?? 0;
        const { p95Ms, maxMs, count } = histogram.summary();
        expect(count).toBe(values.length);
        expect(maxMs).toBe(sorted.at(-1));
        expect(p95Ms).toBeGreaterThanOrEqual(exact / 1.11);
        expect(p95Ms).toBeLessThanOrEqual(exact * 1.11);
      },
    ),
  );
});

test("a checkpoint yields after ten milliseconds of work and stops when it is cancelled", async () => {
  let nowMs = 0;
  let turns = 0;
  const abort = new AbortController();
  const checkpoint = createCheckpoint({
    signal: abort.signal,
    nowMs: () => nowMs,
    yieldTurn: async () => {
      turns += 1;
    },
  });
  await checkpoint();
  expect(turns).toBe(0);
  nowMs = 11;
  await checkpoint();
  await checkpoint();
  expect(turns).toBe(1);
  abort.abort();
  const failure: unknown = await checkpoint().catch((error: unknown) => error);
  expect(isCancelled(failure)).toBe(true);
});

test("a listener that unsubscribes twice is removed once and others stay", () => {
  const emitter = createEmitter<number>();
  const seen: string[] = [];
  const first = emitter.on((value) => seen.push(`first ${value}`));
  emitter.on((value) => seen.push(`second ${value}`));
  first.dispose();
  first.dispose();
  emitter.emit(1);
  expect(seen).toEqual(["second 1"]);
});

test("bugs are counted by key and keep their first stack", () => {
  const bugs = createBugRecorder();
  bugs.report("syntax.edit", new Error("first"));
  bugs.report("syntax.edit", new Error("second"));
  expect(bugs.list()).toMatchObject([{ key: "syntax.edit", message: "first", count: 2 }]);
});

test("an error is described with its causes", () => {
  const error = new HearthError("io-failed", "the log could not be written", {
    cause: new Error("no space"),
  });
  expect(describeError(error)).toBe("the log could not be written (no space)");
});

test("an escaped text matches itself and nothing else, with and without the flag u", () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from("\\^$.*+?()[]{}|/-aé😀\n")), maxLength: 8 });
  fc.assert(
    fc.property(text, text, fc.constantFrom("", "u"), (one, other, flag) => {
      const pattern = new RegExp(`^(?:${escapeForPattern(one)})$`, flag);
      expect(pattern.test(one)).toBe(true);
      expect(pattern.test(other)).toBe(one === other);
    }),
  );
});

test("a record has members: neither null nor a list is one", () => {
  expect([{}, { a: 1 }, [], null, undefined, "a", 1].map(isRecord)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});
