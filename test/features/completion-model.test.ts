// The model's line in the menu: in time, late, remembered, hidden, failed.
import { beforeEach, describe, expect, it } from "vitest";
import { createCompletion, createModelLines } from "../../server/features/index.ts";
import type { CompletionAnswer, CompletionFeature, ModelLines } from "../../server/features/index.ts";
import type { BugRecorder } from "../../server/kernel/index.ts";
import { createBugRecorder } from "../../server/kernel/index.ts";
import { createManualClock } from "../../server/platform/index.ts";
import type { ManualClock } from "../../server/platform/index.ts";
import { applyEdit } from "../../server/text/index.ts";
import { createScriptedInference } from "./scripted-inference.ts";
import type { ScriptedInference } from "./scripted-inference.ts";
import { never, useWorkbench } from "./workbench.ts";
import type { OpenFixture } from "./workbench.ts";

const workbench = useWorkbench();
let inference: ScriptedInference;
let clock: ManualClock;
let bugs: BugRecorder;
let lines: ModelLines;
let completion: CompletionFeature;
beforeEach(() => {
  inference = createScriptedInference();
  clock = createManualClock();
  bugs = createBugRecorder();
  lines = createModelLines({ inference, bugs, clock });
  completion = createCompletion({ lines, clock, bugs });
});

const greeter = `
  //- /greeter.py
  def greet(person):
      return f"hi {person}"

  message = gre$0
`;

function ask(
  open: OpenFixture,
  options: { readonly signal?: AbortSignal; readonly isInvoked?: boolean } = {},
): Promise<CompletionAnswer> {
  return completion.complete(
    {
      snapshot: open.snapshot(),
      offset: open.cursor(),
      isInvoked: options.isInvoked ?? false,
      modelDeadlineMs: 50,
      maxItems: 20,
    },
    options.signal ?? never,
  );
}

/** The model's entry, and the line that accepting it gives. */
function modelLine(open: OpenFixture, answer: CompletionAnswer): string | undefined {
  const item = answer.items.find(({ kind }) => kind === "model-line");
  if (item === undefined) return undefined;
  const { content } = applyEdit(open.snapshot().text, item.edit);
  const start = content.lastIndexOf("\n", item.edit.start - 1) + 1;
  const end = content.indexOf("\n", start);
  return content.slice(start, end < 0 ? undefined : end);
}

describe("a line in time", () => {
  it("comes first, replaces the typed part of the word and is filtered by what it starts with", async () => {
    const open = await workbench.open(greeter);
    const asked = ask(open);
    await inference.asked[0]?.answer('et("you")');
    const answer = await asked;
    expect(answer.items[0]).toEqual({
      kind: "model-line",
      label: 'greet("you")',
      edit: { start: open.cursor() - 3, end: open.cursor(), newText: 'greet("you")' },
      filterText: 'greet("you")',
      rank: 0,
      detail: "model",
    });
    expect(answer.items[1]).toMatchObject({ kind: "function", label: "greet", rank: 1 });
    expect(answer.isIncomplete).toBe(false);
    expect(answer.model).toEqual({
      outcome: "answered",
      source: "asked",
      tokens: { evaluated: 2, reused: 100, generated: 5 },
    });
  });

  it("is asked for with the text on both sides of the cursor, the path and the language's comment", async () => {
    const open = await workbench.open("//- /src/a.py\nx = 1\ny = $0\nz = 3\n");
    void ask(open);
    expect(inference.asked[0]?.request).toMatchObject({
      path: "src/a.py",
      lineComment: "#",
      before: "x = 1\ny = ",
      after: "\nz = 3\n",
      requestClass: "typing",
    });
    const invoked = await workbench.open("//- /src/a.py\ny = $0\n");
    void ask(invoked, { isInvoked: true });
    expect(inference.asked[1]?.request).toMatchObject({ requestClass: "explicit" });
  });

  it("hides the name that says the same", async () => {
    const open = await workbench.open(greeter);
    const asked = ask(open);
    await inference.asked[0]?.answer("et");
    const { items } = await asked;
    expect(items.filter(({ label }) => label === "greet")).toMatchObject([{ kind: "model-line" }]);
  });

  it("is hidden below the model's gate", async () => {
    const open = await workbench.open(greeter);
    const asked = ask(open);
    await inference.asked[0]?.answer('et("you")', { isConfident: false });
    const answer = await asked;
    expect(modelLine(open, answer)).toBeUndefined();
    expect(answer.model.outcome).toBe("gated");
    expect(answer.items.length).toBeGreaterThan(0);
  });

  it("is not asked for inside a word", async () => {
    const open = await workbench.open("//- /a.py\nval$0ue = 1\n");
    expect((await ask(open)).model).toMatchObject({ outcome: "none", tokens: undefined });
    expect(inference.asked).toHaveLength(0);
  });
});

