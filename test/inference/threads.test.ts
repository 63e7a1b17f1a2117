// The thread count follows what the machine leaves free, and slices follow the measured speed.
import { expect, test } from "vitest";
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
    return threads.choose();
  };
  return { clock, threads, pass };
};

test.each([
  [1, 1],
  [2, 1],
  [4, 3],
  [64, 8],
])("on %i cores it starts with %i threads", (cores, expected) => {
  expect(setUp(cores).threads.choose()).toBe(expected);
});

test("leaves the cores to others that they use, and takes them back", () => {
  const { pass } = setUp(8);
  for (let second = 0; second < 6; second += 1) pass(4, 5);
  expect(pass(4, 5)).toBe(3);
  for (let second = 0; second < 6; second += 1) pass(1, 8);
  expect(pass(1, 8)).toBe(1);
  for (let second = 0; second < 8; second += 1) pass(7, 0);
  expect(pass(7, 0)).toBe(7);
});

test("drops to one thread when decoding collapses, and tries again later", () => {
  const { clock, threads, pass } = setUp(4);
  expect(pass(3, 0)).toBe(3);
  for (let token = 0; token < 10; token += 1) threads.recordDecode(10);
  for (let token = 0; token < 3; token += 1) threads.recordDecode(90);
  expect(threads.choose()).toBe(1);
  clock.advance(5001);
  expect(threads.choose()).toBe(3);
});

test("one slow token is no collapse", () => {
  const { threads, pass } = setUp(4);
  pass(3, 0);
  for (const ms of [10, 10, 90, 10, 90, 90, 10]) threads.recordDecode(ms);
  expect(threads.choose()).toBe(3);
});

test("a number from the settings holds whatever happens", () => {
  const { pass, threads } = setUp(8, 5);
  pass(5, 8);
  expect(pass(5, 8)).toBe(5);
  for (let token = 0; token < 5; token += 1) threads.recordDecode(token < 2 ? 10 : 500);
  expect(threads.choose()).toBe(5);
});

test("slices are what the machine evaluates in about 45 ms, within the batch", () => {
  const speed = createSpeed(128);
  expect(speed.sliceTokens()).toBe(32);
  // Reading the weights from disk is not the machine's speed.
  speed.recordPrefill(32, 20_000);
  expect(speed.sliceTokens()).toBe(32);
  for (let slice = 0; slice < 20; slice += 1) speed.recordPrefill(32, 160);
  expect(speed.sliceTokens()).toBe(9);
  for (let slice = 0; slice < 30; slice += 1) speed.recordPrefill(32, 32);
  expect(speed.sliceTokens()).toBe(45);
  for (let slice = 0; slice < 30; slice += 1) speed.recordPrefill(128, 13);
  expect(speed.sliceTokens()).toBe(128);
  expect(speed.prefillPerSecond()).toBeGreaterThan(5000);
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
