// A running answer and the keys that come while it is written: kept while they agree, shown in part, given up when they do not.
import { describe, expect, it } from "vitest";
import { createCompletion, createModelLines } from "../../server/features/index.ts";
import { questionAt } from "../../server/features/completion/model/line-question.ts";
import { questionAfter } from "../../server/features/completion/model/next-question.ts";
import { accept, accepted, useMenu, DEADLINE_MS, namesOf } from "./menu.ts";
import { useWorkbench, never, strictBugs } from "./workbench.ts";

const workbench = useWorkbench();
const menu = useMenu();

const greeter = `
  //- /greeter.py
  def greet(person):
      return f"hi {person}"

  message = gre$0
`;
const withLine = (line: string): string => `def greet(person):\n    return f"hi {person}"\n\n${line}\n`;

describe("a running answer", () => {
  it("is kept while what is typed agrees with it, and the rest is the answer to the last key", async () => {
    const open = await workbench.open(greeter);
    const first = await menu.askLate(open);
    expect(first.model.outcome).toBe("late");
    await menu.inference.asked[0]?.write("et", "(");
    open.type("e");
    void menu.ask(open);
    open.type("t");
    const last = menu.ask(open);
    await menu.inference.asked[0]?.write('"you"', ")");
    await menu.inference.asked[0]?.answer();
    const answer = await last;
    expect(accepted(open, answer)).toEqual([withLine('message = greet("you")')]);
    expect(answer.model).toMatchObject({ outcome: "answered", source: "kept" });
    expect(answer.isIncomplete).toBe(false);
    expect(menu.inference.asked).toHaveLength(1);
    expect(menu.lines.totals()).toMatchObject({ asked: 1, kept: 2, cache: 0 });
  });

  it("is kept when more was typed than it has written, as long as that comes to agree", async () => {
    const open = await workbench.open(greeter);
    void menu.ask(open);
    open.type("et(");
    const answer = menu.ask(open);
    await menu.inference.asked[0]?.write("et", "(");
    await menu.inference.asked[0]?.answer('et("you")');
    expect(accepted(open, await answer)).toEqual([withLine('message = greet("you")')]);
    expect(menu.inference.asked).toHaveLength(1);
  });

  it("is given up at the first token that disagrees with what was typed, and the new text is asked for", async () => {
    const open = await workbench.open(greeter);
    const first = menu.ask(open);
    open.type("x");
    const second = menu.ask(open);
    expect(menu.inference.asked).toHaveLength(1);
    await menu.inference.asked[0]?.write("et");
    expect(menu.inference.asked[0]?.signal.aborted).toBe(true);
    expect(menu.inference.asked).toHaveLength(2);
    expect((await first).model.outcome).toBe("superseded");
    await menu.inference.asked[1]?.answer("_1");
    expect((await second).model).toMatchObject({ outcome: "answered", source: "asked" });
  });

  it("is given up at once when what it has written disagrees with the next key", async () => {
    const open = await workbench.open(greeter);
    await menu.askLate(open);
    await menu.inference.asked[0]?.write("et");
    open.type("x");
    void menu.ask(open);
    expect(menu.inference.asked[0]?.signal.aborted).toBe(true);
    expect(menu.inference.asked).toHaveLength(2);
  });

  it("goes on for who went back to where it was asked", async () => {
    const open = await workbench.open(greeter);
    void menu.ask(open);
    open.type("x");
    const typed = menu.ask(open);
    open.edit({ start: open.cursor() - 1, end: open.cursor(), newText: "" });
    open.moveTo(open.cursor() - 1);
    const back = menu.ask(open);
    await menu.inference.asked[0]?.write("et");
    expect((await typed).model.outcome).toBe("superseded");
    expect(menu.inference.asked[0]?.signal.aborted).toBe(false);
    await menu.inference.asked[0]?.answer("et()");
    expect((await back).model.outcome).toBe("answered");
    expect(menu.inference.asked).toHaveLength(1);
  });

  it("survives that the editor cancels at each key and asks again", async () => {
    const open = await workbench.open(greeter);
    const cancelling = new AbortController();
    const first = menu.ask(open, {}, cancelling.signal);
    await menu.inference.asked[0]?.write("et");
    cancelling.abort();
    expect((await first).model.outcome).toBe("cancelled");
    open.type("e");
    const second = menu.ask(open);
    menu.clock.advance(DEADLINE_MS - 1);
    await menu.inference.asked[0]?.answer("et()");
    expect((await second).model).toMatchObject({ outcome: "answered", source: "kept" });
  });

  it("that turns out doubtful is asked for again with what was typed", async () => {
    const open = await workbench.open(greeter);
    void menu.ask(open);
    open.type("e");
    const second = menu.ask(open);
    await menu.inference.asked[0]?.answer("et()", { isConfident: false });
    expect(menu.inference.asked).toHaveLength(2);
    await menu.inference.asked[1]?.answer("t()");
    expect((await second).model).toMatchObject({ outcome: "answered", source: "asked" });
  });
});

