// What a request may ask for beside one line: blocks, names scored on the way, progress, and parts that are switched off.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InferenceParts, InferenceService, ModelProgress } from "../../server/inference/index.ts";
import { defaultInferenceSettings } from "../../server/inference/index.ts";
import { chain, END, FIM_MIDDLE } from "../kit/fixture-model.ts";
import type { FixtureModel } from "../kit/fixture-model.ts";
import {
  complete,
  entryFor,
  ready,
  removeFixtures,
  request,
  serviceDeps,
  startEngine,
  writeFixture,
} from "./fixture.ts";
import { watchEngine } from "./watched-engine.ts";
import type { WatchedEngine } from "./watched-engine.ts";

const MODEL: FixtureModel = {
  words: [" one", " two", " three", "total", "Price", "tax", "_rate", "item", "again", "loop", "weak"],
  next: [
    ...chain("{", "\n", " one", " two", ";", "\u0001", "\n"),
    // Two names begin after a dot, one of them likelier.
    [".", "total"],
    [".", "tax"],
    ...chain("total", "Price", "(", END),
    // The same line again and again.
    ...chain("@", "\r", "again", "?", "!", "loop", "-", "+", "*", "/", "\n", "\r"),
  ],
};

let service: InferenceService;
let engine: WatchedEngine;
const started: InferenceService[] = [];

/** Each service has an engine of its own: it ends with the service. */
async function start(
  model: FixtureModel,
  promptFormat = "prefix-only",
  parts: Partial<InferenceParts> = {},
): Promise<InferenceService> {
  engine = watchEngine(startEngine());
  const next = await ready(
    serviceDeps(writeFixture(model), engine, {
      candidates: () => Promise.resolve([entryFor({ promptFormat })]),
      settings: {
        ...defaultInferenceSettings,
        parts,
      },
    }),
  );
  started.push(next);
  return next;
}

beforeAll(async () => {
  service = await start(MODEL);
});

afterAll(async () => {
  await Promise.all(started.map((one) => one.dispose()));
  removeFixtures();
});

describe("a block", () => {
  test("goes on over line ends until its end is found, and is cut there", async () => {
    const asked: string[] = [];
    const completion = await complete(
      service,
      request("f {", {
        shape: "block",
        findBlockEnd(answer) {
          asked.push(answer);
          const end = answer.indexOf(";");
          return end === -1 ? undefined : end;
        },
      }),
    );
    expect(completion).toMatchObject({ text: "\n one two", stop: "block-end", isConfident: true });
    expect(completion.pieces.map(({ text }) => text)).toEqual(["\n", " one", " two"]);
    expect(asked).toEqual(["\n", "\n one", "\n one two", "\n one two;"]);
  });

  test("ends at the limit of tokens when nobody finds its end", async () => {
    const completion = await complete(service, request("f {", { shape: "block", maxTokens: 3 }));
    expect(completion).toMatchObject({ text: "\n one two", stop: "token-limit", tokens: { generated: 3 } });
  });

  test("ends when it repeats whole lines, and keeps one of them", async () => {
    const completion = await complete(service, request("f @", { shape: "block", maxTokens: 40 }));
    expect(completion).toMatchObject({ stop: "repetition", isConfident: false });
    expect(completion.text.match(/again/g)).toHaveLength(1);
  });

  test("a caller that throws does no harm", async () => {
    const completion = await complete(
      service,
      request("f {", {
        shape: "block",
        maxTokens: 3,
        findBlockEnd: () => {
          throw new Error("a bug of the caller");
        },
        onProgress: () => {
          throw new Error("another one");
        },
      }),
    );
    expect(completion.text).toBe("\n one two");
  });
});

