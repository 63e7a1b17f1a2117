// Blocks of several lines: where they are asked for, where they end, what is kept of them, and how they are written into the document.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createInline } from "../../server/features/index.ts";
import type { InlineSuggestion } from "../../server/features/index.ts";
import { findBlockEnd } from "../../server/features/completion/model/block/block-end.ts";
import { plainText } from "../../server/features/completion/model/block/block-text.ts";
import { blockPlaceAt } from "../../server/features/completion/model/block/block-place.ts";
import { indentUnitOf, reindent } from "../../server/features/completion/model/block/indentation.ts";
import { straighten } from "../../server/features/completion/model/block/straighten.ts";
import { filterText } from "../../server/features/completion/model/filters/block-filter.ts";
import { applyEdit } from "../../server/text/index.ts";
import { accepted, useMenu } from "./menu.ts";
import { useWorkbench, never } from "./workbench.ts";
import type { OpenFixture } from "./workbench.ts";

const workbench = useWorkbench();
const menu = useMenu();

describe("a block is asked for", () => {
  const placeAt = (language: string, text: string): string | undefined => {
    const [before = "", after = ""] = text.split("|");
    return blockPlaceAt(workbench.syntax.languages.byId(language), before, after)?.kind;
  };
  it.each([
    ["at the end of a line that opens one", "python", "def f():|\n", "body"],
    ["on the empty first line of a body", "python", "def f():\n    |\n", "body"],
    [
      "in an indented body",
      "python",
      "class A:\n    def f(self):\n        |\n\n    def g(self): ...\n",
      "body",
    ],
    ["between braces", "typescript", "function f() {\n  |\n}\n", "body"],
    ["behind an opening brace", "typescript", "if (a) {|\n}\n", "body"],
    ["between `do` and `end`", "ruby", "items.each do |item|\n  |\nend\n".replace("|item|", ""), "body"],
    ["after `def`", "ruby", "def area(r)\n  |\nend\n", "body"],
    ["after `then`", "lua", "if a then\n  |\nend\n", "body"],
    ["after a function's head", "lua", "local function f(a)\n  |\nend\n", "body"],
    ["after `do`", "bash", "for f in *; do\n  |\ndone\n", "body"],
    ["after a function's head without braces", "julia", "function f(a)\n  |\nend\n", "body"],
    ["in an empty documentation comment", "typescript", "/**|\nfunction f() {}\n", "comment"],
    ["on its first line", "typescript", "/**\n * |\n */\nfunction f() {}\n", "comment"],
    ["in an empty documentation string", "python", 'def f():\n    """|\n    return 1\n', "comment"],
  ])("%s (%s)", (_, language, text, kind) => {
    expect(placeAt(language, text)).toBe(kind);
  });

  it.each([
    ["in the middle of a line", "python", "def f(|):\n"],
    ["after a plain line", "python", "x = 1\n|\n"],
    ["at the end of a plain line", "python", "x = |\n"],
    ["where the body is there", "python", "def f():\n    |\n    return 1\n"],
    ["on the second line of a body", "python", "def f():\n    x = 1\n    |\n"],
    ["behind a key of a dictionary", "python", 'a = {\n    "b":|\n}\n'],
    ["after a block on one line", "ruby", "def area(r) = r end\n|\n"],
    ["in a comment that says something", "typescript", "/** Says.|\nfunction f() {}\n"],
    ["in a comment above nothing", "typescript", "/**|\n"],
  ])("not %s (%s)", (_, language, text) => {
    expect(placeAt(language, text)).toBeUndefined();
  });
});

