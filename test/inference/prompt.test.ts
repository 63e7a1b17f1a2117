// The prompt's pure parts: pieces, the boundary at the cursor, the window above it, and the formats as data.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allParts } from "../../server/inference/inference-parts.ts";
import { findBoundary } from "../../server/inference/prompt/boundary.ts";
import { parsePromptFormats, resolveFormat } from "../../server/inference/prompt/prompt-format.ts";
import type { ResolvedFormat } from "../../server/inference/prompt/prompt-format.ts";
import { createSegmentTokens, probeJoint, splitSegments } from "../../server/inference/prompt/segments.ts";
import type { LineJoint } from "../../server/inference/prompt/segments.ts";
import { buildPrompt } from "../../server/inference/prompt/prompt.ts";
import type { Prompt, PromptLayout } from "../../server/inference/prompt/prompt.ts";
import type { PromptSource } from "../../server/inference/prompt/placement.ts";
import { placeWindow } from "../../server/inference/prompt/window.ts";
import type { PrefixWindow } from "../../server/inference/prompt/window.ts";

const formatsText = readFileSync(new URL("../../models/prompt-formats.json", import.meta.url), "utf8");
const special = new Map([
  ["<|fim_prefix|>", 1001],
  ["<|fim_suffix|>", 1002],
  ["<|fim_middle|>", 1003],
  ["<|file_sep|>", 1004],
  ["<|repo_name|>", 1005],
]);

function resolve(name: string, known: ReadonlyMap<string, number> = special): ResolvedFormat {
  const formats = parsePromptFormats(formatsText);
  const format = formats.ok ? formats.value.get(name) : undefined;
  if (format === undefined) throw new Error(`there is no format ${name}`);
  return resolveFormat(format, { findSpecialToken: (wanted) => known.get(wanted) });
}

const joint = fc.constantFrom<LineJoint[]>("leading", "trailing");
const piece = fc.constantFrom(
  "a",
  "foo",
  "_x1",
  "é",
  "😀",
  " ",
  "  ",
  "\t",
  "\n",
  "\r\n",
  "\n\n",
  "(",
  ")",
  "{",
  "=",
);
const source = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(""));

