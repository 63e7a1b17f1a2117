// The thread count follows what the machine leaves free, and slices follow the measured speed.
import { expect, test } from "vitest";
import { createBudget } from "../../server/inference/prompt/budget.ts";
import { createSpeed } from "../../server/inference/sequences/speed.ts";
import { createThreads } from "../../server/inference/threads.ts";
import { createMachine, createManualClock, createManualMachine } from "../../server/platform/index.ts";

const setUp = (cores: number, fixed?: number) => {
  const clock = createManualClock();
  const machine = createManualMachine(cores);
  const threads = createThreads({ clock, machine, fixed });
  /** A second in which we keep `own` cores busy and others `others`. */
  const pass = (own: number, others: number): number => {
    clock.advance(1000);
    machine.spend(own * 1000, others * 1000);
    return threads.choose("prefill");
  };
  /** A call of so many milliseconds in which others computed for `others` of them. */
  const call = (kind: "decode" | "prefill", tokens: number, ms: number, others: number): void => {
    clock.advance(ms);
    machine.spend(ms, others);
    threads.record(kind, tokens, ms);
  };
  return { clock, threads, pass, call };
};

test.each([
  [1, 1],
  [2, 2],
  [4, 4],
  [64, 8],
])("on %i cores it starts with %i threads", (cores, expected) => {
  expect(setUp(cores).threads.choose("prefill")).toBe(expected);
});

test("leaves the cores to others that they use, and takes them back", () => {
  const { pass } = setUp(8);
  for (let second = 0; second < 6; second += 1) pass(4, 5);
  expect(pass(4, 5)).toBe(3);
  for (let second = 0; second < 6; second += 1) pass(1, 8);
  expect(pass(1, 8)).toBe(1);
  for (let second = 0; second < 8; second += 1) pass(8, 0);
  expect(pass(8, 0)).toBe(8);
});

test("on two cores one thread beside a busy process, two again when it has ended", () => {
  const { pass } = setUp(2);
  expect(pass(2, 0)).toBe(2);
  // The process shows in the load after a second at the latest.
  expect(pass(1, 1)).toBe(1);
  for (let second = 0; second < 5; second += 1) expect(pass(1, 1)).toBe(1);
  for (let second = 0; second < 3; second += 1) pass(1, 0);
  expect(pass(1, 0)).toBe(2);
});

test.each(["decode", "prefill"] as const)("drops to one thread at the first %s that collides", (kind) => {
  const { clock, threads, pass, call } = setUp(4);
  expect(pass(4, 0)).toBe(4);
  const tokens = kind === "decode" ? 1 : 32;
  for (let round = 0; round < 10; round += 1) {
    threads.choose(kind);
    call(kind, tokens, 20, 0);
  }
  threads.choose(kind);
  call(kind, tokens, 180, 100);
  expect(threads.choose(kind)).toBe(1);
  clock.advance(501);
  expect(threads.choose("prefill")).toBe(4);
  // It collides again: the pause doubles.
  call(kind, tokens, 180, 100);
  clock.advance(501);
  expect(threads.choose("prefill")).toBe(1);
  clock.advance(501);
  expect(threads.choose("prefill")).toBe(4);
});

test("a call that is slow although nobody else computed counts only when the next one is slow as well", () => {
  const { threads, pass, call } = setUp(4);
  pass(4, 0);
  const decode = (ms: number): void => {
    threads.choose("decode");
    call("decode", 1, ms, 0);
  };
  for (const ms of [10, 10, 90, 10, 95, 10, 10, 90]) {
    decode(ms);
    expect(threads.choose("prefill")).toBe(4);
  }
  decode(90);
  expect(threads.choose("prefill")).toBe(1);
});

test("a deeper context is no collision", () => {
  const { threads, pass } = setUp(4);
  pass(4, 0);
  for (const ms of [10, 10, 11, 12, 20, 22, 24, 26]) {
    threads.choose("decode");
    threads.record("decode", 1, ms);
    expect(threads.choose("prefill")).toBe(4);
  }
});