describe("at the deadline", () => {
  it.each([
    ["a call", ["et", '("you")', ".strip"], 'message = greet("you")'],
    ["a word that is whole", ["eting", ".upper", "("], "message = greeting.upper"],
    ["a member", ["et", ".name", " +"], "message = greet.name"],
    ["nothing of a word that may go on", ["et"], undefined],
    ["nothing of an open call", ["_all", "(", "person"], "message = gre_all"],
    ["nothing within a string", ['et("you', ", and"], "message = greet"],
    ["nothing after an operator", ["et", " + "], "message = greet"],
    ["nothing unsure", [{ text: "et", probability: 0.5 }, "(1)"], undefined],
    [
      "what is sure before a doubt",
      ["et", "(1)", { text: ".x", probability: 0.2 }, "y"],
      "message = greet(1)",
    ],
  ])("%s of what is written is shown", async (_, tokens, expected) => {
    const open = await workbench.open(greeter);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.write(...tokens);
    menu.clock.advance(DEADLINE_MS);
    const answer = await asked;
    const text = expected === undefined ? [] : [withLine(expected)];
    // The bare name is in the list of names anyway.
    expect(accepted(open, answer)).toEqual(text);
    expect(answer.model.outcome).toBe(expected === undefined ? "late" : "partial");
    expect(answer.isIncomplete).toBe(true);
    expect(menu.inference.asked[0]?.signal.aborted).toBe(false);
  });

  it("whole lines of a block are shown, and the rest comes with the next key", async () => {
    const open = await workbench.open("//- /a.py\ndef total(items):\n    $0\n");
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.write("total = 0\n", "    for item in items:\n", "        tot");
    menu.clock.advance(DEADLINE_MS);
    expect(accepted(open, await asked)[0]).toBe("def total(items):\n    total = 0\n    for item in items:\n");
    open.type("t");
    const next = menu.ask(open);
    await menu.inference.asked[0]?.write("al += item\n", "    return total\n", "\n", "x");
    expect(accepted(open, await next)[0]).toBe(
      "def total(items):\n    total = 0\n    for item in items:\n        total += item\n    return total\n",
    );
    expect(menu.inference.asked).toHaveLength(1);
  });
});