describe("a late line", () => {
  it("does not hold up the names, and serves the next keystroke without the model", async () => {
    const open = await workbench.open(greeter);
    const asked = ask(open);
    clock.advance(50);
    const first = await asked;
    expect(first.model.outcome).toBe("late");
    expect(first.isIncomplete).toBe(true);
    expect(first.items.map(({ label }) => label)).toContain("greet");

    await inference.asked[0]?.answer('et("you")');
    open.type("e");
    const second = await ask(open);
    expect(modelLine(open, second)).toBe('message = greet("you")');
    expect(second.model.tokens).toEqual({ evaluated: 0, reused: 0, generated: 0 });
    expect(inference.asked).toHaveLength(1);
  });

  it("goes on although the client's signal fires after the answer", async () => {
    const open = await workbench.open(greeter);
    const controller = new AbortController();
    const asked = ask(open, { signal: controller.signal });
    clock.advance(50);
    await asked;
    controller.abort();
    expect(inference.asked[0]?.signal.aborted).toBe(false);
  });

  it("is given up when the client cancels before the deadline", async () => {
    const open = await workbench.open(greeter);
    const controller = new AbortController();
    const asked = ask(open, { signal: controller.signal });
    controller.abort();
    expect((await asked).model.outcome).toBe("cancelled");
    // Editors cancel at every key: the model stops when no next key comes.
    expect(inference.asked[0]?.signal.aborted).toBe(false);
    clock.advance(100);
    expect(inference.asked[0]?.signal.aborted).toBe(true);
  });

  it("is given up when the text moves elsewhere", async () => {
    const open = await workbench.open(greeter);
    const first = ask(open);
    open.edit({ start: 0, end: 0, newText: "\n" });
    open.moveTo(open.cursor() + 1);
    const second = ask(open);
    expect((await first).model.outcome).toBe("superseded");
    expect(inference.asked[0]?.signal.aborted).toBe(true);
    expect(inference.asked[1]?.signal.aborted).toBe(false);
    clock.advance(50);
    await second;
  });

  it("is waited for by two requests of one text and asked for once", async () => {
    const open = await workbench.open(greeter);
    const controller = new AbortController();
    const first = ask(open, { signal: controller.signal });
    const second = ask(open);
    controller.abort();
    await first;
    await inference.asked[0]?.answer("et()");
    expect(modelLine(open, await second)).toBe("message = greet()");
    expect(inference.asked).toHaveLength(1);
  });
});

describe("a remembered line", () => {
  async function remembered(text: string, fixture = greeter): Promise<OpenFixture> {
    const open = await workbench.open(fixture);
    const asked = ask(open);
    await inference.asked.at(-1)?.answer(text);
    await asked;
    return open;
  }

  it("lasts while one types along it, letter by letter, to its end", async () => {
    const open = await remembered('et("you")');
    for (const letter of 'et("you"') {
      open.type(letter);
      expect(modelLine(open, await ask(open)), letter).toBe('message = greet("you")');
    }
    expect(inference.asked).toHaveLength(1);
    // The model ended the line itself: there is nothing more to ask.
    open.type(")");
    expect(await ask(open)).toMatchObject({ model: { outcome: "none", source: "cache" } });
    expect(inference.asked).toHaveLength(1);
  });

  it("is asked for again at its end when it was cut", async () => {
    const open = await workbench.open(greeter);
    const asked = ask(open);
    await inference.asked[0]?.answer("et()", { stop: "token-limit" });
    await asked;
    open.type("et()");
    void ask(open);
    expect(inference.asked).toHaveLength(2);
  });

  it("lasts when the editor closes a bracket by itself", async () => {
    const open = await remembered("et(person)");
    open.type("et(");
    open.edit({ start: open.cursor(), end: open.cursor(), newText: ")" });
    const answer = await ask(open);
    expect(answer.items[0]).toMatchObject({ label: "person" });
    expect(modelLine(open, answer)).toBe("message = greet(person)");
    expect(inference.asked).toHaveLength(1);
  });

  it("is there again after going back", async () => {
    const open = await remembered("et()");
    open.type("x");
    clock.advance(0);
    void ask(open);
    open.edit({ start: open.cursor() - 1, end: open.cursor(), newText: "" });
    open.moveTo(open.cursor() - 1);
    const answer = await ask(open);
    expect(modelLine(open, answer)).toBe("message = greet()");
    expect(inference.asked).toHaveLength(2);
  });

  it.each([
    ["a letter that disagrees", (open: OpenFixture) => open.type("z")],
    [
      "an edit above",
      (open: OpenFixture) => {
        open.edit({ start: 0, end: 0, newText: "\n" });
        open.moveTo(open.cursor() + 1);
      },
    ],
    [
      "an edit below",
      (open: OpenFixture) =>
        open.edit({ start: open.cursor() + 1, end: open.cursor() + 1, newText: "x = 1\n" }),
    ],
    ["another model", () => inference.setModel("another")],
    ["closing the document", (open: OpenFixture) => lines.forget(open.snapshot().id)],
  ])("is forgotten after %s", async (_, disturb) => {
    const open = await remembered("et()");
    disturb(open);
    void ask(open);
    expect(inference.asked).toHaveLength(2);
  });

  it("that was doubtful is asked for again once more is typed", async () => {
    const open = await workbench.open(greeter);
    const asked = ask(open);
    await inference.asked[0]?.answer("et()", { isConfident: false });
    await asked;
    expect((await ask(open)).model.outcome).toBe("gated");
    expect(inference.asked).toHaveLength(1);
    open.type("e");
    void ask(open);
    expect(inference.asked).toHaveLength(2);
  });
});

