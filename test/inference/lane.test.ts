// The lane alone, with tasks that count their steps: order, supersession, cancelling, and one outcome for each request.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestClass } from "../../server/inference/index.ts";
import { createLane } from "../../server/inference/lane.ts";
import type { Lane, LaneTask } from "../../server/inference/lane.ts";
import { IN_TURN, PATIENCE_STEPS } from "../../server/inference/turns.ts";
import type { StepKind } from "../../server/inference/turns.ts";
import { createManualClock, systemClock } from "../../server/platform/index.ts";

interface Trace {
  readonly steps: string[];
  readonly ended: string[];
}

function taskOf(
  name: string,
  trace: Trace,
  options: {
    readonly document?: string;
    readonly requestClass?: RequestClass;
    readonly steps?: number;
    readonly signal?: AbortSignal;
    readonly kind?: StepKind;
    readonly onStep?: (step: number) => void | Promise<void>;
  } = {},
): LaneTask<string> {
  return {
    document: options.document ?? name,
    requestClass: options.requestClass ?? "typing",
    signal: options.signal ?? new AbortController().signal,
    async *start() {
      try {
        for (let step = 1; step <= (options.steps ?? 1); step += 1) {
          trace.steps.push(name);
          await options.onStep?.(step);
          yield options.kind ?? "slice";
        }
        return name;
      } finally {
        trace.ended.push(name);
      }
    },
  };
}

const newTrace = (): Trace => ({ steps: [], ended: [] });

describe("the lane", () => {
  test("lets a typing request in between two steps of background work", async () => {
    const lane = createLane({ clock: systemClock });
    const trace = newTrace();
    let typing: Promise<unknown> | undefined;
    const background = lane.submit(
      taskOf("b", trace, {
        requestClass: "background",
        steps: 4,
        onStep(step) {
          if (step === 2) typing = lane.submit(taskOf("t", trace, { steps: 3 }));
        },
      }),
    );
    expect(await background).toEqual({ ok: true, value: "b" });
    expect(await typing).toEqual({ ok: true, value: "t" });
    expect(trace.steps.join("")).toBe("bbtttbb");
  });

  test("serves the classes in the order typing, explicit, warming, background", async () => {
    const lane = createLane({ clock: systemClock });
    const trace = newTrace();
    const classes: RequestClass[] = ["background", "warming", "explicit", "typing"];
    await Promise.all(
      classes.map((requestClass) => lane.submit(taskOf(requestClass, trace, { requestClass }))),
    );
    expect(trace.ended).toEqual(["typing", "explicit", "warming", "background"]);
  });

  test("ends a superseded request within the step that runs, and answers it at once", async () => {
    const lane = createLane({ clock: systemClock });
    const trace = newTrace();
    let newer: Promise<unknown> | undefined;
    const older = await lane.submit(
      taskOf("older", trace, {
        document: "d",
        steps: 100,
        onStep(step) {
          if (step === 3) newer = lane.submit(taskOf("newer", trace, { document: "d" }));
        },
      }),
    );
    expect(older).toEqual({ ok: false, failure: { kind: "superseded" } });
    expect(await newer).toEqual({ ok: true, value: "newer" });
    expect(trace.steps).toEqual(["older", "older", "older", "newer"]);
    expect(trace.ended).toEqual(["older", "newer"]);
  });

  test("answers a cancelled waiting request without letting it start", async () => {
    const lane = createLane({ clock: systemClock });
    const trace = newTrace();
    const cancel = new AbortController();
    const running = lane.submit(taskOf("running", trace, { steps: 3 }));
    const waiting = lane.submit(taskOf("waiting", trace, { signal: cancel.signal }));
    cancel.abort();
    expect(await waiting).toEqual({ ok: false, failure: { kind: "cancelled" } });
    expect(lane.length).toBe(1);
    await running;
    expect(trace.steps).not.toContain("waiting");
  });

  test("does not let a stream of typing starve background work", async () => {
    const lane = createLane({ clock: systemClock });
    const trace = newTrace();
    let isDone = false;
    const background = lane.submit(taskOf("b", trace, { requestClass: "background", steps: 3 })).then(() => {
      isDone = true;
    });
    for (let key = 0; !isDone && key < 100; key += 1) {
      await lane.submit(taskOf(`t${key}`, trace, { document: "d", steps: 10 }));
    }
    expect(isDone).toBe(true);
    await background;
  });

  test("answers with the reason when a task throws, and goes on", async () => {
    const lane = createLane({ clock: systemClock });
    const trace = newTrace();
    const failing = lane.submit(
      taskOf("f", trace, {
        onStep() {
          throw new Error("no such thing");
        },
      }),
    );
    const next = lane.submit(taskOf("n", trace));
    expect(await failing).toEqual({ ok: false, failure: { kind: "failed", reason: "no such thing" } });
    expect(await next).toEqual({ ok: true, value: "n" });
  });

  test("ends everything as cancelled when it is disposed of, the running task after its step", async () => {
    const lane = createLane({ clock: systemClock });
    const trace = newTrace();
    const running = lane.submit(taskOf("running", trace, { steps: 100 }));
    const waiting = lane.submit(taskOf("waiting", trace));
    await lane.dispose();
    expect(await running).toEqual({ ok: false, failure: { kind: "cancelled" } });
    expect(await waiting).toEqual({ ok: false, failure: { kind: "cancelled" } });
    expect(await lane.submit(taskOf("late", trace))).toEqual({ ok: false, failure: { kind: "cancelled" } });
    expect(trace.ended).toEqual(trace.steps.length === 0 ? [] : ["running"]);
  });
});