describe("a block ends", () => {
  const python = {
    kind: "body",
    startsBelow: false,
    openWidth: 0,
    closer: undefined,
    hasCloser: false,
  } as const;
  const braces = { ...python, closer: "\\}" };
  it.each([
    ["before a line as far out as its head", "a\n    b\nc", python, "a\n    b"],
    ["not before the line shows where it stands", "a\n    b\n", python, undefined],
    ["not within the line's blanks", "a\n    b\n  ", python, undefined],
    ["behind what closes it", "a\n}\nb", braces, "a\n}"],
    ["behind the brackets that follow the closer", "a\n});\nb", braces, "a\n});"],
    ["before the closer that is there already", "a\n}\n", { ...braces, hasCloser: true }, "a"],
    ["not at a closer further in", "if (a) {\n    b\n  }\n", braces, undefined],
    ["before `else`", "a\n} else {\n", braces, "a\n}"],
    ["at the second blank line", "a\n\n\n  b", python, "a"],
    ["not at the first blank line", "a\n\n  b", python, undefined],
    ["after twelve lines", "a\n  b".repeat(1) + "\n  c".repeat(12), python, "a\n  b" + "\n  c".repeat(10)],
    ["nowhere before it begins", "\n    a", { ...python, startsBelow: true }, undefined],
    ["with nothing when nothing stands further in", "\na", { ...python, startsBelow: true }, ""],
    ["with line breaks as they are", "a\r\n  b\r\nc", python, "a\r\n  b"],
  ])("%s", (_, answer, place, expected) => {
    const end = findBlockEnd(answer, place);
    expect(end === undefined ? undefined : answer.slice(0, end)).toBe(expected);
  });

  it("where it was first seen to end, whatever is written after it", () => {
    const piece = fc.constantFrom(
      "a",
      "end",
      "en",
      "d",
      "}",
      ")",
      ";",
      " ",
      "  ",
      "\n",
      "\n\n",
      "\n  ",
      "\r\n",
      "{",
    );
    const places = [python, braces, { ...braces, hasCloser: true }, { ...python, closer: "end\\b" }];
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom(...places), (pieces, place) => {
        let answer = "";
        let found: number | undefined;
        for (const one of pieces) {
          answer += one;
          const end = findBlockEnd(answer, place);
          if (found !== undefined) expect(end).toBe(found);
          if (end !== undefined) expect(end).toBeLessThanOrEqual(answer.length);
          found ??= end;
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("a documentation comment ends at its closer", () => {
    const comment = { ...python, kind: "comment", closer: "\\*\\/" } as const;
    expect(findBlockEnd(" Says.\n */\nfunction", comment)).toBe(" Says.\n */".length);
    expect(findBlockEnd(" Says.\n */\nfunction", { ...comment, hasCloser: true })).toBe(" Says.".length);
  });
});

describe("indentation", () => {
  it.each([
    ["if a:\n    b\n", "    "],
    ["if a:\n  b\n", "  "],
    ["if (a) {\n\tb\n}\n", "\t"],
    ["a\n", "    "],
    ["f(a,\n  b)\n\tc\n\td\n", "\t"],
  ])("of %j is %j", (text, unit) => {
    expect(indentUnitOf(text, "")).toBe(unit);
  });

  it.each([
    ["a\n    b\n        c", "\t", "a\n\tb\n\t\tc"],
    ["a\n  b\n    c", "\t", "a\n\tb\n\t\tc"],
    ["a\n\tb\n\t\tc", "  ", "a\n  b\n    c"],
    ["a\n\tb", "\t", "a\n\tb"],
    ["a\n   b", "  ", "a\n   b"],
  ])("%j is written with %j", (text, unit, expected) => {
    expect(reindent(text, unit)).toBe(expected);
  });

  it("is the model's own where no line around has any: Go's tabs stay tabs", () => {
    const block = "\n\tif a {\n\t\treturn\n\t}";
    expect(plainText(block, { before: "package a\n\nfunc f() {", after: "\n}\n" })).toBe(block);
    expect(plainText(block, { before: "func g() {\n  b()\n}\nfunc f() {", after: "\n}\n" })).toBe(
      block.replaceAll("\t", "  "),
    );
  });
});

describe("of a block is kept", () => {
  const place = {
    lineLeft: "    ",
    lineRight: "",
    linesAbove: ["def f(items):", "log(a)", "setup(first)", "setup(second)"],
    linesBelow: ["", "}", "return_value = compute(x)"],
    brackets: [
      ["(", ")"],
      ["{", "}"],
    ],
  } as const;
  it.each([
    ["everything that is right", "a = 1\n    b = 2", "a = 1\n    b = 2"],
    ["what stands before a line that comes next anyway", "a = 1\nreturn_value = compute(x)", "a = 1"],
    ["what stands before lines from above", "a = 1\n    setup(second)\n    setup(first)\n    b", "a = 1"],
    [
      "what stands before a line for the third time",
      "add(item)\n    add(item)\n    add(item)",
      "add(item)\n    add(item)",
    ],
    [
      "what stands before two lines again",
      "first(item)\n    second(item)\n    first(item)\n    second(item)",
      "first(item)\n    second(item)\n    first(item)",
    ],
    ["what stands before a special token", "a = 1\n    b<|endoftext|>\n    c", "a = 1"],
    ["what stands before brackets that close too much", "a = 1\n    }})\n    c", "a = 1"],
    ["a closer further in than the one below", "if (a) {\n        b\n    }", "if (a) {\n        b\n    }"],
    ["nothing of nothing", "\n    \n", undefined],
    ["the first line when that is cut", "a<|fim|>\n    b", "a"],
    ["a body that begins below", "\n        a = 1", "\n        a = 1"],
  ])("%s", (_, text, expected) => {
    expect(filterText(text, place)).toBe(expected);
  });
});

it("a filtered text begins as the model's did, and filtering it again changes nothing", () => {
  const piece = fc.constantFrom(
    "a",
    "foo(",
    ")",
    "}",
    " ",
    "\n",
    "\n    ",
    "x = 1",
    "<|end|>",
    "add(item)\n",
    "}\n",
    "\t",
  );
  const place = {
    lineLeft: "    ",
    lineRight: "",
    linesAbove: ["add(item)", "x = 1"],
    linesBelow: ["", "}"],
    brackets: [
      ["(", ")"],
      ["{", "}"],
    ],
  } as const;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join("");
      const kept = filterText(text, place);
      if (kept === undefined) return;
      expect(kept.trim()).not.toBe("");
      // Blanks at the end of a line are no part of what it says.
      const plain = (lines: string): string => lines.replace(/[ \t]+$/gm, "");
      expect(plain(text).startsWith(plain(kept))).toBe(true);
      expect(filterText(kept, place)).toBe(kept);
    }),
    { numRuns: 3000 },
  );
});

describe("a block in the menu", () => {
  const body = `
    //- /a.py
    def area(width, height):
        $0

    print(area(1, 2))
  `;
  const withBody = (text: string): string => `def area(width, height):\n    ${text}\n\nprint(area(1, 2))\n`;

  async function answered(open: OpenFixture, ...tokens: string[]): Promise<readonly string[]> {
    const asked = menu.ask(open);
    expect(menu.inference.asked[0]?.request.shape).toBe("block");
    await menu.inference.asked[0]?.write(...tokens);
    await menu.inference.asked[0]?.answer();
    return accepted(open, await asked);
  }

  it("stands beside its first line, and ends where the body does", async () => {
    const open = await workbench.open(body);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.write("size = width * height", "\n", "    return", " size", "\n", "print");
    const answer = await asked;
    expect(accepted(open, answer)).toEqual([
      withBody("size = width * height\n    return size"),
      withBody("size = width * height"),
    ]);
    expect(answer.items).toMatchObject([
      {
        kind: "model-block",
        label: "size = width * height",
        filterText: "size = width * height",
        preview: "size = width * height\n    return size",
        rank: 0,
      },
      { kind: "model-line", label: "size = width * height", rank: 1 },
    ]);
  });

  it("goes on from memory when its first line was accepted, and when one goes back into it", async () => {
    const open = await workbench.open(body);
    const [, first] = await answered(
      open,
      "size = width",
      "\n",
      "    size += 1",
      "\n",
      "    return size",
      "\n",
      "x",
    );
    expect(first).toBe(withBody("size = width"));
    const start = open.cursor();
    open.type("size = width");
    const next = await menu.ask(open);
    expect(accepted(open, next)[0]).toBe(withBody("size = width\n    size += 1\n    return size"));
    open.type("\n    size += ");
    expect(accepted(open, await menu.ask(open))[0]).toBe(
      withBody("size = width\n    size += 1\n    return size"),
    );
    open.edit({ start: start + 5, end: open.cursor(), newText: "" });
    open.moveTo(start + 5);
    const back = await menu.ask(open);
    expect(accepted(open, back)[0]).toBe(withBody("size = width\n    size += 1\n    return size"));
    expect(back.model.source).toBe("cache");
    expect(menu.inference.asked).toHaveLength(1);
  });

  it("is one line when the body is", async () => {
    const open = await workbench.open(body);
    expect(await answered(open, "return width * height", "\n", "\n", "\n")).toEqual([
      withBody("return width * height"),
    ]);
  });

  it("loses the lines that would break the syntax", async () => {
    const open = await workbench.open(body);
    expect(await answered(open, "size = width", "\n", "    return size)", "\n", "    x = (1", "\n")).toEqual([
      withBody("size = width"),
    ]);
  });

  it("loses a last line that was not finished", async () => {
    const open = await workbench.open(body);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.answer("size = width\n    size *= hei", { stop: "token-limit" });
    expect(accepted(open, await asked)).toEqual([withBody("size = width")]);
  });

  it("keeps its sure lines when the rest is doubtful", async () => {
    const open = await workbench.open(body);
    const asked = menu.ask(open);
    const { inference } = menu;
    await inference.asked[0]?.write(
      "size = width",
      "\n",
      { text: "    size", probability: 0.2 },
      " + 1",
      "\n",
    );
    await inference.asked[0]?.answer(undefined, { isConfident: false });
    const answer = await asked;
    expect(accepted(open, answer)).toEqual([withBody("size = width")]);
  });

  it("goes below the line that opens it", async () => {
    const open = await workbench.open("//- /a.py\ndef one():$0\n");
    expect(await answered(open, "\n", "    return 1", "\n", "x")).toEqual(["def one():\n    return 1\n"]);
  });

  it("closes what has no end yet, and leaves the end that is there", async () => {
    const open = await workbench.open("//- /a.ts\nfunction one() {\n  $0\n");
    expect((await answered(open, "const a = 1;", "\n", "  return a;", "\n", "}", "\n"))[0]).toBe(
      "function one() {\n  const a = 1;\n  return a;\n}\n",
    );
    menu.restart();
    const closed = await workbench.open("//- /a.ts\nfunction one() {\n  $0\n}\n");
    expect((await answered(closed, "const a = 1;", "\n", "  return a;", "\n", "}", "\n"))[0]).toBe(
      "function one() {\n  const a = 1;\n  return a;\n}\n",
    );
  });

  it("has the document's line breaks and tabs", async () => {
    const open = await workbench.open("//- /a.ts\nx");
    const content =
      "function one() {\r\n\tif (a) {\r\n\t\tb();\r\n\t}\r\n}\r\n\r\nfunction two() {\r\n\t\r\n}\r\n";
    open.edit({ start: 0, end: open.snapshot().text.content.length, newText: content });
    await open.snapshot().syntax.whenParsed(never);
    const cursor = content.indexOf("\t\r\n") + 1;
    open.moveTo(cursor);
    const [text] = await answered(open, "if (a) {", "\n", "        b();", "\n", "    }", "\n");
    expect(text).toBe(`${content.slice(0, cursor)}if (a) {\r\n\t\tb();\r\n\t}${content.slice(cursor)}`);
    // Typing along it, line break and all, asks nothing.
    open.type("if (a) {\r\n\t\tb");
    expect((await menu.ask(open)).model.source).toBe("cache");
  });

  it("is a documentation comment above a function", async () => {
    const open = await workbench.open("//- /a.ts\n/**\n * $0\n */\nfunction area(radius: number) {}\n");
    const [text] = await answered(open, "Area", " of a circle.", "\n", " * @param radius of it", "\n", " */");
    expect(text).toBe(
      "/**\n * Area of a circle.\n * @param radius of it\n */\nfunction area(radius: number) {}\n",
    );
  });

  it("is shown as it comes without filters and gate", async () => {
    menu.restart({ names: true, filters: false, gate: false, identifiers: false });
    const open = await workbench.open(body);
    expect((await answered(open, "size = width", "\n", "    return size)", "\n"))[0]).toBe(
      withBody("size = width\n    return size)"),
    );
  });
});

describe("the middle of a call", () => {
  it.each([
    ["//- /a.py\nprint(max(1, $0), 2)\n", "2), 3)", "print(max(1, 2), 2)\n"],
    ["//- /a.py\nprint(first, $0, last)\n", "second, third", "print(first, second, third, last)\n"],
    ["//- /a.ts\nrun(a, $0);\n", "(b) => b + 1);", "run(a, (b) => b + 1);\n"],
    ["//- /a.ts\nconst x = { a: $0, b: 2 };\n", "f(1), b: 2 };", "const x = { a: f(1), b: 2 };\n"],
  ])("%s", async (fixture, line, expected) => {
    const open = await workbench.open(fixture);
    const asked = menu.ask(open);
    await menu.inference.asked[0]?.answer(line);
    expect(accepted(open, await asked)).toEqual([expected]);
  });
});

describe("ghost text of several lines", () => {
  it("is the block, and more by hand: its first line and its first part", async () => {
    const open = await workbench.open("//- /a.py\ndef area(width, height):\n    $0\n");
    const inline = createInline({ lines: menu.lines, clock: menu.clock });
    const query = { snapshot: open.snapshot(), offset: open.cursor(), selected: undefined };
    const asked = inline.suggest({ ...query, isInvoked: false }, never);
    await menu.inference.asked[0]?.write("log(width)", "\n", "    return width", "\n", "x");
    const text = "log(width)\n    return width";
    expect(await asked).toEqual([
      { edit: { start: open.cursor(), end: open.cursor(), newText: text }, filterText: "log(width)" },
    ]);
    const byHand = await inline.suggest({ ...query, isInvoked: true }, never);
    expect(byHand.map(({ edit }) => edit.newText)).toEqual([text, "log(width)"]);
    expect(applyEdit(open.snapshot().text, byHand[0]!.edit).content).toBe(
      `def area(width, height):\n    ${text}\n`,
    );
  });

  it("shows after a while what is sure of it, and the rest with the next key", async () => {
    const open = await workbench.open("//- /a.py\ndef total(items):\n    $0\n");
    const inline = createInline({ lines: menu.lines, clock: menu.clock });
    const ask = (isInvoked = false): Promise<readonly InlineSuggestion[]> =>
      inline.suggest(
        { snapshot: open.snapshot(), offset: open.cursor(), selected: undefined, isInvoked },
        never,
      );
    const first = ask();
    const byHand = ask(true);
    menu.clock.advance(1000);
    await menu.inference.asked[0]?.write("total", " = 0\n", "    for item in", " items:\n", "        tot");
    // Nothing was there when the while was over: it is shown as soon as it is there.
    menu.clock.advance(100);
    const part = "total = 0\n    for item in items:";
    expect((await first).map(({ edit }) => edit.newText)).toEqual([part]);
    open.type("t");
    const second = ask();
    await menu.inference.asked[0]?.write("al += item\n", "    return total\n", "\n", "x");
    const whole = `${part}\n        total += item\n    return total`;
    expect((await second).map(({ edit }) => edit.newText)).toEqual([whole]);
    expect((await byHand)[0]?.edit.newText).toBe(whole);
    expect(menu.inference.asked).toHaveLength(1);
    expect(menu.lines.totals().partial).toBe(1);
  });

  it("shows no line whose brackets are open", async () => {
    const open = await workbench.open("//- /a.ts\nfunction total(items: number[]) {\n  $0\n}\n");
    const inline = createInline({ lines: menu.lines, clock: menu.clock });
    const query = { snapshot: open.snapshot(), offset: open.cursor(), selected: undefined };
    const asked = inline.suggest({ ...query, isInvoked: false }, never);
    await menu.inference.asked[0]?.write("let total = 0;\n", "  for (const item of items) {\n", "    total");
    menu.clock.advance(1000);
    expect(await asked).toMatchObject([{ edit: { newText: "let total = 0;" } }]);
  });

  it.each([
    ["a call that is still open", "if x:\n    $0", ["y = max(\n", "        1,\n", "        2,\n", "    )"]],
    ["a line that is still being written", "x = $0", ["max(", "1, 2)"]],
    ["an unsure block", "if x:\n    $0", [{ text: "y", probability: 0.3 }, " = 1\n", "    z"]],
  ])("waits on for %s", async (_, text, tokens) => {
    const open = await workbench.open(`//- /a.py\n${text}\n`);
    const inline = createInline({ lines: menu.lines, clock: menu.clock });
    let isSettled = false;
    const asked = inline
      .suggest(
        { snapshot: open.snapshot(), offset: open.cursor(), selected: undefined, isInvoked: false },
        never,
      )
      .finally(() => (isSettled = true));
    await menu.inference.asked[0]?.write(...tokens);
    for (let step = 0; step < 20; step += 1) {
      menu.clock.advance(500);
      await Promise.resolve();
    }
    expect(isSettled).toBe(false);
    await menu.inference.asked[0]?.answer();
    expect(await asked).toHaveLength(1);
  });

  it("goes on from the menu's selected entry", async () => {
    const open = await workbench.open("//- /a.py\nfor item in [1]:\n    pri$0\n");
    const inline = createInline({ lines: menu.lines, clock: menu.clock });
    const start = open.cursor() - 3;
    const asked = inline.suggest(
      {
        snapshot: open.snapshot(),
        offset: open.cursor(),
        selected: { edit: { start, end: open.cursor(), newText: "print" } },
        isInvoked: false,
      },
      never,
    );
    await menu.inference.asked[0]?.answer("(item)");
    expect(await asked).toMatchObject([{ edit: { newText: "print(item)" } }]);
  });
});

describe("behind an indentation that stands there", () => {
  const body = "def mean(items):\n    ";
  it.each([
    ["a blank too many", body, " return 1", "return 1"],
    [
      "a blank too many, the rest where it belongs",
      body,
      " for x in y:\n        pass",
      "for x in y:\n        pass",
    ],
    ["a whole step too many", body, "    x = 1\n        return x", "x = 1\n    return x"],
    ["a step too many for the first line only", body, "    x = 1\n    return x", "x = 1\n    return x"],
    [
      "a step too many as far as the first lines go",
      body,
      "    if x:\n            y()\n        z()\n    return x",
      "if x:\n        y()\n    z()\n    return x",
    ],
    [
      "a tab too many",
      "class A:\n\tdef f(self):\n\t\t",
      "\tself.x = 1\n\t\t\treturn 2",
      "self.x = 1\n\t\treturn 2",
    ],
    ["the other half of a step", "def f():\n    pass\n\ndef g():\n  ", "  return 1", "  return 1"],
    ["a body below the line's own place", "class A:\n    def f(self):\n    ", "    return 1", "    return 1"],
    ["a step on a plain line, for a reason of its own", "x = [\n    1,\n    ", "    2]", "    2]"],
    ["a blank too many on a plain line", "def f():\n    x = 1\n    ", " return x", "return x"],
    ["a documentation comment's star", "class A:\n    x = 1\n    ", " * Says.", " * Says."],
    ["at the line's beginning", "def f():\n    x = 1\n", "    return x", "    return x"],
    ["a body that begins below", "def f():", "\n    return 1", "\n    return 1"],
  ])("%s", (_, before, text, wanted) => {
    const python = workbench.syntax.languages.byId("python");
    const block = blockPlaceAt(python, before, "\n");
    const question = { before, after: "\n", ...(block === undefined ? {} : { block }) };
    expect(straighten(text, question)).toBe(wanted);
    expect(straighten(wanted, question)).toBe(wanted);
  });

  it("the model's text is shown, and typed along, where the line is indented to", async () => {
    const open = await workbench.open("//- /a.py\ndef mean(items):\n    $0\n");
    const inline = createInline({ lines: menu.lines, clock: menu.clock });
    const ask = (): ReturnType<typeof inline.suggest> =>
      inline.suggest(
        { snapshot: open.snapshot(), offset: open.cursor(), selected: undefined, isInvoked: false },
        never,
      );
    const asked = ask();
    await menu.inference.asked[0]?.answer(" return items");
    expect(await asked).toMatchObject([{ edit: { newText: "return items" } }]);
    open.type("re");
    expect(await ask()).toMatchObject([{ edit: { newText: "return items" } }]);
  });
});