describe("progress", () => {
  test("tells the text after every token, with its pieces", async () => {
    const told: ModelProgress[] = [];
    const completion = await complete(
      service,
      request("x.", { document: "progress", onProgress: (progress) => told.push(progress) }),
    );
    expect(completion.text).toBe("totalPrice(");
    expect(told.map(({ text }) => text)).toEqual(["total", "totalPrice", "totalPrice("]);
    for (const { pieces, text } of told) expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  });

  test("is not told after the outcome", async () => {
    const cancel = new AbortController();
    let calls = 0;
    let isOver = false;
    const result = service.complete(
      request("y.", {
        document: "late",
        onProgress() {
          expect(isOver).toBe(false);
          calls += 1;
          cancel.abort();
        },
      }),
      cancel.signal,
    );
    expect(await result).toEqual({ ok: false, failure: { kind: "cancelled" } });
    isOver = true;
    await complete(service, request("y.", { document: "after" }));
    expect(calls).toBe(1);
  });
});

describe("names", () => {
  // The fixture's tokeniser knows single letters only, so each name is one letter here.
  test("are scored from the candidates, the likelier first, and cost no native call", async () => {
    const next = [[".", "a"], [".", "b"], ...chain("a", "(", END)] as const;
    const named = await start({ next });
    // The slices of the first requests are small: nothing is known of the speed.
    await complete(named, request("x.", { document: "first" }));
    await complete(named, request("x.", { document: "second" }));
    engine.calls.length = 0;
    const plain = await complete(named, request("x.", { document: "plain" }));
    const cost = engine.calls.length;
    engine.calls.length = 0;
    const { names, text } = await complete(
      named,
      request("x.", { document: "named", names: ["b", "a", "", "a"] }),
    );
    expect(engine.calls).toHaveLength(cost);
    expect(text).toBe(plain.text);
    expect(names.map(({ name }) => name)).toEqual(["a", "b"]);
    const [a, b] = names.map(({ logProbability }) => Math.exp(logProbability));
    // Logits 12 and 9, of about 260 tokens.
    expect(a).toBeGreaterThan(0.9);
    expect(b).toBeCloseTo(0.047, 1);
    expect((a ?? 0) / (b ?? 1)).toBeGreaterThan(10);
  });

  test("that the typed part contradicts are not scored; the typed part is repeated first", async () => {
    const next = [...chain("=", " ", "a", "b", "\n"), ["a", "c"]] as const;
    const named = await start({ next });
    const { names } = await complete(named, request("x = a", { names: ["ab", "ac", "b", "a"] }));
    expect(names.map(({ name }) => name)).toEqual(["ab", "ac", "a"]);
    // A name that goes on as a longer word is not that name.
    expect(names.at(-1)?.logProbability).toBeLessThan(Math.log(0.1));
  });
});

describe("a part that is switched off", () => {
  const model: FixtureModel = {
    words: ["calculate"],
    next: [...chain("(", "calculate", ")", "\n"), [FIM_MIDDLE, "calculate"]],
  };

  test("healing: the half word stays in the prompt", async () => {
    const unhealed = await start(model, "prefix-only", { healing: false });
    const completion = await complete(unhealed, request("f(cal"));
    expect(completion.text).not.toBe("culate)");
  });

  test("reuse: every request evaluates the whole prompt", async () => {
    const cold = await start(model, "prefix-only", { reuse: false });
    const first = await complete(cold, request("first = 1\nf("));
    const again = await complete(cold, request("first = 1\nf("));
    expect(first.tokens.evaluated).toBeGreaterThan(10);
    expect(again.tokens).toMatchObject({ evaluated: first.tokens.evaluated, reused: 0 });
    expect(again.text).toBe("calculate)");
  });

  test("anchor: a typed character costs the suffix", async () => {
    const after = ")\nsome = more\nthat = follows\n";
    const costs: number[] = [];
    for (const anchor of [true, false]) {
      const asked = await start(model, "qwen", { anchor });
      await complete(asked, request("x = 1\nf(", { after }));
      const { tokens } = await complete(asked, request("x = 1\nf((", { after }));
      costs.push(tokens.evaluated);
    }
    expect(costs[0]).toBeLessThanOrEqual(2);
    expect(costs[1]).toBeGreaterThan(after.length);
  });
});
