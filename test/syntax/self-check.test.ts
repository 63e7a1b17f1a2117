// An edited tree that is wrong is noticed and healed; a right one is left alone.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBugRecorder } from "../../server/kernel/index.ts";
import { createInstalledFiles, silentLog } from "../../server/platform/index.ts";
import { createBackgroundLane } from "../../server/syntax/background-lane.ts";
import { createGrammarStore } from "../../server/syntax/grammar-store.ts";
import type { Grammar, GrammarStore } from "../../server/syntax/grammar-store.ts";
import { readCatalogue } from "../../server/syntax/registry.ts";
import { createSyntaxDocument } from "../../server/syntax/syntax-document.ts";
import { createWasmEngine } from "../../server/syntax/wasm-engine.ts";
import { applyEdit, createText } from "../../server/text/index.ts";
import { grammarsFolder, stoppedClock } from "./service.ts";

const engine = createWasmEngine(silentLog);
let store: GrammarStore;
let grammar: Grammar;
beforeAll(async () => {
  const files = createInstalledFiles();
  const catalogue = await readCatalogue({ files, grammarsFolder, log: silentLog });
  store = createGrammarStore({ catalogue, files, engine, clock: stoppedClock, log: silentLog });
  const loaded = await store.load(catalogue.languages.byId("python")!);
  grammar = loaded!;
});
afterAll(() => store.dispose());

/** 200 edits, the last of which `spoil` may hide from the tree: the document is told of another edit of the same length. */
async function editMany(
  spoil: boolean,
): Promise<{ readonly bugs: readonly string[]; readonly names: readonly string[] }> {
  const bugs = createBugRecorder();
  const lane = createBackgroundLane({ clock: stoppedClock, bugs, sliceMs: 8 });
  let text = createText(`abc = 1\n${"g(1, 2)\n".repeat(40)}def f():\n    pass\n`);
  const document = createSyntaxDocument(
    {
      engine,
      clock: stoppedClock,
      bugs,
      lane,
      onParsed: () => undefined,
      onDispose: () => undefined,
      askSecondParser: () => Promise.resolve(undefined),
    },
    grammar.language,
    Promise.resolve(grammar),
    grammar,
    text,
  );
  await document.whenParsed(AbortSignal.timeout(10_000));
  for (let count = 1; count <= 200; count += 1) {
    const edit = { start: 6, end: 7, newText: String(count % 10) };
    text = applyEdit(text, edit);
    if (count < 200 || !spoil) document.update(text, [edit]);
    else document.update(createText(text.content.replace("def f():\n    pass", "e_f = [1, 2, 3] ;")), [edit]);
  }
  const edited = document.current();
  await expect
    .poll(() => (spoil ? document.current() !== edited : engine.liveTrees() <= 4), { timeout: 10_000 })
    .toBe(true);
  const names =
    document
      .current()
      ?.facts()
      .declarations.map(({ name }) => name) ?? [];
  document.dispose();
  return { bugs: bugs.list().map(({ key }) => key), names };
}

describe("the check of an edited tree", () => {
  it("says nothing of a right one", async () => {
    expect(await editMany(false)).toEqual({ bugs: [], names: ["abc", "f"] });
  });

  it("heals a wrong one", async () => {
    const { bugs, names } = await editMany(true);
    expect(names).toEqual(["abc", "e_f"]);
    expect(bugs).toEqual(["syntax-edited-tree-differs"]);
    expect(engine.liveTrees()).toBe(0);
  });
});
