// Input that breaks assumptions: tiny contexts, rare characters, halves of characters, bursts. One answer per request, always.
import { afterAll, describe, expect, test } from "vitest";
import type { InferenceService } from "../../server/inference/index.ts";
import { chain, END, FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX } from "../kit/fixture-model.ts";
import {
  complete,
  entryFor,
  ready,
  removeFixtures,
  request,
  serviceDeps,
  startEngine,
  untilIdle,
  writeFixture,
} from "./fixture.ts";

const services: InferenceService[] = [];
const NEXT = [...chain("(", "a", ")", "\n"), [FIM_MIDDLE, "a"]] as const;

async function start(contextTokens: number, promptFormat = "qwen"): Promise<InferenceService> {
  const engine = startEngine();
  const service = await ready(
    serviceDeps(writeFixture({ next: NEXT }), engine, {
      candidates: () => Promise.resolve([entryFor({ contextTokens, promptFormat })]),
    }),
  );
  services.push(service);
  return service;
}

afterAll(async () => {
  await Promise.all(services.map((service) => service.dispose()));
  removeFixtures();
});

describe.each(["qwen", "prefix-only"])("a context smaller than everything, with the layout %s", (format) => {
  test("answers, whatever is long", async () => {
    const service = await start(256, format);
    expect(service.status().contextTokens).toBe(256);
    const long = "x = y + 1\n".repeat(300);
    const rare = "漢字".repeat(800);
    const path = "漢字/".repeat(100);
    const places = [
      [long, long],
      [rare, rare],
      [`${long}${rare}`, ""],
      ["a".repeat(5000), "b".repeat(5000)],
      [`${long}f(`, `)\n${long}`],
      ["😀".repeat(500), "\n"],
      [" ".repeat(3000), "\t".repeat(3000)],
    ] as const;
    for (const [before, after] of places) {
      const wanted = request(before, { after, path, maxTokens: 500, shape: "block" });
      const { tokens } = await complete(service, wanted);
      expect(tokens.evaluated + tokens.generated).toBeLessThanOrEqual(2 * 256);
      // The same again comes from the same state: nothing was shifted out behind our back.
      const again = await complete(service, wanted);
      expect(again.tokens.evaluated).toBe(0);
    }
    expect((await complete(service, request("f(", { document: "after all" }))).text).toBe("a)");
  });
});

describe("strange text at the cursor", () => {
  test("half of a surrogate pair on either side, and text of special tokens everywhere", async () => {
    const service = await start(1024);
    const special = `${FIM_PREFIX}${FIM_SUFFIX}${FIM_MIDDLE}${END}`;
    for (const before of [
      "x = '\ud83d",
      `${special}\n${special}`,
      "\ud83d\n",
      "\ud83d",
      `\0\r\n\r${special}(`,
    ]) {
      const completion = await complete(service, request(before, { after: `\ude00'\n${special}` }));
      expect(completion.text).not.toContain("\uFFFD");
      expect(completion.text).not.toContain(FIM_MIDDLE);
    }
    expect((await complete(service, request("f(", { document: "after all" }))).text).toBe("a)");
  });
});

test("a hundred keys at once and a storm of undo: one outcome each, the last one answered", async () => {
  const service = await start(1024);
  const text = "value = call(argument)\n".repeat(10);
  let outcomes = 0;
  const all = Array.from({ length: 100 }, async (_, key) => {
    const end = key % 2 === 0 ? text.length - (key % 60) : 20 + key;
    const result = await service.complete(
      request(text.slice(0, end), { after: text.slice(end), maxTokens: 4 }),
      new AbortController().signal,
    );
    outcomes += 1;
    return result;
  });
  service.warm(request(text));
  const results = await Promise.all(all);
  expect(outcomes).toBe(100);
  expect(results.at(-1)?.ok).toBe(true);
  for (const result of results.slice(0, -1)) {
    if (!result.ok) expect(result.failure.kind).toBe("superseded");
  }
  await untilIdle(service);
  expect((await complete(service, request("f("))).text).toBe("a)");
});