describe("the next suggestion", () => {
  it("is there before it is asked for: on the line after the one that was accepted", async () => {
    const open = await workbench.open(greeter);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.answer('et("you")');
    const answer = await asked;
    expect(menu.inference.ahead[0]?.request).toMatchObject({
      requestClass: "background",
      before: withLine('message = greet("you")'),
      after: "\n",
    });
    await menu.inference.ahead[0]?.answer("print(message)");
    accept(open, answer);
    open.type("\n");
    const next = await menu.ask(open);
    expect(accepted(open, next)[0]).toBe(`${withLine('message = greet("you")')}print(message)\n`);
    expect(next.model.source).toBe("cache");
    open.type("pri");
    expect((await menu.ask(open)).model.source).toBe("cache");
    expect(menu.inference.asked).toHaveLength(1);
  });

  it("is joined while it is being written", async () => {
    const open = await workbench.open(greeter);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.answer("et()");
    accept(open, await asked);
    open.type("\n");
    await menu.inference.ahead[0]?.write("print");
    const next = menu.ask(open);
    await menu.inference.ahead[0]?.answer("print(message)");
    expect((await next).model).toMatchObject({ outcome: "answered", source: "kept" });
    expect(menu.inference.asked).toHaveLength(1);
  });

  it("is asked for as typing when the guess has not begun to write", async () => {
    const open = await workbench.open(greeter);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.answer("et()");
    accept(open, await asked);
    open.type("\n");
    void menu.ask(open);
    expect(menu.inference.asked).toHaveLength(2);
    expect(menu.inference.asked[1]?.request.requestClass).toBe("typing");
  });

  it("is not waited for when something else is typed, and is when one types along", async () => {
    const open = await workbench.open(greeter);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.answer("et()");
    await asked;
    open.type("e");
    await menu.ask(open);
    expect(menu.inference.ahead).toHaveLength(1);
    expect(menu.inference.ahead[0]?.signal.aborted).toBe(false);
    open.type("x");
    void menu.ask(open);
    expect(menu.inference.ahead[0]?.signal.aborted).toBe(true);
  });

  it("is guessed one step further in after a line that opens a block", async () => {
    const open = await workbench.open("//- /a.py\nif x:\n  y = 1\n$0");
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.answer("for a in b:");
    await asked;
    expect(menu.inference.ahead[0]?.request).toMatchObject({
      before: "if x:\n  y = 1\nfor a in b:\n  ",
      shape: "block",
    });
  });

  it("is guessed once, and not where it is known", async () => {
    const open = await workbench.open(greeter);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.answer("et()");
    await asked;
    await menu.inference.ahead[0]?.answer("print(message)");
    await menu.ask(open);
    await menu.ask(open);
    expect(menu.inference.ahead).toHaveLength(1);
  });

  it("is left alone where a measurement wants questions only", async () => {
    const { inference, clock } = menu;
    const bugs = strictBugs();
    const lines = createModelLines({ inference, bugs, clock, looksAhead: false });
    const completion = createCompletion({ lines, clock, bugs });
    const open = await workbench.open(greeter);
    const query = { snapshot: open.snapshot(), offset: open.cursor(), isInvoked: false };
    const asked = completion.complete({ ...query, modelDeadlineMs: DEADLINE_MS, maxItems: 20 }, never);
    await inference.asked[0]?.answer("et()");
    expect((await asked).model.outcome).toBe("answered");
    expect(inference.ahead).toHaveLength(0);
  });

  it("is given up with the document", async () => {
    const open = await workbench.open(greeter);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.answer("et()");
    await asked;
    menu.lines.forget(open.snapshot().id);
    expect(menu.inference.ahead[0]?.signal.aborted).toBe(true);
  });
});

describe("the question after a suggestion", () => {
  it("stands on the next line, as far in as the editor puts the cursor", async () => {
    const open = await workbench.open("//- /a.py\ndef f():\n    x = 1\n    if $0\n");
    const question = questionAt(open.snapshot(), open.cursor());
    expect(questionAfter(open.snapshot(), question, "x:").before).toMatch(/if x:\n {8}$/);
    expect(questionAfter(open.snapshot(), question, "x:\n        y = 2").before).toMatch(/y = 2\n {8}$/);
  });

  it("is found at the cursor, however long the text above is", async () => {
    const above = "    something = compute(value, other) + 42  # a line of an ordinary length\n".repeat(3000);
    const open = await workbench.open("//- /notes.unknown\nx$0");
    open.edit({ start: 0, end: 0, newText: above });
    open.moveTo(above.length + 1);
    const snapshot = open.snapshot();
    const question = questionAt(snapshot, open.cursor());
    const best = (work: () => unknown): number =>
      Math.min(
        ...[1, 2, 3, 4, 5].map(() => {
          const sinceMs = performance.now();
          work();
          return performance.now() - sinceMs;
        }),
      );
    // Reading the text once takes longer than this should; looking for its last line from every character hundreds of times as long.
    const once = best(() => Array.from(question.before).length);
    expect(best(() => questionAfter(snapshot, question, "y"))).toBeLessThan(once);
  });
});

