// What holds for every answer, in every language, wherever the cursor is and whatever the model says.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCompletion, createInline, createModelLines } from "../../server/features/index.ts";
import { createManualClock } from "../../server/platform/index.ts";
import { createScriptedInference } from "./scripted-inference.ts";
import { never, useWorkbench, strictBugs } from "./workbench.ts";
import type { OpenFixture } from "./workbench.ts";

const grammars = new URL("../../grammars", import.meta.url).pathname;

const workbench = useWorkbench();

/** The longest sample of each language. */
const samples = readdirSync(grammars, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    const folder = `${grammars}/${name}/samples`;
    if (!readdirSync(`${grammars}/${name}`).includes("samples")) return [];
    return readdirSync(folder)
      .filter((file) => !file.endsWith(".facts"))
      .map((file) => ({ name, file, content: readFileSync(`${folder}/${file}`, "utf8") }))
      .sort((a, b) => b.content.length - a.content.length)
      .slice(0, 1);
  });

const replies = ["", " ", "x", "foo(bar)", "})", '"', "if x:", "a <|end|> b", "\u0000", "for (;;) {", "é😀"];

describe("an answer fits its cursor, is ordered, and nothing throws", () => {
  it.each(samples)("in $name", async (sample) => {
    const inference = createScriptedInference();
    const bugs = strictBugs();
    const lines = createModelLines({ inference, bugs, clock: createManualClock() });
    const completion = createCompletion({ lines, clock: createManualClock(), bugs });
    const inline = createInline({ lines, clock: createManualClock() });
    const open: OpenFixture = await workbench.open(`//- /${sample.name}/${sample.file}\nx`);
    open.edit({ start: 0, end: 1, newText: sample.content });
    await open.snapshot().syntax.whenParsed(never);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(sample.content.length),
        fc.boolean(),
        fc.constantFrom(...replies),
        async (offset, isInvoked, reply) => {
          inference.reply = reply;
          const snapshot = open.snapshot();
          const { content } = snapshot.text;
          const query = { snapshot, offset, isInvoked, modelDeadlineMs: 1000, maxItems: 50 };
          const answer = await completion.complete(query, never);
          expect(answer.items.length).toBeLessThanOrEqual(50);
          const labels = answer.items.map(({ label }) => label);
          expect(new Set(labels).size).toBe(labels.length);
          const ranks = answer.items.map(({ rank }) => rank);
          expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
          const suggestions = await inline.suggest(
            { snapshot, offset, isInvoked, selected: undefined },
            never,
          );
          for (const { edit, filterText } of [...answer.items, ...suggestions]) {
            const replaced = content.slice(edit.start, edit.end);
            expect(edit.start).toBeLessThanOrEqual(offset);
            expect(edit.end).toBe(offset);
            expect(replaced + edit.newText).not.toMatch(/[\r\n\u0000]/);
            expect(filterText.startsWith(replaced)).toBe(true);
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});
