// The filters of model lines, each on its own texts, and what holds for all of them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filterLine } from "../../server/features/completion/model/filters/chain.ts";
import type { LinePlace } from "../../server/features/completion/model/filters/line-filter.ts";

const brackets = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
] as const;

/** `left|right` is the cursor's line; lines above and below it as they stand. */
function filtered(line: string, around = "|"): string | undefined {
  const lines = around.split("\n");
  const at = lines.findIndex((one) => one.includes("|"));
  const [lineLeft = "", lineRight = ""] = (lines[at] ?? "").split("|");
  const linesAbove = lines.slice(0, at).reverse();
  return filterLine(line, { lineLeft, lineRight, linesAbove, linesBelow: lines.slice(at + 1), brackets });
}

describe("what stands already", () => {
  it.each([
    ["the rest of the line", '"a")', "print(|)", '"a"'],
    ["the rest of the line with its end", "a, b);", "f(|);", "a, b"],
    ["only what is there", "a, b)", "f(|);", "a, b"],
    ["not the bracket that the line itself opened", "g(x)", "f(|)", "g(x)"],
    ["not one equal letter", "data", "|a", "data"],
    ["a whole word", "return value", "|value", "return"],
    ["the next line as a whole", "total += price", "|\ntotal += price", undefined],
    ["the next line with its beginning typed", "al += price", "tot|\ntotal += price", undefined],
    ["not a short line such as `return`", "return", "|\nx = 1\nreturn", "return"],
    ["a closing brace that comes next", "}", "|\n}", undefined],
  ])("is cut: %s", (_, line, around, kept) => {
    expect(filtered(line, around)).toBe(kept);
  });
});

describe("loops", () => {
  it.each([
    [".value.get(sel.value.get(sel.value.get(sel", undefined],
    ["x = a + a + a + a + a + a", undefined],
    ["0x00000000000000000000", "0x00000000000000000000"],
    ["# -----------------------", "# -----------------------"],
    ["hahaha", "hahaha"],
    ["matrix[0][0], matrix[0][1], matrix[0][2]", "matrix[0][0], matrix[0][1], matrix[0][2]"],
  ])("%s becomes %s", (line, kept) => {
    expect(filtered(line)).toBe(kept);
  });

  it("of whole lines are dropped from the third on", () => {
    expect(filtered("1)", "add(2)\nadd(1)\nadd(|")).toBe("1)");
    expect(filtered("1)", "add(1)\nadd(1)\nadd(|")).toBeUndefined();
  });
});

describe("control text", () => {
  it.each([
    ["a + b<|endoftext|>more", "a + b"],
    ["a<fim_suffix>b", "a"],
    ["a</s>", "a"],
    ["a\u0000b", "a"],
    ["a\nb", "a"],
    ["a\ufffd", "a"],
    ["List<String> names", "List<String> names"],
    ["a < b | c > d", "a < b | c > d"],
    ["\treturn", "\treturn"],
    ["<|im_end|>", undefined],
  ])("%j becomes %j", (line, kept) => {
    expect(filtered(line)).toBe(kept);
  });
});

describe("brackets", () => {
  it.each([
    ["x])", "f(a[|", "x])"],
    ["x)]", "f(a[|", "x"],
    ["x)", "foo(|", "x)"],
    ["b), c)", "f(g(a, |)", "b), c"],
    ["b), c), d", "f(g(a, |)", "b), c"],
    ["')'", "f(|", "')'"],
  ])("%s after %s becomes %s", (line, around, kept) => {
    expect(filtered(line, around)).toBe(kept);
  });
});

describe("every line", () => {
  const text = fc.array(
    fc.constantFrom(
      "a",
      "name",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      " ",
      ";",
      '"',
      "<|x|>",
      "\n",
      "\t",
      "=",
      "1",
      "\u0001",
    ),
    { maxLength: 25 },
  );
  const line = text.map((parts) => parts.join(""));
  const oneLine = line.map((content) => content.replaceAll("\n", ""));

  it("is kept from its start or dropped, is one line, and has no blanks at its end", () => {
    fc.assert(
      fc.property(
        line,
        oneLine,
        oneLine,
        fc.array(oneLine, { maxLength: 4 }),
        (given, left, right, others) => {
          const place: LinePlace = {
            lineLeft: left,
            lineRight: right,
            linesAbove: others,
            linesBelow: [...others].reverse(),
            brackets,
          };
          const kept = filterLine(given, place);
          if (kept === undefined) return;
          expect(given.startsWith(kept)).toBe(true);
          expect(kept).not.toBe("");
          expect(kept.trimEnd()).toBe(kept);
          expect(kept).not.toMatch(/[\r\n\u0001]|<\|/);
          // What was kept once is kept again.
          expect(filterLine(kept, place)?.length ?? kept.length).toBeLessThanOrEqual(kept.length);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
