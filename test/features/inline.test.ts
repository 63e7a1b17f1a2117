// Ghost text: the model's line at the cursor, and beyond the menu's selected entry.
import { beforeEach, describe, expect, it } from "vitest";
import { createInline, createModelLines, createWarming } from "../../server/features/index.ts";
import type {
  InlineFeature,
  InlineQuery,
  InlineSuggestion,
  ModelLines,
} from "../../server/features/index.ts";
import { createBugRecorder } from "../../server/kernel/index.ts";
import { createManualClock } from "../../server/platform/index.ts";
import type { ManualClock } from "../../server/platform/index.ts";
import { createScriptedInference } from "./scripted-inference.ts";
import type { ScriptedInference } from "./scripted-inference.ts";
import { until } from "../kit/waiting.ts";
import { createWorkbench, never, useWorkbench } from "./workbench.ts";
import type { OpenFixture } from "./workbench.ts";

const workbench = useWorkbench();
let inference: ScriptedInference;
let clock: ManualClock;
let lines: ModelLines;
let inline: InlineFeature;
beforeEach(() => {
  inference = createScriptedInference();
  clock = createManualClock();
  lines = createModelLines({ inference, bugs: createBugRecorder(), clock });
  inline = createInline({ lines, clock });
});

const open = (fixture: string): Promise<OpenFixture> => createWorkbench(workbench.syntax).open(fixture);

function suggest(
  at: OpenFixture,
  query: Partial<InlineQuery> = {},
  signal: AbortSignal = never,
): Promise<readonly InlineSuggestion[]> {
  return inline.suggest(
    { snapshot: at.snapshot(), offset: at.cursor(), selected: undefined, isInvoked: false, ...query },
    signal,
  );
}

describe("a suggestion", () => {
  it("replaces the typed part of the word on the cursor's line", async () => {
    const at = await open("//- /a.py\nx = 1\nprint(re$0)\n");
    const asked = suggest(at);
    await inference.asked[0]?.answer('pr("x"))');
    const [suggestion] = await asked;
    expect(suggestion).toEqual({
      edit: { start: 12, end: 14, newText: 'repr("x")' },
      filterText: 'repr("x")',
    });
  });

  it("is hidden when the model is in doubt, unless it was asked for by hand", async () => {
    const at = await open("//- /a.py\nx = $0\n");
    const asked = suggest(at);
    await inference.asked[0]?.answer("1 + 2", { isConfident: false });
    expect(await asked).toEqual([]);
    expect(await suggest(at, { isInvoked: true })).toMatchObject([
      { edit: { newText: "1 + 2" } },
      { edit: { newText: "1" } },
    ]);
    expect(inference.asked).toHaveLength(1);
  });

  it("is remembered while one types along it", async () => {
    const at = await open("//- /a.py\nx = $0\n");
    const asked = suggest(at);
    await inference.asked[0]?.answer("max(1, 2)");
    await asked;
    at.type("ma");
    expect(await suggest(at)).toMatchObject([{ edit: { newText: "max(1, 2)" } }]);
    expect(inference.asked).toHaveLength(1);
  });

  it("is nothing after the signal fired, and the model stops", async () => {
    const at = await open("//- /a.py\nx = $0\n");
    const controller = new AbortController();
    const asked = suggest(at, {}, controller.signal);
    controller.abort();
    expect(await asked).toEqual([]);
    clock.advance(100);
    expect(inference.asked[0]?.signal.aborted).toBe(true);
  });

  it("comes when the model that is being loaded is there, if somebody still waits", async () => {
    inference.setState("loading");
    inference.reply = { kind: "not-ready" };
    const at = await open("//- /a.py\nx = $0\n");
    const asked = suggest(at);
    const controller = new AbortController();
    const given = suggest(at, {}, controller.signal);
    await until("both were told to wait", () => inference.asked.length === 1 || undefined);
    controller.abort();
    expect(await given).toEqual([]);
    inference.reply = "1 + 2";
    inference.setState("ready");
    expect(await asked).toMatchObject([{ edit: { newText: "1 + 2" } }]);
    expect(inference.asked).toHaveLength(2);
  });

  it("is not waited for when loading ends without a model", async () => {
    inference.setState("loading");
    inference.reply = { kind: "not-ready" };
    const asked = suggest(await open("//- /a.py\nx = $0\n"));
    await until("it was told to wait", () => inference.asked.length === 1 || undefined);
    inference.setState("unloaded");
    expect(await asked).toEqual([]);
  });

  it("is nothing without a model", async () => {
    inference.reply = { kind: "not-ready" };
    expect(await suggest(await open("//- /a.py\nx = $0\n"))).toEqual([]);
  });
});

