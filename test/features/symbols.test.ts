// Outline, folds and selections of a document.
import { describe, expect, it } from "vitest";
import { createSymbols } from "../../server/features/index.ts";
import { createWorkbench, never, useWorkbench } from "./workbench.ts";
import type { OpenFixture } from "./workbench.ts";

const workbench = useWorkbench();

const symbols = createSymbols();
const open = (fixture: string): Promise<OpenFixture> => createWorkbench(workbench.syntax).open(fixture);

const sample = `
  //- /a.py
  import os


  class Greeter:
      def greet(self, name):
          return os.path.join(na$0me)
`;

describe("the outline", () => {
  it("nests members in their class", async () => {
    const at = await open(sample);
    expect(await symbols.outline(at.snapshot(), never)).toMatchObject([
      { name: "Greeter", kind: "class", children: [{ name: "greet", kind: "method" }] },
    ]);
  });

  it("is empty without a grammar and after the signal fired", async () => {
    expect(await symbols.outline((await open("//- /a.unknown\nx\n")).snapshot(), never)).toEqual([]);
    const { store } = createWorkbench(workbench.syntax);
    store.open({ uri: "file:///u.py", editorId: "python", version: 1, content: "def f(): pass\n" });
    expect(await symbols.outline(store.get("file:///u.py")!, AbortSignal.abort())).toEqual([]);
  });

  it("is bounded", async () => {
    const at = await open(`//- /a.py\n${"def f(): pass\n".repeat(10_100)}`);
    expect(await symbols.outline(at.snapshot(), never)).toHaveLength(10_000);
  });
});

describe("folds", () => {
  it("hold the bodies of classes and functions", async () => {
    const at = await open(sample);
    const { content } = at.snapshot().text;
    const folds = await symbols.folds(at.snapshot(), never);
    expect(folds.map(({ start }) => content.slice(start, start + 5))).toEqual(
      expect.arrayContaining(["class"]),
    );
  });
});

describe("selections", () => {
  it("grow from the cursor's node to the whole text", async () => {
    const at = await open(sample);
    const [chain] = await symbols.selections(at.snapshot(), [at.cursor()], never);
    const texts = chain!.map(({ start, end }) => at.snapshot().text.content.slice(start, end));
    expect(texts[0]).toBe("name");
    expect(texts.at(-1)).toBe(at.snapshot().text.content);
    chain!.forEach((span, index) => {
      expect(span.start).toBeLessThanOrEqual(at.cursor());
      expect(span.end).toBeGreaterThanOrEqual(at.cursor());
      const outer = chain![index + 1];
      if (outer !== undefined) expect(outer.end - outer.start).toBeGreaterThan(span.end - span.start);
    });
  });

  it.each(["//- /a.py\nx = 1\n\n", "//- /a.py\nx = 1", "//- /a.unknown\none\ntwo", "//- /a.py\n"])(
    "hold every offset of %j, its end too",
    async (fixture) => {
      const at = await open(fixture);
      const { length } = at.snapshot().text.content;
      const offsets = Array.from({ length: length + 1 }, (_, offset) => offset);
      const chains = await symbols.selections(at.snapshot(), offsets, never);
      expect(chains).toHaveLength(length + 1);
      chains.forEach((chain, offset) => {
        expect(chain.length).toBeGreaterThan(0);
        for (const span of chain) expect(span.start <= offset && offset <= span.end).toBe(true);
        expect(chain.at(-1)).toEqual({ start: 0, end: length });
      });
    },
  );
});
