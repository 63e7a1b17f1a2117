// The memory of model lines: whatever one types, it never says what the model did not.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LineQuestion } from "../../server/features/completion/model/line-question.ts";
import type { ModelLine } from "../../server/features/completion/model/line-answer.ts";
import { createTypedThroughCache } from "../../server/features/completion/model/typed-through.ts";

const letters = fc.constantFrom("a", "b", "(", ")", " ", "\n");
const words = fc.array(letters, { maxLength: 4 }).map((parts) => parts.join(""));
const step = fc.oneof(
  fc.record({ do: fc.constant("type" as const), text: letters }),
  fc.record({ do: fc.constant("erase" as const) }),
  fc.record({ do: fc.constant("close" as const) }),
  fc.record({ do: fc.constant("edit" as const), text: words }),
  fc.record({ do: fc.constant("jump" as const), by: fc.integer({ min: -3, max: 3 }) }),
  fc.record({ do: fc.constant("answer" as const), text: words, isConfident: fc.boolean() }),
);

const at = (content: string, cursor: number, document = "d"): LineQuestion => ({
  document,
  path: "a",
  lineComment: undefined,
  before: content.slice(0, cursor),
  after: content.slice(cursor),
});

const lineOf = (text: string, isConfident = true): ModelLine => ({
  text,
  isConfident,
  endsLine: false,
  names: [],
});

it("a recalled line ends where a remembered one ended, with nothing but closing brackets new behind it", () => {
  let recalled = 0;
  fc.assert(
    fc.property(words, fc.array(step, { maxLength: 40 }), (first, steps) => {
      const cache = createTypedThroughCache();
      const remembered: { question: LineQuestion; text: string }[] = [];
      let content = first;
      let cursor = first.length;
      for (const one of steps) {
        if (one.do === "type") {
          content = content.slice(0, cursor) + one.text + content.slice(cursor);
          cursor += 1;
        } else if (one.do === "erase" && cursor > 0) {
          content = content.slice(0, cursor - 1) + content.slice(cursor);
          cursor -= 1;
        } else if (one.do === "close") {
          content = `${content.slice(0, cursor)})${content.slice(cursor)}`;
        } else if (one.do === "edit") {
          content = one.text + content;
          cursor += one.text.length;
        } else if (one.do === "jump") {
          cursor = Math.max(0, Math.min(content.length, cursor + one.by));
        } else if (one.do === "answer") {
          const question = at(content, cursor);
          cache.remember(question, lineOf(one.text, one.isConfident));
          remembered.push({ question, text: one.text });
        }
        const now = at(content, cursor);
        const line = cache.recall(now);
        if (line === undefined) continue;
        recalled += 1;
        const source = remembered.find(
          ({ question, text }) =>
            question.before + text === now.before + line.text &&
            now.after.endsWith(question.after) &&
            /^\)*$/.test(now.after.slice(0, now.after.length - question.after.length)),
        );
        expect(source).toBeDefined();
      }
    }),
    { numRuns: 2000 },
  );
  expect(recalled).toBeGreaterThan(1000);
});

it("keeps some lines of some documents", () => {
  const cache = createTypedThroughCache();
  const content = (line: number): string => `${"x".repeat(line)}=`;
  for (let document = 0; document < 100; document += 1) {
    for (let line = 0; line < 50; line += 1) {
      cache.remember(at(content(line), line + 1, `${document}`), lineOf(`y${line}`));
    }
  }
  const known = (document: number): number =>
    Array.from({ length: 50 }, (_, line) => cache.recall(at(content(line), line + 1, `${document}`))).filter(
      (line) => line !== undefined,
    ).length;
  expect(known(99)).toBe(24);
  expect(known(0)).toBe(0);
});

describe("a change elsewhere", () => {
  const lines = Array.from({ length: 100 }, (_, line) => `value_${line} = ${line}`);
  const asking = (changed: readonly string[], line: number, typed = ""): LineQuestion => {
    const content = changed.join("\n");
    const cursor = changed.slice(0, line + 1).join("\n").length;
    return at(content.slice(0, cursor) + typed + content.slice(cursor), cursor + typed.length);
  };
  const replaced = (line: number, text: string): string[] => lines.with(line, text);

  it.each([
    ["far above", replaced(29, "other = 1"), 50, true],
    ["just above", replaced(31, "other = 1"), 50, false],
    ["a line more far above", ["new = 1", ...lines], 51, true],
    ["a line less far above", lines.slice(1), 49, true],
    ["far below", replaced(60, "other = 1"), 50, true],
    ["just below", replaced(58, "other = 1"), 50, false],
    ["on the line itself", replaced(50, "value_50 = 5"), 50, false],
    ["another line of the same text around", lines, 51, false],
  ])("%s", (_, changed, line, isKnown) => {
    const cache = createTypedThroughCache();
    cache.remember(asking(lines, 50), lineOf(" + rest"));
    expect(cache.recall(asking(changed, line))?.text).toBe(isKnown ? " + rest" : undefined);
    expect(cache.recall(asking(changed, line, " + "))?.text).toBe(isKnown ? "rest" : undefined);
  });
});

it("what the model thinks of names is kept while their word goes on", () => {
  const cache = createTypedThroughCache();
  const names = [{ name: "total", logProbability: -1 }];
  cache.remember(at("x = ", 4), { ...lineOf("total(tax)"), names });
  expect(cache.recall(at("x = to", 6))?.names).toEqual(names);
  expect(cache.recall(at("x = total(t", 11))).toMatchObject({ text: "ax)", names: [] });
});

it("the end of a line that the model ended itself is known, and that of a line that was cut is not", () => {
  const cache = createTypedThroughCache();
  cache.remember(at("a", 1), { ...lineOf("b"), endsLine: true });
  expect(cache.recall(at("ab", 2))?.text).toBe("");
  cache.remember(at("a", 1), lineOf("b"));
  expect(cache.recall(at("ab", 2))).toBeUndefined();
});
