// Masked lines: what is asked for stands nowhere in what the server sees.
import fc from "fast-check";
import { expect, it } from "vitest";
import { maskLine, maskableLines, sampleLines } from "../../scripts/evaluate/masking.ts";
import type { MaskedLine } from "../../scripts/evaluate/masking.ts";
import type { CorpusFile } from "../../scripts/corpus/corpus.ts";
import { createChance } from "../../scripts/report/statistics.ts";

function fileOf(name: string, language: string, content: string): CorpusFile {
  return { name, language, content, package: "npm:x@1.0.0", path: name, licence: "MIT", sha256: "" };
}

const functions = Array.from(
  { length: 30 },
  (_, index) =>
    `function add_${index}(first, second) {\n  const total_${index} = first + second * ${index};\n  return total_${index};\n}\n`,
).join("\n");
const file = fileOf("a.js", "javascript", functions);

/** A program of few different lines, so that lines come twice and stand inside each other. */
const lineOfCode = fc.constantFrom(
  "const value = compute(left, right);",
  "  const value = compute(left, right); // again",
  "return value + compute(left);",
  "}",
  "",
  "# only a comment, long enough",
  "if (left.matches(right)) {",
  "someObject.someMethod('text', other);",
);
const program = fc.array(lineOfCode, { minLength: 20, maxLength: 60 }).map((lines) => lines.join("\n"));

function checkPlaces(masked: MaskedLine, content: string): void {
  const lines = content.split("\n");
  const text = (lines[masked.line - 1] ?? "").trimEnd();
  for (const { before, after, truth, kind, name } of masked.places) {
    expect(`${before}${truth}${after}`.split("\n").map((line) => line.trimEnd())).toEqual(
      lines.map((line) => line.trimEnd()),
    );
    expect(truth.trim()).not.toBe("");
    // Neither the line, nor the document with it put together again.
    expect((before + after).includes(text.trim())).toBe(false);
    if (kind === "identifier") {
      const typed = /[\p{L}\p{N}_$]*$/u.exec(before)?.[0] ?? "";
      expect(typed.length).toBeGreaterThan(0);
      expect(name?.startsWith(typed)).toBe(true);
      expect((typed + truth).startsWith(name ?? "-")).toBe(true);
    } else expect(name).toBeUndefined();
  }
}

it("a masked line is put together again by its truth, and stands nowhere in the rest", () => {
  fc.assert(
    fc.property(program, fc.integer(), (content, seed) => {
      const chance = createChance(seed);
      for (const line of maskableLines(content)) {
        const masked = maskLine(fileOf("p.js", "javascript", content), line, chance);
        if (masked !== undefined) checkPlaces(masked, content);
      }
    }),
  );
});

it("a line that is part of a longer line is not asked for", () => {
  const line = "const value = compute(left, right);";
  const content = `${"let x = 1;\n".repeat(14)}${line}\nwrap(() => { ${line} });\n`;
  expect(maskableLines(content)).toContain(15);
  expect(maskLine(fileOf("p.js", "javascript", content), 15, createChance(1))).toBeUndefined();
});

it("comments, short lines, repeated lines and the top of a file are not asked for", () => {
  const top = "const atTheTopOfTheFile = 1;\n";
  const twice = "callTheSameThingTwice(now);\n";
  const content = `${top}${"\n".repeat(15)}// a comment that is long enough\n}\n${twice}${twice}const onlyOnce = maybe(this);\n`;
  expect(maskableLines(content)).toEqual([21]);
});

it("a name inside a text or a comment is not asked for", () => {
  const content = `${"\n".repeat(14)}log("someName otherName thirdName"); // fourthName\n`;
  for (let seed = 0; seed < 30; seed += 1) {
    const masked = maskLine(fileOf("p.js", "javascript", content), 15, createChance(seed));
    expect(masked?.places.some(({ kind }) => kind === "identifier")).toBe(false);
  }
});

it("a sample repeats for its seed, and another seed gives another", () => {
  expect(sampleLines([file], 10, 1)).toEqual(sampleLines([file], 10, 1));
  expect(sampleLines([file], 10, 1).map(({ id }) => id)).not.toEqual(
    sampleLines([file], 10, 2).map(({ id }) => id),
  );
});

it("languages take turns, so that a run that is cut off has seen all of them", () => {
  const python = fileOf("a.py", "python", functions.replaceAll("function", "def"));
  const sampled = sampleLines([file, python], 5, 1);
  expect(sampled.map(({ language }) => language)).toEqual(
    Array.from({ length: 5 }, () => ["javascript", "python"]).flat(),
  );
  expect(new Set(sampled.map(({ id }) => id)).size).toBe(10);
});

it("a language with too few lines gives what it has", () => {
  const small = fileOf("s.py", "python", `${"\n".repeat(14)}only_line = that(can, be, masked)\n`);
  expect(sampleLines([small], 20, 1)).toHaveLength(1);
});
