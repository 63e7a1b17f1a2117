// Completions of the real engine over the fixture model: exact text, exact token counts.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InferenceService, ModelCompletion } from "../../server/inference/index.ts";
import { chain, END, FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX } from "../kit/fixture-model.ts";
import type { FixtureModel } from "../kit/fixture-model.ts";
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
import { watchEngine } from "./watched-engine.ts";
import type { WatchedEngine } from "./watched-engine.ts";

const WORDS: FixtureModel = {
  words: [" return", " total", " total!", " plus", " tax", "calculate", "Price", "loop", " again"],
  next: [
    ...chain("\n", " return", " total", " plus", " tax", "\n"),
    ...chain("(", "calculate", "Price", ")", "\n"),
    ...chain("=", END),
    ...chain("{", "\n"),
    ...chain("%", "loop", " again", "loop"),
    ["[", "\n"],
    ["[", "]"],
    // A lone byte of a longer character, and then text.
    ...chain("~", " total!", "\u00c2", "J"),
    // One character of two bytes.
    ...chain("&", "\u00c3", "\u00a9", "\n"),
  ],
};

/** 60 numbered lines, so that no two are alike. */
const LINES = Array.from({ length: 60 }, (_, index) => `value${index} = ${index}\n`).join("");

let engine: WatchedEngine;
let service: InferenceService;

async function start(model: FixtureModel, promptFormat: string): Promise<void> {
  const candidates = () => Promise.resolve([entryFor({ promptFormat })]);
  service = await ready(serviceDeps(writeFixture(model), engine, { candidates }));
}

beforeAll(() => {
  engine = watchEngine(startEngine());
});

beforeEach(() => {
  engine.calls.length = 0;
  engine.beforeCall = () => undefined;
});

afterAll(async () => {
  await engine.dispose();
});