describe("pieces", () => {
  test("joined are the text, for both joints, also with lines of any length", () => {
    fc.assert(
      fc.property(source, joint, fc.nat(3), (text, side, times) => {
        const long = text + "x😀".repeat(times * 400);
        expect(splitSegments(long, side).join("")).toBe(long);
        expect(splitSegments(long, side).every((segment) => segment.length <= 512)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("stay the same before the line that is typed on", () => {
    fc.assert(
      fc.property(source, joint, (text, side) => {
        const before = splitSegments(`${text}\nlast`, side);
        const after = splitSegments(`${text}\nlast line`, side);
        expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
      }),
    );
  });

  test("put the break with the indentation after it, or with the text before it", () => {
    const text = "if a:\n\n    b\nc";
    expect(splitSegments(text, "leading")).toEqual(["if a:", "\n\n    b", "\nc"]);
    expect(splitSegments(text, "trailing")).toEqual(["if a:\n\n", "    b\n", "c"]);
  });

  test("take the joint whose pieces give the tokens of the whole text", () => {
    const split = (pattern: RegExp) => (text: string) =>
      (text.match(pattern) ?? []).map((part) =>
        part.split("").reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7),
      );
    // The patterns of GPT-2 and of Qwen in short.
    const gpt2 = split(/ ?[A-Za-z]+| ?\d+| ?[^\sA-Za-z\d]+|\s+(?!\S)|\s+/g);
    const qwen = split(/[^\n\dA-Za-z]?[A-Za-z]+|\d| ?[^\sA-Za-z\d]+\n*|\s*\n+|\s+(?!\S)|\s+/g);
    expect(probeJoint({ tokenize: gpt2 })).toBe("leading");
    expect(probeJoint({ tokenize: qwen })).toBe("trailing");
  });
});

describe("the boundary at the cursor", () => {
  test.each([
    ["return ma", "trailing", " ma"],
    ["return ", "trailing", " "],
    ["json.lo", "trailing", "lo"],
    ["f(", "trailing", ""],
    ["a:\n    re", "trailing", "    re"],
    ["a:\n    re", "leading", "\n    re"],
    ["a:\n\n    ", "leading", "\n\n    "],
    ["naïve_Größe2", "trailing", "naïve_Größe2"],
    ["", "leading", ""],
  ] as const)("of %j (%s) leaves %j to repeat", (before, side, typed) => {
    expect(findBoundary(before, side)).toEqual({ end: before.length - typed.length, typed });
  });

  test("always cuts the text in two, and leaves long words alone", () => {
    fc.assert(
      fc.property(source, joint, fc.boolean(), (text, side, isLong) => {
        const before = isLong ? text + "w".repeat(500) : text;
        const { end, typed } = findBoundary(before, side);
        expect(before.slice(0, end) + typed).toBe(before);
        expect(typed.length).toBeLessThanOrEqual(96);
      }),
    );
  });
});

describe("the window above the cursor", () => {
  const count = (segment: string): number => segment.length;
  const lines = (amount: number): string[] =>
    Array.from({ length: amount }, (_, index) => `line ${index}...`.slice(0, 10));

  test("never holds more than the budget and never moves while it fits", () => {
    const edit = fc.oneof(
      fc.record({ kind: fc.constant("append" as const), length: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ kind: fc.constant("insert-above" as const), length: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ kind: fc.constant("move-up" as const), length: fc.integer({ min: 1, max: 30 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.array(edit, { maxLength: 30 }), (amount, edits) => {
        let segments = lines(amount);
        let next = 1000;
        let window: PrefixWindow | undefined;
        for (const { kind, length } of edits) {
          const added = `${(next += 1)}`.padEnd(length, "x");
          if (kind === "append") segments = [...segments, added];
          else if (kind === "insert-above") segments = [added, ...segments];
          else segments = segments.slice(0, Math.max(0, segments.length - length));
          const previous = window;
          window = placeWindow(segments, previous, 300, count);
          const used = segments.slice(window.start).reduce((sum, segment) => sum + segment.length, 0);
          expect(used).toBeLessThanOrEqual(300);
          if (kind === "append" && previous !== undefined && previous.start > 0) {
            const stays = segments.slice(previous.start).reduce((sum, segment) => sum + segment.length, 0);
            if (stays <= 300 && stays >= 105) expect(window.start).toBe(previous.start);
          }
        }
      }),
    );
  });

  test("leaves room for many lines after a new cut", () => {
    const window = placeWindow(lines(100), undefined, 300, count);
    expect(window.start).toBe(79);
  });
});

describe("the prompt", () => {
  const tokenize = (text: string): number[] => [...Buffer.from(text)];
  const layout = (budgetTokens: number): PromptLayout => ({
    format: resolve("qwen"),
    joint: "trailing",
    parts: allParts,
    segments: createSegmentTokens({ tokenize }),
    beginToken: 1000,
    budgetTokens,
    lineTokens: 256,
  });
  const text = Array.from({ length: 200 }, (_, index) => `line ${index}\n`).join("");
  const ask = (before: string, after: string): PromptSource => ({
    path: "a.py",
    lineComment: "#",
    before,
    after,
  });

  const fixedOf = ({ fixed, tokens }: Prompt): readonly number[] => tokens.slice(0, fixed);

  test("keeps its fixed part while the line grows, also when the machine's budget changes meanwhile", () => {
    const first = buildPrompt(ask(`${text}a`, `)\n${text}`), layout(512), undefined);
    for (const budget of [256, 384, 1024]) {
      const next = buildPrompt(ask(`${text}a = b`, `)\n${text}`), layout(budget), first.memory);
      expect(fixedOf(next)).toEqual(fixedOf(first));
    }
  });

  test("keeps its fixed part when the editor closes a bracket behind the cursor, and after Enter", () => {
    const first = buildPrompt(ask(`${text}a`, `\n${text}`), layout(512), undefined);
    const closed = buildPrompt(ask(`${text}a(`, `)\n${text}`), layout(512), first.memory);
    expect(fixedOf(closed)).toEqual(fixedOf(first));
    const changed = buildPrompt(ask(`${text}a(`, `b)\n${text}`), layout(512), closed.memory);
    expect(fixedOf(changed)).not.toEqual(fixedOf(first));
    const below = buildPrompt(ask(`${text}a(`, `)\nother\n${text}`), layout(512), closed.memory);
    expect(fixedOf(below)).not.toEqual(fixedOf(first));
    const nextLine = buildPrompt(ask(`${text}a(\nb`, `)\n${text}`), layout(512), closed.memory);
    expect(fixedOf(nextLine)).toEqual(fixedOf(first));
    expect(nextLine.tail.map((piece) => piece.text)).toEqual(["a(\n"]);
  });

  test("takes the new lines above the suffix when there are many, or when the suffix changes", () => {
    const first = buildPrompt(ask(`${text}a`, `\n${text}`), layout(512), undefined);
    const many = buildPrompt(ask(`${text}a\n${"b\n".repeat(20)}`, `\n${text}`), layout(512), first.memory);
    expect(many.tail).toEqual([]);
    const moved = buildPrompt(ask(`${text}a\nline 0\n`, `line 1\n`), layout(512), first.memory);
    expect(moved.tail).toEqual([]);
  });

  test("stays within the budget, whatever stands around the cursor", () => {
    fc.assert(
      fc.property(source, source, fc.nat(40), fc.constantFrom(256, 512), (before, after, times, budget) => {
        const prompt = buildPrompt(ask(before.repeat(times), after.repeat(times)), layout(budget), undefined);
        // Beside it only the begin token, the four of the format, and the path line.
        expect(prompt.fixed).toBeLessThanOrEqual(budget + 5 + "# a.py\n".length);
      }),
    );
  });
});

describe("prompt formats", () => {
  test("of the package are all understood", () => {
    const formats = parsePromptFormats(formatsText);
    expect(formats.ok && [...formats.value.keys()]).toEqual(
      expect.arrayContaining(["prefix-only", "qwen", "starcoder", "deepseek", "mellum", "seed", "codestral"]),
    );
  });

  test.each([
    ["no JSON", "{", "not JSON"],
    ["no object of formats", "[]", "`formats`"],
    ["a place that nobody fills", '{ "prompt": "{prefix}{sufix}{prefix}" }', "{sufix}"],
    ["no prefix", '{ "tokens": ["<s>"], "prompt": "{suffix}<s>" }', "{prefix}"],
    ["a suffix where the answer goes on", '{ "prompt": "{prefix}{suffix}" }', "ends with it"],
    ["a stop that is no text", '{ "prompt": "{prefix}", "stop": [3] }', "lists of texts"],
    ["spellings that are no lists", '{ "prompt": "{prefix}", "spellings": { "a": "b" } }', "lists of texts"],
  ])("with %s are named", (_, format, reason) => {
    const text = format.startsWith("{ ") ? `{ "formats": { "mine": ${format} } }` : format;
    expect(parsePromptFormats(text)).toMatchObject({ ok: false, failure: expect.stringContaining(reason) });
    if (format.startsWith("{ "))
      expect(parsePromptFormats(text)).toMatchObject({ failure: expect.stringContaining("mine") });
  });

  test("whose tokens the model lacks name them and use the text before the cursor", () => {
    expect(resolve("qwen")).toMatchObject({ hasSuffix: true, degraded: undefined });
    const lacking = new Map([...special].filter(([text]) => text !== "<|fim_middle|>"));
    expect(resolve("qwen", lacking)).toMatchObject({
      hasSuffix: false,
      prompt: resolve("prefix-only").prompt,
      degraded: expect.stringContaining("<|fim_middle|>"),
    });
  });

  test("whose separator the model lacks name the file in a comment", () => {
    const lacking = new Map([...special].filter(([text]) => text !== "<|file_sep|>"));
    expect(resolve("qwen", lacking)).toMatchObject({
      degraded: undefined,
      hasSuffix: true,
      header: resolve("prefix-only").header,
      file: resolve("prefix-only").file,
    });
  });

  test("find a special token under another spelling", () => {
    const others = new Map([
      ["<PRE>", 1],
      ["<SUF>", 2],
      ["<MID>", 3],
      ["<EOT>", 4],
    ]);
    expect(resolve("codellama", others)).toMatchObject({ degraded: undefined, hasSuffix: true });
    expect([...resolve("codellama", others).special].sort()).toEqual([1, 2, 3, 4]);
  });
});
