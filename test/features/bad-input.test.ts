// What no editor should send and some do: keys faster than any answer, storms of undo, half characters, texts full of special tokens.
import { setMaxListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createInline } from "../../server/features/index.ts";
import type { CompletionAnswer } from "../../server/features/index.ts";
import { applyEdit } from "../../server/text/index.ts";
import { accepted, useMenu, DEADLINE_MS } from "./menu.ts";
import { useWorkbench, never } from "./workbench.ts";
import type { OpenFixture } from "./workbench.ts";

const workbench = useWorkbench();
const menu = useMenu();

/** Requests that nobody has ended yet. */
const running = (): number =>
  menu.inference.asked.filter(({ signal, isOver }) => !signal.aborted && !isOver).length;

function erase(open: OpenFixture, length = 1): void {
  const end = open.cursor();
  open.edit({ start: end - length, end, newText: "" });
  open.moveTo(end - length);
}

it("a hundred keys within a second have exactly one answer each, and one question runs at a time", async () => {
  const open = await workbench.open("//- /a.py\nvalue = 1\nresult = $0\n");
  const keys =
    "compute_the_value_of(value, other_value) + compute_another_value(value, third) * value - first / 1000";
  const counts: number[] = [];
  const answers: Promise<CompletionAnswer>[] = [];
  for (let at = 0; at < 100; at += 1) {
    open.type(keys.charAt(at));
    counts.push(0);
    const asked = menu.ask(open);
    answers.push(asked);
    void asked.then(() => (counts[at] = (counts[at] ?? 0) + 1));
    // The model writes a token for every third key, now in agreement, now not.
    if (at % 3 === 0) await menu.inference.asked.at(-1)?.write(at % 2 === 0 ? keys.charAt(at + 1) : "?");
    menu.clock.advance(10);
    expect(running()).toBeLessThanOrEqual(1);
  }
  menu.clock.advance(DEADLINE_MS);
  await Promise.all(answers);
  expect(counts).toEqual(counts.map(() => 1));
  await menu.inference.asked.at(-1)?.answer("!");
  const { asked, kept, cache, unanswered } = menu.lines.totals();
  expect(asked + kept + cache + unanswered).toBeGreaterThanOrEqual(100);
});

it("in any order of typing, undoing, jumping, cancelling and answers, each request has one answer and nothing stays", async () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant("type" as const),
      text: fc.constantFrom("a", "b", "(", ")", " ", "\n", "ab"),
    }),
    fc.record({ do: fc.constant("undo" as const) }),
    fc.record({ do: fc.constant("jump" as const), to: fc.nat(30) }),
    fc.record({ do: fc.constant("write" as const), text: fc.constantFrom("a", "b", "ab", "(", ")", "\n  ") }),
    fc.record({ do: fc.constant("answer" as const), text: fc.constantFrom("a", "ab(", "b)", "", "a\n  b") }),
    fc.record({ do: fc.constant("fail" as const) }),
    fc.record({ do: fc.constant("cancel" as const) }),
    fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(0, 20, 100) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      menu.restart();
      const open = await workbench.open("//- /a.py\ndef f():\n    $0\n");
      const inline = createInline({ lines: menu.lines, clock: menu.clock });
      let requests = 0;
      let answers = 0;
      const newSignal = (): AbortController => {
        const controller = new AbortController();
        setMaxListeners(0, controller.signal);
        return controller;
      };
      let cancel = newSignal();
      const undone: string[] = [];
      for (const one of steps) {
        const last = menu.inference.asked.at(-1);
        if (one.do === "type") {
          open.type(one.text);
          undone.push(one.text);
        } else if (one.do === "undo") {
          const text = undone.pop();
          if (text !== undefined && open.cursor() >= text.length) erase(open, text.length);
        } else if (one.do === "jump") {
          open.moveTo(Math.min(one.to, open.snapshot().text.content.length));
          undone.length = 0;
        } else if (one.do === "write") await last?.write(one.text);
        else if (one.do === "answer") await (menu.inference.ahead.at(-1) ?? last)?.answer(one.text);
        else if (one.do === "fail") await last?.fail({ kind: "failed", reason: "a test" });
        else if (one.do === "cancel") {
          cancel.abort();
          cancel = newSignal();
        } else menu.clock.advance(one.ms);
        requests += 2;
        const { signal } = cancel;
        void menu.ask(open, {}, signal).then((answer) => {
          answers += 1;
          expect(answer.items.length).toBeLessThanOrEqual(20);
        });
        const query = { snapshot: open.snapshot(), offset: open.cursor(), selected: undefined };
        void inline.suggest({ ...query, isInvoked: false }, signal).then(() => (answers += 1));
        expect(running()).toBeLessThanOrEqual(1);
      }
      cancel.abort();
      menu.clock.advance(1000);
      for (const request of menu.inference.asked) await request.answer("x");
      await new Promise((next) => setImmediate(next));
      expect(answers).toBe(requests);
      expect(running()).toBe(0);
    }),
    { numRuns: 150 },
  );
});

