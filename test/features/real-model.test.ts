// Completion on the real engine with the fixture model: nothing between the keystroke and the tokens is a double.
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCompletion, createInline, createModelLines } from "../../server/features/index.ts";
import type { CompletionAnswer, CompletionFeature, InlineFeature } from "../../server/features/index.ts";
import type { InferenceService } from "../../server/inference/index.ts";
import { systemClock } from "../../server/platform/index.ts";
import { chain } from "../kit/fixture-model.ts";
import { entryFor, ready, serviceDeps, startEngine, writeFixture } from "../inference/fixture.ts";
import { never, useWorkbench, strictBugs } from "./workbench.ts";
import type { OpenFixture } from "./workbench.ts";

const workbench = useWorkbench();
let inference: InferenceService;
let completion: CompletionFeature;
let inline: InlineFeature;

beforeAll(async () => {
  const model = writeFixture({
    words: [" total", " plus", " tax", "calculate", "Price"],
    next: [
      ...chain("=", " total", " plus", " tax", "\n"),
      ...chain("(", "calculate", "Price", ")", "\n"),
      // Statements end here; a closing bracket on a line of its own is never right.
      ...chain("\n", ")", "\n"),
    ],
  });
  const engine = startEngine();
  inference = await ready(
    serviceDeps(model, engine, {
      candidates: () => Promise.resolve([entryFor({ promptFormat: "prefix-only" })]),
    }),
  );
  const bugs = strictBugs();
  const lines = createModelLines({ inference, bugs, clock: systemClock });
  completion = createCompletion({ lines, clock: systemClock, bugs });
  inline = createInline({ lines, clock: systemClock });
});
afterAll(async () => {
  await inference.dispose();
});

function ask(open: OpenFixture): Promise<CompletionAnswer> {
  return completion.complete(
    {
      snapshot: open.snapshot(),
      offset: open.cursor(),
      isInvoked: false,
      modelDeadlineMs: 30_000,
      maxItems: 10,
    },
    never,
  );
}

it("the model's line is the first item, and typing along it evaluates nothing", async () => {
  const open = await workbench.open("//- /a.py\nprint($0\n");
  const first = await ask(open);
  expect(first.items[0]).toMatchObject({ kind: "model-line", label: "calculatePrice)" });
  expect(first.model.outcome).toBe("answered");
  expect(first.model.tokens?.evaluated).toBeGreaterThan(0);
  for (const letter of "calc") {
    open.type(letter);
    const next = await ask(open);
    expect(next.items[0]).toMatchObject({ kind: "model-line", label: "calculatePrice)" });
    expect(next.model.tokens).toEqual({ evaluated: 0, reused: 0, generated: 0 });
  }
});

it("ghost text and the menu share one answer", async () => {
  const open = await workbench.open("//- /a.py\nprint($0\n");
  const query = { snapshot: open.snapshot(), offset: open.cursor(), selected: undefined, isInvoked: false };
  const [suggestions, answer] = await Promise.all([inline.suggest(query, never), ask(open)]);
  expect(suggestions[0]?.edit).toEqual(answer.items[0]?.edit);
  open.type("c");
  const again = { ...query, snapshot: open.snapshot(), offset: open.cursor() };
  expect(await inline.suggest(again, never)).toMatchObject([{ edit: { newText: "calculatePrice)" } }]);
});

it("a key that comes while the answer is written evaluates nothing more", async () => {
  const open = await workbench.open("//- /a.py\ntotal = 1\nprint($0\n");
  const first = ask(open);
  open.type("c");
  const second = await ask(open);
  expect((await first).model.outcome).toBe("answered");
  expect(second.items[0]).toMatchObject({ kind: "model-line", label: "calculatePrice)" });
  expect(second.model).toMatchObject({ source: "kept", tokens: { evaluated: 0, reused: 0, generated: 0 } });
});

it("a name that the model wants comes before one that is declared nearer", async () => {
  const text = "plus = 1\ntotal = 2\nprivate = 3\nx =$0\n";
  const open = await workbench.open(`//- /a.py\n${text}`);
  open.type(" ");
  const answer = await completion.complete(
    {
      snapshot: open.snapshot(),
      offset: open.cursor(),
      isInvoked: true,
      modelDeadlineMs: 30_000,
      maxItems: 10,
    },
    never,
  );
  const names = answer.items.filter(({ kind }) => kind === "variable").map(({ label }) => label);
  expect(names[0]).toBe("total");
});

it("a line that would break the syntax is not shown", async () => {
  const open = await workbench.open("//- /a.py\nx = 1\n$0");
  const answer = await ask(open);
  expect(answer.model.outcome).toBe("gated");
  expect(answer.model.tokens?.generated).toBeGreaterThan(0);
  expect(answer.items).toEqual([]);
});