describe("beyond the menu's selected entry", () => {
  it("the model goes on from the entry, and the suggestion begins with it", async () => {
    const at = await open("//- /a.py\nx = pri$0\n");
    const asked = suggest(at, { selected: { edit: { start: 4, end: 7, newText: "print" } } });
    expect(inference.asked[0]?.request).toMatchObject({ before: "x = print", after: "\n" });
    await inference.asked[0]?.answer("(1)");
    expect(await asked).toEqual([
      { edit: { start: 4, end: 7, newText: "print(1)" }, filterText: "print(1)" },
    ]);
  });

  it.each([
    ["lies behind the cursor's place", { start: 0, end: 1, newText: "y" }],
    ["spans lines", { start: 4, end: 8, newText: "print" }],
    ["lies outside the text", { start: 4, end: 99, newText: "print" }],
    ["begins otherwise than what is typed", { start: 4, end: 7, newText: "Parity" }],
    ["is shorter than what is typed", { start: 4, end: 7, newText: "pr" }],
  ])("an entry that %s is of a menu that is gone: the model goes on from the text", async (_, edit) => {
    const at = await open("//- /a.py\nx = pri$0\n");
    const asked = suggest(at, { selected: { edit } });
    expect(inference.asked[0]?.request).toMatchObject({ before: "x = pri", after: "\n" });
    await inference.asked[0]?.answer("nt(1)");
    expect(await asked).toMatchObject([{ edit: { start: 4, end: 7, newText: "print(1)" } }]);
  });

  it("an entry in other case than what is typed is gone on from", async () => {
    const at = await open("//- /a.py\nx = PRI$0\n");
    const asked = suggest(at, { selected: { edit: { start: 4, end: 7, newText: "print" } } });
    await inference.asked[0]?.answer("(1)");
    expect(await asked).toMatchObject([{ edit: { start: 4, end: 7, newText: "print(1)" } }]);
  });

  it("nothing is suggested when the entry inserts lines", async () => {
    const at = await open("//- /a.py\nx = pri$0\n");
    expect(await suggest(at, { selected: { edit: { start: 4, end: 7, newText: "print\n" } } })).toEqual([]);
    expect(inference.asked).toHaveLength(0);
  });
});

describe("warming", () => {
  it("happens once the user pauses on another line, and stops with the document", async () => {
    const warming = createWarming({ lines, clock });
    const at = await open("//- /a.py\nx = 1\ny = 2\n$0");
    warming.onDocumentActivity(at.snapshot(), 0);
    clock.advance(1000);
    expect(inference.warmed).toMatchObject([{ before: "", requestClass: "warming" }]);
    warming.onDocumentActivity(at.snapshot(), 3);
    clock.advance(1000);
    expect(inference.warmed).toHaveLength(1);
    warming.onDocumentActivity(at.snapshot(), 8);
    clock.advance(10);
    warming.onDocumentActivity(at.snapshot(), 12);
    clock.advance(1000);
    expect(inference.warmed.map(({ before }) => before)).toEqual(["", "x = 1\ny = 2\n"]);
    warming.onDocumentActivity(at.snapshot(), 0);
    warming.onDocumentClosed(at.snapshot());
    clock.advance(1000);
    expect(inference.warmed).toHaveLength(2);
    expect(inference.forgotten).toEqual([at.snapshot().id]);
  });

  it("comes at once on a line that Enter opened, and again when the text above changed", async () => {
    const warming = createWarming({ lines, clock });
    const at = await open("//- /a.py\nx = 1$0\n");
    warming.onDocumentActivity(at.snapshot(), at.cursor());
    clock.advance(1000);
    at.type("\n");
    warming.onDocumentActivity(at.snapshot(), at.cursor());
    clock.advance(0);
    expect(inference.warmed.map(({ before }) => before)).toEqual(["x = 1", "x = 1\n"]);
    at.edit({ start: 0, end: 1, newText: "value" });
    at.moveTo(at.cursor() + 4);
    warming.onDocumentActivity(at.snapshot(), at.cursor());
    clock.advance(1000);
    expect(inference.warmed.at(-1)?.before).toBe("value = 1\n");
    warming.onDocumentActivity(at.snapshot(), at.cursor());
    clock.advance(1000);
    expect(inference.warmed).toHaveLength(3);
  });
});