describe("a line that must not be shown", () => {
  it.each([
    ["breaks the syntax", "x = gre$0\n", "et)))"],
    ["loops", "x = gre$0\n", "et.value.get.value.get.value.get.value.get"],
    ["is blank", "x = gre$0\n", "   "],
    ["is a special token", "x = $0\n", "<|endoftext|>"],
    ["stands below already", "x = 1\n$0\nreturn_value = compute(x)\n", "return_value = compute(x)"],
    ["repeats the two lines above", "log(a)\nlog(a)\nlog$0\n", "(a)"],
  ])("because it %s leaves the names alone", async (_, text, line) => {
    const open = await workbench.open(`//- /a.py\n${text}`);
    const asked = ask(open);
    await inference.asked[0]?.answer(line);
    const answer = await asked;
    expect(modelLine(open, answer)).toBeUndefined();
    expect(["gated", "none"]).toContain(answer.model.outcome);
  });
});

describe("a line that may be shown", () => {
  it.each([
    ["opens a block", "//- /a.py\nitems = []\n$0\n", "for item in items:", "for item in items:"],
    [
      "opens a block in braces",
      "//- /a.ts\nconst items = [1];\n$0\n",
      "for (const item of items) {",
      "for (const item of items) {",
    ],
    [
      "opens a function",
      "//- /a.ts\n$0\n",
      "function area(r: number): number {",
      "function area(r: number): number {",
    ],
    ["opens a call over several lines", "//- /a.ts\n$0\n", "console.log(", "console.log("],
    ["closes what the line opened", "//- /a.py\nx = max(1, $0\n", "2)", "x = max(1, 2)"],
    ["stops where a special token begins", "//- /a.py\nx = $0\n", "1 + 2<|endoftext|>", "x = 1 + 2"],
    ["leaves the bracket that is there", "//- /a.py\nprint($0)\n", '"a")', 'print("a")'],
    ["keeps the bracket that it needs", "//- /a.py\nprint($0)\n", "len(a)", "print(len(a))"],
    ["leaves the rest of the line", "//- /a.ts\nconst a = f($0);\n", "1, 2);", "const a = f(1, 2);"],
    [
      "lies in a half-written statement",
      "//- /a.py\ndef f(a):\n    return $0\n\ndef g(:\n",
      "a + 1",
      "    return a + 1",
    ],
  ])("%s", async (_, fixture, line, expected) => {
    const open = await workbench.open(fixture);
    const asked = ask(open);
    await inference.asked[0]?.answer(line);
    expect(modelLine(open, await asked)).toBe(expected);
  });
});

describe("a model that fails", () => {
  it.each([
    [{ kind: "not-ready" } as const, false],
    [{ kind: "superseded" } as const, true],
    [{ kind: "failed", reason: "no memory" } as const, false],
  ])("with %j leaves the names", async (failure, isIncomplete) => {
    const open = await workbench.open(greeter);
    const asked = ask(open);
    await inference.asked[0]?.fail(failure);
    const answer = await asked;
    expect(answer.items.map(({ label }) => label)).toContain("greet");
    expect(answer.model.outcome).toBe(failure.kind);
    expect(answer.isIncomplete).toBe(isIncomplete);
  });

  it("by throwing leaves the names and is recorded", async () => {
    const open = await workbench.open(greeter);
    const asked = ask(open);
    await inference.asked[0]?.crash(new Error("native"));
    const answer = await asked;
    expect(answer.items.map(({ label }) => label)).toContain("greet");
    expect(answer.model.outcome).toBe("failed");
    expect(bugs.list()).toMatchObject([{ key: "completion.model", message: "native" }]);
    const again = ask(open);
    await inference.asked[1]?.answer("et()");
    expect(modelLine(open, await again)).toBe("message = greet()");
  });
});
