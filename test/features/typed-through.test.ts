// The memory of model lines: whatever one types, it never says what the model did not.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { LineQuestion } from "../../server/features/completion/model/line-question.ts";
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
          cache.remember(question, { text: one.text, isConfident: one.isConfident });
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

it("keeps a few lines of a few documents", () => {
  const cache = createTypedThroughCache();
  for (let document = 0; document < 100; document += 1) {
    for (let line = 0; line < 10; line += 1) {
      const content = "x".repeat(line);
      cache.remember(at(content, line, `${document}`), { text: `y${line}`, isConfident: true });
    }
  }
  const known = (document: number): number =>
    Array.from({ length: 10 }, (_, line) => cache.recall(at("x".repeat(line), line, `${document}`))).filter(
      (line) => line !== undefined,
    ).length;
  expect(known(99)).toBe(4);
  expect(known(0)).toBe(0);
});