it("a storm of undo and redo is answered from memory", async () => {
  const open = await workbench.open("//- /a.py\nvalue = 1\nresult = va$0\n");
  const asked = menu.ask(open);
  await menu.inference.asked[0]?.answer("lue + value");
  await asked;
  for (let round = 0; round < 50; round += 1) {
    open.type("lue");
    expect((await menu.ask(open)).model.source).toBe("cache");
    erase(open, 3);
    expect((await menu.ask(open)).model.source).toBe("cache");
  }
  expect(menu.inference.asked).toHaveLength(1);
});

/** Half of a surrogate pair. */
const HALF = /[\ud800-\udfff]/u;

describe("a cursor within a character", () => {
  it.each([
    ["in a string", 'x = "😀"\ny = 1\n', 6],
    ["in a name", "𝒳𝒴 = 1\n", 3],
    ["at the end of a comment", "x = 1 # 😀\n", 9],
  ])("%s counts as one before it", async (_, content, offset) => {
    const open = await workbench.open("//- /a.py\nx");
    open.edit({ start: 0, end: 1, newText: content });
    await open.snapshot().syntax.whenParsed(never);
    const asked = menu.ask(open, { offset });
    await menu.inference.asked[0]?.answer("lue");
    menu.clock.advance(DEADLINE_MS);
    const answer = await asked;
    for (const { edit } of answer.items) {
      expect(applyEdit(open.snapshot().text, edit).content).not.toMatch(HALF);
    }
    for (const { request } of menu.inference.asked) {
      expect(request.before + "|" + request.after).not.toMatch(HALF);
    }
  });
});

describe("a text full of special tokens", () => {
  it.each([
    ["<|fim_prefix|>", "<|fim_suffix|>"],
    ["<fim_middle>", "</s>"],
    ["<|endoftext|>", "<|im_start|>"],
    ["\u001b", "\ufffd"],
  ])("%j stays text, and is never suggested", async (first, second) => {
    const open = await workbench.open("//- /a.py\nx = $0\n");
    open.edit({ start: 0, end: 0, newText: `# ${first} ${second}\nname = "${first}"\n` });
    open.moveTo(open.snapshot().text.content.indexOf("x = ") + 4);
    await open.snapshot().syntax.whenParsed(never);
    const asked = menu.ask(open);
    expect(menu.inference.asked[0]?.request.before).toBe(`# ${first} ${second}\nname = "${first}"\nx = `);
    await menu.inference.asked[0]?.answer(`name${second}name`);
    expect(accepted(open, await asked)).toEqual([`# ${first} ${second}\nname = "${first}"\nx = name\n`]);
  });
});

it("a line of a hundred thousand characters is answered", async () => {
  const open = await workbench.open("//- /a.py\nx = $0\n");
  open.edit({ start: 0, end: 0, newText: `y = "${"a b ".repeat(25_000)}"\n` });
  const answer = await menu.askLate(open, { offset: 50_000, isInvoked: true });
  expect(answer.items.length).toBeLessThanOrEqual(20);
});