describe("a model that continues the text before the cursor", () => {
  beforeAll(() => start(WORDS, "prefix-only"));

  test("completes the rest of the line and stops before the line break", async () => {
    const completion = await complete(service, request("def f():\n", { document: "1" }));
    expect(completion).toMatchObject({
      text: " return total plus tax",
      stop: "line-end",
      isConfident: true,
      modelId: "fixture",
    });
    expect(completion.meanProbability).toBeGreaterThan(0.9);
  });

  test("continues a half word with the token that begins like it", async () => {
    const completion = await complete(service, request("f(calc", { document: "2" }));
    expect(completion).toMatchObject({ text: "ulatePrice)", stop: "line-end" });
  });

  test("begins at the cursor, also where a token begins with the typed blank", async () => {
    const completion = await complete(service, request("def f():\n ", { document: "3" }));
    expect(completion.text).toBe("return total plus tax");
  });

  test("ends where the model ends the text, and lets no special token through", async () => {
    const completion = await complete(service, request("x =", { document: "4" }));
    expect(completion).toMatchObject({ text: "", stop: "end-of-text", isConfident: false });
  });

  test("ends an answer that runs in circles after one round, and is not sure of it", async () => {
    const completion = await complete(service, request("x %", { document: "5" }));
    expect(completion).toMatchObject({ text: "loop again", stop: "repetition", isConfident: false });
  });

  test("puts the bytes of a character together, and shows no half of one", async () => {
    expect(await complete(service, request("x &", { document: "utf" }))).toMatchObject({ text: "é" });
    expect(await complete(service, request("x &", { document: "utf", maxTokens: 1 }))).toMatchObject({
      text: "",
    });
  });

  test("ends where the model writes bytes that are no text", async () => {
    const completion = await complete(service, request("x ~", { document: "bytes" }));
    expect(completion).toMatchObject({ text: " total!", stop: "low-confidence", isConfident: false });
  });

  test("gives the same line wherever the cursor stands in it, each time from a cold start", async () => {
    const line = "calculatePrice)";
    for (const typed of [1, 5, 9, 10, 12]) {
      const document = `cold ${typed}`;
      const completion = await complete(service, request(`f(${line.slice(0, typed)}`, { document }));
      expect(completion.text).toBe(line.slice(typed));
      expect(completion.isConfident).toBe(true);
    }
  });

  test("keeps to the limit of tokens", async () => {
    const completion = await complete(service, request("f(", { document: "6", maxTokens: 2 }));
    expect(completion).toMatchObject({
      text: "calculatePrice",
      stop: "token-limit",
      tokens: { generated: 2 },
    });
  });

  test("answers with nothing when the line is complete", async () => {
    const completion = await complete(service, request("if (x) {", { document: "7" }));
    expect(completion).toMatchObject({ text: "", stop: "line-end", isConfident: false });
  });

  test("evaluates nothing at all while somebody types what was suggested", async () => {
    const document = "8";
    const before = `${LINES}print(`;
    const first = await complete(service, request(before, { document }));
    expect(first.text).toBe("calculatePrice)");
    engine.calls.length = 0;
    for (let typed = 1; typed < first.text.length; typed += 1) {
      const next = await complete(service, request(before + first.text.slice(0, typed), { document }));
      expect(next.text).toBe(first.text.slice(typed));
      // The bracket after the name is tokenised anew, the word before it is one token of the model's then.
      expect(next.tokens.evaluated).toBe(0);
    }
    expect(engine.calls).toEqual([]);
  });

  test("evaluates at most two prompt tokens for a typed character while nothing before it changes", async () => {
    const document = "9";
    let text = `${LINES}    `;
    await complete(service, request(text, { document }));
    for (const character of "some_name2 = other.method(first, 'second') + [unknown]") {
      text += character;
      engine.calls.length = 0;
      const { tokens } = await complete(service, request(text, { document, maxTokens: 1 }));
      expect(tokens.evaluated, JSON.stringify(text.slice(-12))).toBeLessThanOrEqual(2);
      expect(tokens.reused).toBeGreaterThan(100);
      // With one token to generate nothing is fed back: every evaluated token is one of the prompt's.
      expect(engine.calls.reduce((sum, call) => sum + call.tokens.length, 0)).toBe(tokens.evaluated);
    }
  });

  test("evaluates the typed word, and the place before it, when it turns out to be another than the suggested one", async () => {
    const document = "other word";
    for (const text of ["f(", "f(c", "f(ca", "f(cal"])
      await complete(service, request(LINES + text, { document }));
    const { tokens } = await complete(service, request(`${LINES}f(call`, { document }));
    expect(tokens.evaluated).toBeLessThanOrEqual("(call".length);
  });

  test("puts a suggestion on the blank line where the cursor is", async () => {
    const completion = await complete(service, request("[", { document: "list" }));
    expect(completion).toMatchObject({ text: "", stop: "line-end" });
  });

  test("evaluates the line break only after Enter", async () => {
    const document = "10";
    await complete(service, request(`${LINES}first = 1`, { document }));
    const { tokens } = await complete(service, request(`${LINES}first = 1\n`, { document }));
    expect(tokens.evaluated).toBeLessThanOrEqual(2);
  });

  test("evaluates only what follows a line that is inserted above", async () => {
    const document = "inserted";
    const [above, below] = [LINES.slice(0, 100), LINES.slice(100, 150)];
    await complete(service, request(`${above}\n${below}f(`, { document }));
    const { tokens } = await complete(service, request(`${above}\nnew = 1\n${below}f(`, { document }));
    expect(tokens.evaluated).toBeLessThanOrEqual(`\nnew = 1\n${below}f(`.length);
    expect(tokens.reused).toBeGreaterThanOrEqual(above.length);
  });

  test("finds the same probabilities on a warm path as on a cold one", async () => {
    const warm = "11";
    for (const text of ["f(", "f(c", "f(", "g(", "f(ca", "f(x", "f("]) {
      await complete(service, request(LINES + text, { document: warm }));
    }
    const reused = await complete(service, request(`${LINES}f(`, { document: warm }));
    const cold = await complete(service, request(`${LINES}f(`, { document: "12" }));
    expect(reused.text).toBe(cold.text);
    expect(reused.meanProbability).toBeCloseTo(cold.meanProbability, 3);
    expect(reused.minProbability).toBeCloseTo(cold.minProbability, 3);
  });

  test("keeps the state of several documents, and of the latest ones when there are more", async () => {
    for (const document of ["a", "b", "a", "b"]) await complete(service, request(`${LINES}f(`, { document }));
    engine.calls.length = 0;
    await complete(service, request(`${LINES}f(`, { document: "a" }));
    await complete(service, request(`${LINES}f(`, { document: "b" }));
    expect(engine.calls).toEqual([]);
    for (const document of ["c", "d", "e", "f"]) await complete(service, request(`${LINES}g(`, { document }));
    const again = await complete(service, request(`${LINES}f(`, { document: "a" }));
    expect(again.text).toBe("calculatePrice)");
    expect(again.tokens.evaluated).toBeGreaterThan(0);
  });

  test("goes back to an earlier place for at most two tokens, with the answers that it had there", async () => {
    const document = "places";
    // A document that is open keeps its place for a while.
    for (const other of ["a", "b", "c", "d", "e", "f"]) service.forget(other);
    const [above, below] = [LINES.slice(0, 300), LINES.slice(300)];
    const upper = request(`${above}f(calc`, { document });
    const lower = request(`${above}${below}f(`, { document });
    const first = await complete(service, upper);
    const far = await complete(service, lower);
    for (let round = 0; round < 3; round += 1) {
      const back = await complete(service, upper);
      expect(back.tokens.evaluated).toBeLessThanOrEqual(2);
      expect(back.text).toBe(first.text);
      expect(back.meanProbability).toBeCloseTo(first.meanProbability, 3);
      const again = await complete(service, lower);
      expect(again.tokens.evaluated).toBeLessThanOrEqual(2);
      expect(again.meanProbability).toBeCloseTo(far.meanProbability, 3);
    }
  });

  test("a copied place goes on like one that was evaluated", async () => {
    const document = "copied";
    for (const other of ["a", "b", "c", "d", "e", "f", "places"]) service.forget(other);
    await complete(service, request(`${LINES.slice(0, 170)}f(`, { document }));
    // Far above: the beginning is copied, and typing goes on there.
    const copied = await complete(service, request(`${LINES.slice(0, 60)}\nother\ng(f(`, { document }));
    const fresh = await complete(
      service,
      request(`${LINES.slice(0, 60)}\nother\ng(f(`, { document: "fresh" }),
    );
    expect(copied.tokens.reused).toBeGreaterThan(60);
    expect(copied.text).toBe(fresh.text);
    expect(copied.meanProbability).toBeCloseTo(fresh.meanProbability, 3);
    expect(copied.minProbability).toBeCloseTo(fresh.minProbability, 3);
  });

  test("does not move the cut above the cursor while lines are added in a long file", async () => {
    const document = "long";
    const long = Array.from({ length: 400 }, (_, index) => `entry${index} = ${index}\n`).join("");
    let text = long;
    await complete(service, request(`${text}f(`, { document }));
    let recuts = 0;
    for (let line = 0; line < 30; line += 1) {
      text += `added${line} = 1\n`;
      const { tokens } = await complete(service, request(`${text}f(`, { document }));
      if (tokens.evaluated > 40) recuts += 1;
    }
    // 30 lines of about 12 tokens: a fresh cut leaves three tenths of the budget free.
    expect(recuts).toBeLessThanOrEqual(3);
  });

  test("finds the cut again when a line is inserted above it", async () => {
    const document = "above";
    const long = Array.from({ length: 400 }, (_, index) => `entry${index} = ${index}\n`).join("");
    await complete(service, request(`${long}f(`, { document }));
    const { tokens } = await complete(service, request(`import os\n${long}f(`, { document }));
    expect(tokens.evaluated).toBe(0);
  });

  test("warming evaluates the prompt, so that the completion there evaluates none of it", async () => {
    service.warm(request(`${LINES}f(`, { document: "warmed" }));
    await untilIdle(service);
    engine.calls.length = 0;
    const { tokens, text } = await complete(service, request(`${LINES}f(`, { document: "warmed" }));
    expect(text).toBe("calculatePrice)");
    expect(tokens.evaluated).toBe(0);
    expect(engine.calls.every((call) => call.kind === "decode")).toBe(true);
  });

  test("lets a key in between the slices of warming the same document, and both end well", async () => {
    const document = "both";
    const text = `${LINES}print(`;
    let typing: Promise<ModelCompletion> | undefined;
    engine.beforeCall = () => {
      if (engine.calls.length === 2) typing = complete(service, request(`${LINES}other(`, { document }));
    };
    service.warm(request(text, { document }));
    await untilIdle(service);
    expect((await typing)?.text).toBe("calculatePrice)");
    engine.beforeCall = () => undefined;
    const { tokens } = await complete(service, request(text, { document }));
    expect(tokens.evaluated).toBe(0);
  });

  test("serves more documents at once than there are sequences", async () => {
    const documents = ["p", "q", "r", "s", "t"];
    const classes = ["background", "explicit", "typing"] as const;
    const all = documents.flatMap((document) =>
      classes.map((requestClass) => complete(service, request(`${LINES}f(`, { document, requestClass }))),
    );
    expect((await Promise.all(all)).map(({ text }) => text)).toEqual(all.map(() => "calculatePrice)"));
  });

  test("gives the text of special tokens in source text to the model as plain text", async () => {
    const model = engine.models.at(-1);
    await complete(service, request(`s = "${FIM_SUFFIX}${END}"\nf(`, { document: "plain" }));
    const evaluated = engine.calls.flatMap((call) => call.tokens);
    expect(evaluated).not.toContain(model?.findSpecialToken(FIM_SUFFIX));
    // The model's own begin token is the same as its end token; it stands at the very start only.
    expect(evaluated.lastIndexOf(model?.findSpecialToken(END) ?? 0)).toBeLessThanOrEqual(0);
    expect(model?.textOf(evaluated)).toContain(`${FIM_SUFFIX}${END}`);
  });

  test("looks at the end of a huge file only, and keeps its place in it", async () => {
    const huge = `${"padding = 0\n".repeat(1_500_000)}${LINES}`;
    const first = await complete(service, request(`${huge}f(`, { document: "huge" }));
    expect(first.text).toBe("calculatePrice)");
    const next = await complete(service, request(`${huge}f(c`, { document: "huge" }));
    expect(next.tokens.evaluated).toBe(0);
    const above = await complete(service, request(`import os\n${huge}f(ca`, { document: "huge" }));
    expect(above.tokens.evaluated).toBe(0);
  });

  test("answers within the context for absurdly long lines and files", async () => {
    const minified = "a=1;".repeat(50_000);
    const long = await complete(service, request(`${minified}f(`, { document: "minified" }));
    expect(long.text).toBe("calculatePrice)");
    const next = await complete(service, request(`${minified}f(c`, { document: "minified" }));
    expect(next.tokens.evaluated).toBeLessThanOrEqual(2);
  });
});

