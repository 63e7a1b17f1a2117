// Every grammar folder against its samples: facts, folds and findings as the golden files say. UPDATE_SAMPLES=1 rewrites them.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { OutlineItem } from "../../server/syntax/index.ts";
import { openText, startService } from "../syntax/service.ts";
import { factsText } from "./facts-text.ts";
import { languageIds, samples } from "./samples.ts";

const update = process.env["UPDATE_SAMPLES"] === "1";
const service = await startService();
afterAll(() => service.dispose());

async function snapshotOf(languageId: string, path: string) {
  const document = openText(service, languageId, readFileSync(path, "utf8"));
  const snapshot = await document.judged();
  return { snapshot, dispose: () => document.dispose() };
}

describe.each(languageIds)("%s", (languageId) => {
  const own = samples.filter((sample) => sample.languageId === languageId);

  it("has a sample of each kind", () => {
    expect(own.map((sample) => sample.kind)).toEqual(expect.arrayContaining(["plain", "modern", "broken"]));
  });

  it.each(own.filter((sample) => sample.kind !== "modern"))(
    "$file has the facts of its golden file",
    async (sample) => {
      const { snapshot, dispose } = await snapshotOf(languageId, sample.path);
      const golden = `${sample.path}.facts`;
      const facts = factsText(snapshot);
      if (update) writeFileSync(golden, facts);
      expect(
        existsSync(golden) ? readFileSync(golden, "utf8") : "",
        `UPDATE_SAMPLES=1 writes ${golden}`,
      ).toBe(facts);
      dispose();
    },
  );

  it.each(own.filter((sample) => sample.kind === "plain"))(
    "$file parses, has an outline and folds",
    async (sample) => {
      const { snapshot, dispose } = await snapshotOf(languageId, sample.path);
      expect(snapshot.errorCount()).toBe(0);
      expect(snapshot.outline().length).toBeGreaterThan(0);
      expect(outlineFaults(snapshot.outline())).toEqual([]);
      const folds = snapshot.folds();
      expect(folds.length).toBeGreaterThan(0);
      for (const fold of folds) {
        expect(fold.start).toBeLessThan(fold.end);
        expect(snapshot.text.content.slice(fold.start, fold.end)).toContain("\n");
      }
      dispose();
    },
  );

  it.each(own.filter((sample) => sample.kind === "modern"))(
    "$file is valid and gives no finding",
    async (sample) => {
      const { snapshot, dispose } = await snapshotOf(languageId, sample.path);
      expect(snapshot.findings()).toEqual([]);
      dispose();
    },
  );

  it.each(own.filter((sample) => sample.kind === "broken"))("$file has errors", async (sample) => {
    const { snapshot, dispose } = await snapshotOf(languageId, sample.path);
    expect(snapshot.errorCount()).toBeGreaterThan(0);
    if (snapshot.language.syntaxFindings === "trusted") expect(snapshot.findings().length).toBeGreaterThan(0);
    if (snapshot.language.syntaxFindings === "silent") expect(snapshot.findings()).toEqual([]);
    dispose();
  });
});

/** Names of items that their parent does not hold, that stand before the one in front of them, or that are values inside a value. */
function outlineFaults(items: readonly OutlineItem[], parent?: OutlineItem): readonly string[] {
  return items.flatMap((item, index) => {
    const before = items[index - 1];
    const isHeld =
      parent === undefined || (parent.span.start <= item.span.start && item.span.end <= parent.span.end);
    const isInOrder = before === undefined || before.nameSpan.start <= item.nameSpan.start;
    const isValueInValue = item.kind === "enum-member" && parent?.kind === "enum-member";
    return [
      ...(isHeld && isInOrder && !isValueInValue ? [] : [item.name]),
      ...outlineFaults(item.children, item),
    ];
  });
}
