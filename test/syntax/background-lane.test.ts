// Background work of the syntax room beside somebody's messages: it stands back, and not for ever.
import { expect, it } from "vitest";
import { createBugRecorder, createForeground } from "../../server/kernel/index.ts";
import { createManualClock, systemClock } from "../../server/platform/index.ts";
import type { Clock } from "../../server/platform/index.ts";
import { createBackgroundLane } from "../../server/syntax/background-lane.ts";

const start = () => {
  const manual = createManualClock();
  const clock: Clock = { ...manual, yieldTurn: () => systemClock.yieldTurn() };
  const foreground = createForeground();
  const lane = createBackgroundLane({ clock, bugs: createBugRecorder(), sliceMs: 8, foreground });
  let slices = 0;
  lane.add(() => {
    slices += 1;
    return false;
  }, "normal");
  const turns = async (count: number): Promise<number> => {
    const before = slices;
    for (let turn = 0; turn < count; turn += 1) await systemClock.yieldTurn();
    return slices - before;
  };
  return { lane, foreground, manual, turns };
};

it("has a slice in each turn while nobody waits, and none while a message does", async () => {
  const { foreground, lane, turns } = start();
  expect(await turns(10)).toBeGreaterThanOrEqual(9);
  const [first, second] = [foreground.arrive(), foreground.arrive()];
  // The turn that had begun.
  await turns(1);
  expect(await turns(20)).toBe(0);
  first();
  first();
  expect(await turns(20)).toBe(0);
  second();
  expect(await turns(10)).toBeGreaterThanOrEqual(8);
  lane.dispose();
});

it("goes on all the same when a message waits for ever", async () => {
  const { foreground, lane, manual, turns } = start();
  foreground.arrive();
  await turns(1);
  expect(await turns(20)).toBe(0);
  manual.advance(101);
  expect(await turns(3)).toBe(1);
  lane.dispose();
});
