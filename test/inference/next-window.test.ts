// Writing on in a file that is longer than the model's window: the next window is read while nobody waits for it.
import { afterAll, expect, test } from "vitest";
import { createLlamaEngine } from "../../server/inference/engine/in-process/llama-engine.ts";
import type { InferenceService } from "../../server/inference/index.ts";
import { silentLog, systemClock } from "../../server/platform/index.ts";
import { chain } from "../kit/fixture-model.ts";
import {
  untilIdle,
  complete,
  entryFor,
  ready,
  removeFixtures,
  request,
  serviceDeps,
  writeFixture,
} from "./fixture.ts";

const LINE = "some = other;\n";
const services: InferenceService[] = [];

async function start(): Promise<InferenceService> {
  const engine = createLlamaEngine({ log: silentLog, clock: systemClock, gpu: "off" });
  const file = writeFixture({ next: [...chain("=", "a", "b", "\n"), ...chain("\n", "s")] });
  const candidates = () => Promise.resolve([entryFor({ contextTokens: 1024 })]);
  const service = await ready(serviceDeps(file, engine, { candidates }));
  services.push(service);
  return service;
}

afterAll(async () => {
  await Promise.all(services.map((service) => service.dispose()));
  removeFixtures();
});

/** What Enter costs, line after line, and how many lines were written until the window had to move. */
async function write(
  service: InferenceService,
  lines: number,
  isWarmed: boolean,
): Promise<readonly number[]> {
  const costs: number[] = [];
  let before = LINE.repeat(60);
  for (let line = 0; line < lines; line += 1) {
    before += LINE.replace("some", `name${line % 10}`);
    const place = request(before, { document: "long", after: "\n", maxTokens: 1 });
    const { tokens } = await complete(service, place);
    costs.push(tokens.evaluated);
    if (isWarmed) service.warm(place);
    await untilIdle(service);
  }
  return costs;
}

test("Enter reads the whole window again from time to time, when nobody prepares it", async () => {
  const costs = await write(await start(), 40, false);
  expect(Math.max(...costs.slice(1))).toBeGreaterThan(10 * LINE.length);
});

test("Enter never reads more than the line that was written, when the place is warmed after each", async () => {
  const costs = await write(await start(), 80, true);
  expect(Math.max(...costs.slice(1))).toBeLessThanOrEqual(LINE.length + 4);
});