describe("two editors", () => {
  /** Each step takes its time on the clock; the answer is when the task was done. */
  const run = async (tasks: readonly { readonly document: string; readonly stepMs: readonly number[] }[]) => {
    const clock = createManualClock();
    const lane = createLane({ clock });
    const ended = new Map<string, number>();
    await Promise.all(
      tasks.map(async ({ document, stepMs }) => {
        await lane.submit({
          document,
          requestClass: "typing",
          signal: new AbortController().signal,
          async *start() {
            for (const ms of stepMs) {
              await Promise.resolve();
              clock.advance(ms);
              yield "slice";
            }
          },
        });
        ended.set(document, clock.nowMs());
      }),
    );
    return ended;
  };

  test("take turns by time: a short answer does not wait for a long prompt of the other", async () => {
    const long = { document: "long", stepMs: Array.from({ length: 60 }, () => 40) };
    const short = { document: "short", stepMs: Array.from({ length: 20 }, () => 10) };
    const start = createManualClock().nowMs();
    const alone = (await run([short])).get("short") ?? 0;
    const beside = (await run([long, short])).get("short") ?? 0;
    // Twice its own time, and the turn that the other had just begun.
    expect(beside - start).toBeLessThanOrEqual(2 * (alone - start) + 100);
  });

  test("have the steps that evaluate a token at the same time, longer ones alone", async () => {
    const lane = createLane({ clock: systemClock });
    const seen: Record<string, string> = {};
    const submit = (document: string, kinds: readonly StepKind[]): Promise<unknown> =>
      lane.submit({
        document,
        requestClass: "typing",
        signal: new AbortController().signal,
        async *start() {
          for (const kind of kinds) {
            await Promise.resolve();
            seen[document] = `${seen[document] ?? ""}${lane.together}`;
            yield kind;
          }
          return document;
        },
      });
    // The first step of each may be anything; what is yielded is the step that follows.
    await Promise.all([
      submit("a", ["token", "token", "slice", "token"]),
      submit("b", ["token", "token", "token", "token", "token"]),
      submit("c", ["token", "token"]),
    ]);
    expect(seen["a"]).toMatch(/^12+1/);
    expect(seen["b"]).toMatch(/^12+/);
    expect(Object.values(seen).join("")).not.toMatch(/[^12]/);
    await lane.dispose();
    expect(lane.together).toBe(0);
  });

  test("each get at least their half, whatever their steps take", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }),
        async (first, second) => {
          const sum = (steps: readonly number[]): number => steps.reduce((total, ms) => total + ms, 0);
          const start = createManualClock().nowMs();
          const ended = await run([
            { document: "a", stepMs: first },
            { document: "b", stepMs: second },
          ]);
          const slack = 2 * (40 + 60);
          expect((ended.get("a") ?? 0) - start).toBeLessThanOrEqual(2 * sum(first) + slack);
          expect((ended.get("b") ?? 0) - start).toBeLessThanOrEqual(2 * sum(second) + slack);
        },
      ),
    );
  });
});