describe("a model with fill-in-the-middle tokens", () => {
  const after = `)\n${LINES}`;

  beforeAll(() =>
    start({ ...WORDS, next: [...(WORDS.next ?? []), ...chain(FIM_MIDDLE, "calculate")] }, "qwen"),
  );

  test("sees what is above, what comes after, and the line last", async () => {
    await complete(service, request(`${LINES}x = f(`, { document: "1", after: ")\nrest\n" }));
    const model = engine.models.at(-1);
    const tokens = engine.calls.flatMap((call) => call.tokens);
    const text = tokens.map((token) => {
      if (token === model?.findSpecialToken(FIM_PREFIX)) return "{PRE}";
      if (token === model?.findSpecialToken(FIM_SUFFIX)) return "{SUF}";
      if (token === model?.findSpecialToken(FIM_MIDDLE)) return "{MID}";
      if (token === model?.findSpecialToken("<|file_sep|>")) return "{FILE}";
      return model?.textOf([token]) ?? "";
    });
    const prompt = text.join("");
    expect(prompt).toContain("{FILE}a.py\n{PRE}value");
    expect(prompt).toContain("value59 = 59\n{SUF})\nrest\n{MID}x = f(calculate");
  });

  test("evaluates at most two prompt tokens for a typed character, whatever follows the cursor", async () => {
    const document = "2";
    let text = `${LINES}    `;
    await complete(service, request(text, { document, after }));
    for (const character of "some_name = other.method(first") {
      text += character;
      // The editor closes the bracket.
      const closed = text.includes("(") ? `)${after}` : after;
      const { tokens } = await complete(service, request(text, { document, after: closed }));
      expect(tokens.evaluated, JSON.stringify(text.slice(-12))).toBeLessThanOrEqual(2);
    }
  });

  test("evaluates the line break only after Enter, whatever follows the cursor", async () => {
    const document = "enter";
    let text = `${LINES}first = 1`;
    await complete(service, request(text, { document, after }));
    for (const line of ["\n", "second = 2", "\n", "third", "\n"]) {
      for (const character of line) {
        text += character;
        const { tokens } = await complete(service, request(text, { document, after, maxTokens: 1 }));
        expect(tokens.evaluated, JSON.stringify(text.slice(-12))).toBeLessThanOrEqual(2);
      }
    }
  });

  test("heals at the start of the line, right after the middle token", async () => {
    const completion = await complete(service, request(`${LINES}calc`, { document: "3", after }));
    expect(completion.text).toBe("ulatePrice)");
  });
});

