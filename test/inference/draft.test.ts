// Guesses from text that is there already: what they are, and that they never change an answer.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDraft } from "../../server/inference/decode/draft.ts";
import { createLlamaEngine } from "../../server/inference/engine/in-process/llama-engine.ts";
import { defaultInferenceSettings } from "../../server/inference/index.ts";
import type { Engine, InferenceService } from "../../server/inference/index.ts";
import { createSpeed } from "../../server/inference/sequences/speed.ts";
import { createManualClock, silentLog, systemClock } from "../../server/platform/index.ts";
import { chain } from "../kit/fixture-model.ts";
import {
  complete,
  disposeWith,
  entryFor,
  ready,
  removeFixtures,
  request,
  serviceDeps,
  writeFixture,
} from "./fixture.ts";
import { watchEngine } from "./watched-engine.ts";
import type { WatchedEngine } from "./watched-engine.ts";

const CHEAP = 0.05;

describe("a guess", () => {
  test("is what followed the same tokens in the answer before", () => {
    expect(createDraft([7, 1, 2, 3, 4])([9, 9, 1, 2], CHEAP, 8)).toEqual([3, 4]);
  });

  test("else what followed them in the text, where they stood last", () => {
    const path = [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 7, 8, 1, 2, 3, 4];
    expect(createDraft([])(path, CHEAP, 2)).toEqual([7, 8]);
  });

  test("is shorter where a token costs more, and none where it costs as much as without a guess", () => {
    const path = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4];
    const draft = createDraft([]);
    const lengths = [CHEAP, 0.5, 0.7, 1].map((cost) => draft(path, cost, 100).length);
    expect(lengths).toEqual([8, 4, 2, 0]);
  });

  test("is never longer than wanted, and always stood behind the path's last token", () => {
    const tokens = fc.array(fc.nat(3), { maxLength: 30 });
    fc.assert(
      fc.property(tokens, tokens, fc.nat(9), (former, path, most) => {
        const guess = createDraft(former)(path, CHEAP, most);
        expect(guess.length).toBeLessThanOrEqual(most);
        if (guess.length === 0) return;
        const wanted = [path.at(-1), ...guess].join();
        expect([former, path].some((text) => `,${text.join()},`.includes(`,${wanted},`))).toBe(true);
      }),
    );
  });

  test("fits into a slice with the token before it, by measured speed", () => {
    const speed = createSpeed(512);
    expect(speed.draftTokens(0)).toBe(1);
    for (let call = 0; call < 50; call += 1) {
      speed.recordDecode(8, 0);
      speed.recordDraft(4, 8 + 4 * 4, 0);
    }
    expect(speed.draftTokens(0)).toBe(6);
    // Deep in a prompt a token takes longer, and so do the guesses.
    expect(speed.draftTokens(3400)).toBe(2);
    for (let call = 0; call < 50; call += 1) speed.recordDecode(60, 0);
    expect(speed.draftTokens(0)).toBe(1);
  });

  test("stays short of a slice where guesses seemed to cost nothing for a moment", () => {
    const speed = createSpeed(512);
    speed.recordDecode(20, 0);
    for (let call = 0; call < 50; call += 1) speed.recordDraft(8, 20, 0);
    // Ten milliseconds are left: as many guesses as there would be at a tenth of a token's time each.
    expect(speed.draftTokens(0)).toBe(5);
  });

  test("costs at most so much that good ones are tried again after a bad moment", () => {
    const speed = createSpeed(512);
    speed.recordDecode(10, 0);
    for (let call = 0; call < 50; call += 1) speed.recordDraft(4, 900, 0);
    const path = [1, 2, 3, 4, 5, 6, 1, 2, 3, 4];
    expect(createDraft([])(path, speed.draftCost(), 8)).not.toEqual([]);
    for (let call = 0; call < 50; call += 1) speed.recordDraft(4, 12, 0);
    expect(speed.draftCost()).toBeCloseTo(0.05, 2);
  });
});

describe("an answer", () => {
  let watched: WatchedEngine;
  let guessing: InferenceService;
  let plain: InferenceService;

  // Time stands still: a guess always costs next to nothing, however busy the machine is.
  const clock = createManualClock();

  const start = async (engine: Engine, drafts: boolean): Promise<InferenceService> => {
    const file = writeFixture({ next: [...chain("=", "a", "b", "c", "d", "e", "f", "g", "h", "\n")] });
    return ready(
      serviceDeps(file, engine, {
        candidates: () => Promise.resolve([entryFor()]),
        clock,
        settings: { ...defaultInferenceSettings, parts: { drafts } },
      }),
    );
  };

  beforeAll(async () => {
    const engine = createLlamaEngine({ log: silentLog, clock: systemClock, gpu: "off" });
    watched = watchEngine(engine);
    guessing = await start(watched, true);
    plain = await start(engine, false);
  });

  afterAll(async () => {
    await Promise.all([disposeWith(clock, guessing), disposeWith(clock, plain)]);
    removeFixtures();
  });

  test("takes fewer calls where its text stood before, and is the same", async () => {
    const place = request("=abcdefgh\nx =", { document: "right" });
    watched.calls.length = 0;
    const guessed = await complete(guessing, place);
    const calls = watched.calls.filter(({ kind }) => kind === "decode").length;
    const unguessed = await complete(plain, place);
    expect(guessed.text).toBe("abcdefgh");
    expect(guessed.text).toBe(unguessed.text);
    expect(guessed.tokens).toMatchObject({
      evaluated: unguessed.tokens.evaluated,
      generated: unguessed.tokens.generated,
    });
    expect(guessed.tokens.confirmed).toBeGreaterThan(0);
    expect(calls).toBe(unguessed.tokens.generated - (guessed.tokens.confirmed ?? 0));
    expect(unguessed.tokens.drafted).toBe(0);
  });

  test("is the same where another text stood before, and what was guessed wrong is not held", async () => {
    const place = request("=abcdxyz\n=abcdxyz\nx =", { document: "wrong" });
    const guessed = await complete(guessing, place);
    expect(guessed.text).toBe("abcdefgh");
    expect(guessed.tokens.drafted).toBeGreaterThan(guessed.tokens.confirmed ?? 0);
    const again = await complete(guessing, place);
    expect(again).toMatchObject({ text: "abcdefgh", tokens: { evaluated: 0, drafted: 0 } });
  });

  test("is said again after a line that changed above it, in fewer calls", async () => {
    const before = "1 = 2\nx =";
    await complete(guessing, request(before, { document: "again" }));
    const { tokens, text } = await complete(guessing, request(`9${before}`, { document: "again" }));
    expect(text).toBe("abcdefgh");
    expect(tokens.confirmed).toBeGreaterThan(0);
  });
});