test.each([
  [4, 10, 8, 3],
  [4, 8, 10, 4],
  [2, 8, 12, 2],
])(
  "on %i cores that decode in %d ms, on one less in %d ms, it decodes with %i",
  (cores, all, less, expected) => {
    const { threads } = setUp(cores);
    for (let token = 0; token < 100; token += 1) {
      const chosen = threads.choose("decode");
      threads.record("decode", 1, chosen === cores ? all : less);
    }
    expect(threads.choose("decode")).toBe(expected);
    expect(threads.choose("prefill")).toBe(cores);
  },
);

test("one token for which the machine stood still does not decide how many threads decode", () => {
  const { threads } = setUp(4);
  let onAll = 0;
  for (let token = 0; token < 100; token += 1) {
    const isAll = threads.choose("decode") === 4;
    onAll += isAll ? 1 : 0;
    // Once while both numbers are tried, too short to look like a collision: the sum of all would be against it.
    threads.record("decode", 1, !isAll ? 9 : onAll === 30 ? 23 : 8);
  }
  expect(threads.choose("decode")).toBe(4);
});

test("a number from the settings holds whatever happens", () => {
  const { pass, threads } = setUp(8, 5);
  pass(5, 8);
  expect(pass(5, 8)).toBe(5);
  for (let token = 0; token < 5; token += 1) threads.record("decode", 1, token < 2 ? 10 : 500);
  expect(threads.choose("prefill")).toBe(5);
});

test("slices are what the machine evaluates in about 30 ms, within the batch", () => {
  const speed = createSpeed(128);
  expect(speed.sliceTokens()).toBe(4);
  // Reading the weights from disk is not the machine's speed.
  speed.recordPrefill(8, 20_000);
  expect(speed.sliceTokens()).toBe(4);
  for (let slice = 0; slice < 20; slice += 1) speed.recordPrefill(4, 100);
  expect(speed.sliceTokens()).toBe(4);
  for (let slice = 0; slice < 20; slice += 1) speed.recordPrefill(32, 160);
  expect(speed.sliceTokens()).toBe(6);
  for (let slice = 0; slice < 30; slice += 1) speed.recordPrefill(32, 32);
  expect(speed.sliceTokens()).toBe(30);
  // One that took twice as long makes the next one shorter by more than its share; a quick one is believed slowly.
  speed.recordPrefill(32, 64);
  expect(speed.sliceTokens()).toBe(19);
  speed.recordPrefill(32, 16);
  expect(speed.sliceTokens()).toBe(24);
  for (let slice = 0; slice < 30; slice += 1) speed.recordPrefill(128, 13);
  expect(speed.sliceTokens()).toBe(128);
  expect(speed.prefillPerSecond()).toBeGreaterThan(5000);
});

test("the prompt's budget follows prompt speed and answer speed, and noise does not move it", () => {
  let [perSecond, decodeMs] = [0, 0];
  const budget = createBudget({ prefillPerSecond: () => perSecond, decodeMsAt: () => decodeMs }, 4096);
  expect(budget.tokens()).toBe(512);
  [perSecond, decodeMs] = [330, 10];
  expect(budget.tokens()).toBe(512);
  // 768 tokens would just fit into 2.5 s: not enough to move.
  perSecond = 320;
  expect(budget.tokens()).toBe(512);
  perSecond = 500;
  expect(budget.tokens()).toBe(768);
  for (const noisy of [260, 450, 290, 380]) {
    perSecond = noisy;
    expect(budget.tokens()).toBe(768);
  }
  perSecond = 160;
  expect(budget.tokens()).toBe(384);
  [perSecond, decodeMs] = [5000, 10];
  expect(budget.tokens()).toBe(4096);
  // A large model that decodes slowly reads little, however fast it could read.
  decodeMs = 60;
  expect(budget.tokens()).toBe(256);
});

test("the real machine has a core, memory and a clock that runs", () => {
  const machine = createMachine();
  expect(machine.cores).toBeGreaterThanOrEqual(1);
  expect(machine.freeMemoryBytes()).toBeGreaterThan(0);
  const { busyMs, ownMs } = machine.cpuTime();
  expect(busyMs).toBeGreaterThan(0);
  expect(ownMs).toBeGreaterThan(0);
  expect(machine.isAlive(machine.processId)).toBe(true);
  expect(machine.isAlive(2 ** 22 + 1)).toBe(false);
});