describe("names with a model", () => {
  const totals = `
    //- /a.py
    total_items = 1
    total_price = 2
    total_weight = 3
    x = tot$0
  `;

  it("stand in the order in which the model wants them", async () => {
    const open = await workbench.open(totals);
    menu.inference.likes.set("total_price", 0.7).set("total_weight", 0.2);
    const asked = menu.ask(open);
    expect(menu.inference.asked[0]?.request.names).toEqual(
      expect.arrayContaining(["total_items", "total_price", "total_weight"]),
    );
    await menu.inference.asked[0]?.answer("al_price", { isConfident: false });
    const names = namesOf(await asked);
    expect(names.slice(0, 3)).toEqual(["total_price", "total_weight", "total_items"]);
  });

  it("are ranked by what a running answer has told at the deadline, and by the same answer at the next key", async () => {
    const open = await workbench.open(totals);
    menu.inference.likes.set("total_weight", 0.9);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.write("al");
    menu.clock.advance(DEADLINE_MS);
    expect(namesOf(await asked)[0]).toBe("total_weight");
    open.type("a");
    expect(namesOf(await menu.askLate(open))[0]).toBe("total_weight");
    expect(menu.inference.asked).toHaveLength(1);
  });

  it("do not jump when the model's opinion comes after the list was shown", async () => {
    const open = await workbench.open(totals);
    const before = namesOf(await menu.askLate(open));
    menu.inference.likes.set("total_weight", 0.9);
    open.type("al");
    const typed = namesOf(await menu.askLate(open));
    expect(typed).toEqual(before);
    await menu.inference.asked[0]?.answer("al_weight", { isConfident: false });
    expect(namesOf(await menu.askLate(open))).toEqual(typed);
  });

  it("keep their own order without their part", async () => {
    menu.restart({ names: false, filters: true, gate: true, identifiers: true });
    menu.inference.likes.set("total_weight", 0.9);
    const open = await workbench.open(totals);
    const asked = menu.ask(open);
    expect(menu.inference.asked[0]?.request.names).toBeUndefined();
    await menu.inference.asked[0]?.answer("al_weight", { isConfident: false });
    expect(namesOf(await asked)[0]).not.toBe("total_weight");
  });
});

describe("names in the model's line", () => {
  const known = `
    //- /a.py
    import math
    from os import path as place

    def area(radius):
        return ma$0
  `;

  it.each([
    ["th.pi * radius", 0],
    ["th.anything(radius)", 0],
    ["x(radius, 2)", 0],
    ["x(radius, place.sep)", 0],
    ["x(other for other in [radius])", 0],
    ["x(radius, key=len)", 0],
    ['x(radius, "invented")', 0],
    ["x(radius, diameter)", "last"],
    ["thing(radius)", undefined],
  ])("%s", async (line, rank) => {
    const open = await workbench.open(known);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.answer(line);
    const { items } = await asked;
    const at = items.findIndex(({ kind }) => kind === "model-line");
    expect(items.length).toBeGreaterThan(2);
    expect(at).toBe(rank === undefined ? -1 : rank === "last" ? items.length - 1 : 0);
  });

  it.each([
    ["a wildcard import", "//- /a.py\nfrom math import *\nx = ma$0\n"],
    ["no import at all", "//- /a.py\nx = ma$0\n"],
    ["a language that gives names without a word", '//- /a.go\npackage a\n\nimport "fmt"\n\nvar x = ma$0\n'],
  ])("are not judged with %s", async (_, fixture) => {
    const open = await workbench.open(fixture);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.answer("gnify(1)");
    expect((await asked).items[0]).toMatchObject({ kind: "model-line", label: "magnify(1)" });
  });

  it("are not judged without their part", async () => {
    menu.restart({ names: true, filters: true, gate: true, identifiers: false });
    const open = await workbench.open(known);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.answer("thing(radius)");
    expect((await asked).items[0]).toMatchObject({ kind: "model-line" });
  });
});