test("lets nobody wait for ever: each task gets a step within a bounded number of others' steps", async () => {
  const arrival = fc.record({
    document: fc.constantFrom("a", "b", "c", "d"),
    requestClass: fc.constantFrom<RequestClass[]>("typing", "explicit", "warming", "background"),
    steps: fc.integer({ min: 1, max: 40 }),
    kind: fc.constantFrom<StepKind[]>("token", "slice"),
    /** Steps of the whole lane before the next one arrives. */
    gap: fc.integer({ min: 0, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { minLength: 1, maxLength: 40 }), async (arrivals) => {
      const lane = createLane({ clock: createManualClock() });
      let ran = 0;
      let worst = 0;
      const all: Promise<unknown>[] = [];
      for (const { document, gap, kind, requestClass, steps } of arrivals) {
        let since = ran;
        let isOver = false;
        const look = (): void => {
          if (!isOver) worst = Math.max(worst, ran - since);
        };
        all.push(
          lane
            .submit({
              document,
              requestClass,
              signal: new AbortController().signal,
              async *start() {
                for (let step = 0; step < steps; step += 1) {
                  look();
                  ran += 1;
                  since = ran;
                  await Promise.resolve();
                  yield kind;
                }
              },
            })
            .then(() => {
              isOver = true;
            }),
        );
        const goal = ran + gap;
        for (let turn = 0; turn < 50 && ran < goal && lane.length > 0; turn += 1) await Promise.resolve();
      }
      await Promise.all(all);
      // At most one task of each of four documents and classes waits; each of them may be more patient.
      expect(worst).toBeLessThanOrEqual(PATIENCE_STEPS + 16 * IN_TURN);
    }),
    { numRuns: 200 },
  );
});

type Action =
  | {
      readonly kind: "submit";
      readonly document: string;
      readonly requestClass: RequestClass;
      readonly steps: number;
      readonly stepKind: StepKind;
      readonly fails: boolean;
    }
  | { readonly kind: "cancel"; readonly index: number }
  | { readonly kind: "close"; readonly document: string }
  | { readonly kind: "turn" };

const documents = fc.constantFrom("a", "b", "c");
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("submit" as const),
      document: documents,
      requestClass: fc.constantFrom<RequestClass[]>("typing", "explicit", "warming", "background"),
      steps: fc.integer({ min: 0, max: 6 }),
      stepKind: fc.constantFrom<StepKind[]>("token", "slice"),
      fails: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cancel" as const), index: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("close" as const), document: documents }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("turn" as const) }) },
);

test("gives every request exactly one outcome, whatever arrives and is cancelled", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
      const lane: Lane = createLane({ clock: systemClock });
      const trace = newTrace();
      const outcomes: number[] = [];
      const cancels: AbortController[] = [];
      const alive = new Map<string, number>();
      let mostAlive = 0;
      const all: Promise<void>[] = [];
      for (const one of actions) {
        if (one.kind === "turn") await new Promise((resolve) => setImmediate(resolve));
        else if (one.kind === "cancel") cancels[one.index]?.abort();
        else if (one.kind === "close") lane.cancel(one.document);
        else {
          const number = cancels.length;
          const cancel = new AbortController();
          const key = `${one.document}/${one.requestClass}`;
          cancels.push(cancel);
          outcomes.push(0);
          alive.set(key, (alive.get(key) ?? 0) + 1);
          const submitted = lane.submit(
            taskOf(String(number), trace, {
              document: one.document,
              requestClass: one.requestClass,
              steps: one.steps,
              kind: one.stepKind,
              signal: cancel.signal,
              async onStep(step) {
                await Promise.resolve();
                if (one.fails && step === 2) throw new Error("failed on purpose");
              },
            }),
          );
          all.push(
            submitted.then((result) => {
              outcomes[number] = (outcomes[number] ?? 0) + 1;
              alive.set(key, (alive.get(key) ?? 0) - 1);
              if (result.ok) expect(result.value).toBe(String(number));
              else if (result.failure.kind === "failed") expect(one.fails).toBe(true);
              else if (result.failure.kind === "cancelled") return;
              else expect(result.failure.kind).toBe("superseded");
            }),
          );
          // The older one of the pair has its outcome already; its promise tells so in the next turn.
          await Promise.resolve();
          await Promise.resolve();
          mostAlive = Math.max(mostAlive, alive.get(key) ?? 0);
        }
      }
      await Promise.all(all);
      expect(outcomes.every((count) => count === 1)).toBe(true);
      expect(mostAlive).toBeLessThanOrEqual(1);
      expect(lane.length).toBe(0);
      // Every task that started had its clean-up, none twice.
      await lane.dispose();
      expect([...trace.ended].sort()).toEqual([...new Set([...trace.ended, ...trace.steps])].sort());
    }),
    { numRuns: 300 },
  );
});