describe("a model whose vocabulary joins the line break to the indentation", () => {
  beforeAll(() =>
    start(
      { ...WORDS, joint: "leading", next: [...(WORDS.next ?? []), ...chain(":", "\n ", "calculate")] },
      "prefix-only",
    ),
  );

  test("heals over the line break", async () => {
    const completion = await complete(service, request("def f():\n ", { document: "1" }));
    expect(completion.text).toBe("calculatePrice)");
  });

  test("evaluates at most two prompt tokens for a typed character", async () => {
    const document = "2";
    let text = `${LINES}    `;
    await complete(service, request(text, { document }));
    for (const character of "name = other.method(first") {
      text += character;
      const { tokens } = await complete(service, request(text, { document }));
      expect(tokens.evaluated, JSON.stringify(text.slice(-12))).toBeLessThanOrEqual(2);
    }
  });
});

describe("a model without the tokens that its format names", () => {
  beforeAll(() => start({ ...WORDS, fillInTheMiddle: false }, "qwen"));

  test("completes from the text before the cursor", async () => {
    const completion = await complete(service, request("f(", { document: "1", after: "\nmore\n" }));
    expect(completion.text).toBe("calculatePrice)");
    expect(service.status().promptNote).toContain("<|fim_prefix|>");
  });

  test("or whose format nobody knows", async () => {
    await start(WORDS, "no-such-format");
    const completion = await complete(service, request("f(", { document: "1", after: "\nmore\n" }));
    expect(completion.text).toBe("calculatePrice)");
    expect(service.status().promptNote).toContain("no-such-format");
  });
});

afterAll(removeFixtures);
