// Two documents at once with the real engine: their tokens share the model's calls, and nobody's answer changes.
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { InferenceService } from "../../server/inference/index.ts";
import { systemClock } from "../../server/platform/index.ts";
import type { Clock } from "../../server/platform/index.ts";
import { chain } from "../kit/fixture-model.ts";
import {
  complete,
  ready,
  removeFixtures,
  request,
  serviceDeps,
  startEngine,
  writeFixture,
} from "./fixture.ts";
import { watchEngine } from "./watched-engine.ts";
import type { WatchedEngine } from "./watched-engine.ts";

let watched: WatchedEngine;
let service: InferenceService;
/** Calls that begin in the same turn of the event loop become one of the model's. */
let calls: number[] = [];

beforeAll(async () => {
  watched = watchEngine(startEngine());
  const next = [
    ...chain("=", "a", "b", "c", "d", "e", "f", "g", "h", "\n"),
    ...chain("(", "x", "y", "z", ")"),
  ];
  let nowMs = 0;
  // Every step takes about as long as any other: whose turn it is does not depend on how busy the machine is.
  const clock: Clock = { ...systemClock, nowMs: () => (nowMs += 1) };
  service = await ready(serviceDeps(writeFixture({ next }), watched, { clock }));
  let isTurnOpen = false;
  watched.beforeCall = () => {
    if (!isTurnOpen) {
      isTurnOpen = true;
      calls.push(0);
      setImmediate(() => {
        isTurnOpen = false;
      });
    }
    calls[calls.length - 1] = (calls.at(-1) ?? 0) + 1;
  };
});

beforeEach(() => {
  calls = [];
});

afterAll(async () => {
  await service.dispose();
  removeFixtures();
});

test("their tokens share calls", async () => {
  const one = request("a line\nx =", { document: "one" });
  const two = request("another\ny =", { document: "two" });
  const answers = await Promise.all([complete(service, one), complete(service, two)]);
  expect(answers.map(({ text }) => text)).toEqual(["abcdefgh", "abcdefgh"]);
  expect(Math.max(...calls)).toBe(2);
  expect(calls.filter((count) => count === 2).length).toBeGreaterThan(4);
});

test("each is answered as it is alone, whatever is asked and cancelled beside it", async () => {
  const keys = fc.record({
    document: fc.constantFrom("p", "q", "r"),
    before: fc.constantFrom("x =", "long text before\nx =", "call(", "v = 1\nf(", "=", "nothing"),
    waitTurns: fc.nat(6),
    isCancelled: fc.boolean(),
  });
  const alone = new Map<string, string>();
  for (const before of ["x =", "long text before\nx =", "call(", "v = 1\nf(", "=", "nothing"])
    alone.set(before, (await complete(service, request(before, { document: `alone ${before}` }))).text);
  await fc.assert(
    fc.asyncProperty(fc.array(keys, { minLength: 2, maxLength: 8 }), async (typed) => {
      const answers: Promise<void>[] = [];
      for (const { before, document, isCancelled, waitTurns } of typed) {
        const cancel = new AbortController();
        answers.push(
          service.complete(request(before, { document }), cancel.signal).then((result) => {
            if (result.ok) expect(result.value.text).toBe(alone.get(before));
            else expect(["cancelled", "superseded"]).toContain(result.failure.kind);
          }),
        );
        for (let turn = 0; turn < waitTurns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        if (isCancelled) cancel.abort();
      }
      await Promise.all(answers);
    }),
    { numRuns: 40 },
  );
});
