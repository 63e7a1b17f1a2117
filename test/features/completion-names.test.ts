// Known names in the menu: from scopes, members, imports, other documents, the language and the text, without a model.
import { describe, expect, it } from "vitest";
import { createCompletion, createModelLines } from "../../server/features/index.ts";
import type { CompletionAnswer, CompletionFeature } from "../../server/features/index.ts";
import { createManualClock } from "../../server/platform/index.ts";
import type { Clock } from "../../server/platform/index.ts";
import { createScriptedInference } from "./scripted-inference.ts";
import { at } from "../kit/fixture.ts";
import { never, useWorkbench, strictBugs } from "./workbench.ts";
import type { OpenFixture } from "./workbench.ts";

const workbench = useWorkbench();

function createNamesOnly(clock: Clock): CompletionFeature {
  const inference = createScriptedInference();
  inference.reply = { kind: "not-ready" };
  const bugs = strictBugs();
  return createCompletion({ lines: createModelLines({ inference, bugs, clock }), clock, bugs });
}

function ask(
  completion: CompletionFeature,
  opened: OpenFixture,
  options: { readonly isInvoked?: boolean; readonly maxItems?: number } = {},
): Promise<CompletionAnswer> {
  return completion.complete(
    {
      snapshot: opened.snapshot(),
      others: opened.others(),
      offset: opened.cursor(),
      isInvoked: options.isInvoked ?? false,
      modelDeadlineMs: 1000,
      maxItems: options.maxItems ?? 100,
    },
    never,
  );
}

async function answerAt(
  fixture: string,
  options: { readonly isInvoked?: boolean; readonly maxItems?: number } = {},
): Promise<CompletionAnswer> {
  return ask(createNamesOnly(createManualClock()), await workbench.open(fixture), options);
}

async function namesAt(fixture: string, options: { readonly isInvoked?: boolean } = {}): Promise<string[]> {
  return (await answerAt(fixture, options)).items.map((item) => item.label);
}

describe("names of scopes", () => {
  it("come innermost first", async () => {
    const names = await namesAt(`
      //- /a.py
      value_of_file = 1

      def total(value_of_call):
          value_of_body = 2
          return valu$0
    `);
    expect(names.slice(0, 3)).toEqual(
      ["value_of_call", "value_of_body", "value_of_file"].sort((a, b) => names.indexOf(a) - names.indexOf(b)),
    );
    expect(names.indexOf("value_of_body")).toBeLessThan(names.indexOf("value_of_file"));
  });

  it("leave out a variable that is declared further down in the running scope", async () => {
    const names = await namesAt(`
      //- /a.py
      def total(values):
          resu$0
          result_of_later = 1
    `);
    expect(names).not.toContain("result_of_later");
  });

  it("hold functions that stand further down", async () => {
    const names = await namesAt(`
      //- /a.py
      def first():
          sec$0

      def second():
          pass
    `);
    expect(names).toContain("second");
  });

  it("leave out names of other functions", async () => {
    const names = await namesAt(`
      //- /a.py
      def first():
          secret_here = 1
          return secret_here

      def second():
          secr$0
    `);
    expect(names).not.toContain("secret_here");
  });

  it("show the name under the cursor only when it exists elsewhere", async () => {
    expect(await namesAt("//- /a.py\nunheard$0 = 1\n")).not.toContain("unheard");
  });
});

describe("members", () => {
  it("of the instance come before those of others", async () => {
    const names = await namesAt(`
      //- /a.py
      class Cart:
          def __init__(self):
              self.items = []

          def add(self, item):
              self.$0

      class Other:
          def unrelated(self):
              pass
    `);
    expect(names.slice(0, 2).sort()).toEqual(["add", "items"]);
    expect(names).toContain("unrelated");
    expect(names).not.toContain("Cart");
    expect(names).not.toContain("print");
    expect(names).not.toContain("while");
  });

  it.each([
    [
      "a first parameter under another name",
      "/a.py",
      "class A:\n    size = 1\n    def f(me):\n        me.$0\n\nclass B:\n    width = 1\n",
      "size",
    ],
    [
      "this",
      "/a.ts",
      "class A {\n  size = 1;\n  f() {\n    this.$0\n  }\n}\nclass B {\n  width = 1;\n}\n",
      "size",
    ],
    ["a class", "/a.ts", "class A {\n  static make() {}\n}\nclass B {\n  width = 1;\n}\nA.$0\n", "make"],
    [
      "an annotated parameter",
      "/a.py",
      "class B:\n    width = 1\n\nclass A:\n    size = 1\n\ndef f(a: A):\n    a.$0\n",
      "size",
    ],
    [
      "a variable made by a call",
      "/a.py",
      "class B:\n    width = 1\n\nclass A:\n    size = 1\n\na = A()\na.$0\n",
      "size",
    ],
    [
      "a typed variable",
      "/A.java",
      "class B { int width; }\nclass A {\n  int size;\n  void f(B b) {\n    b.$0\n  }\n}\n",
      "width",
    ],
    [
      "a struct with an impl block",
      "/a.rs",
      "struct B { width: i32 }\nstruct A { size: i32 }\nimpl A {\n  fn f(&self) {\n    self.$0\n  }\n}\n",
      "size",
    ],
    [
      "a receiver parameter",
      "/a.go",
      "package a\n\ntype B struct { Width int }\n\ntype A struct { Size int }\n\nfunc (a *A) F() {\n\ta.$0\n}\n",
      "Size",
    ],
    [
      "a variable with a sigil",
      "/a.php",
      "<?php\nclass B { public int $width = 1; }\nclass A {\n  public int $size = 1;\n  function f() {\n    $this->$0\n  }\n}\n",
      "size",
    ],
  ])("of %s come first", async (_, path, text, first) => {
    const names = await namesAt(`//- ${path}\n${text}`);
    const own = names.filter((name) => ["size", "Size", "make", "width", "Width"].includes(name));
    expect(own[0]).toBe(first);
  });

  it("leave out the half-typed member itself", async () => {
    expect(await namesAt("//- /a.py\nx = 1\nx.unheard$0\n")).toEqual([]);
    expect(await namesAt("//- /a.py\nx.unheard\nx.unheard$0\n")).toEqual(["unheard"]);
  });

  it("are not offered after a range or a number", async () => {
    expect(await namesAt("//- /a.rs\nstruct A { size: i32 }\nfn f() { for i in 0..$0 {} }\n")).toEqual([]);
  });
});

describe("names with a sigil", () => {
  it.each([
    ["/a.php", "<?php\n$subtotal = 1;\n$x = $sub$0;\n", "$subtotal", "$sub"],
    ["/a.php", "<?php\n$subtotal = 1;\n$x = sub$0;\n", "$subtotal", "sub"],
    [
      "/a.rb",
      "class A\n  def initialize\n    @owner = 1\n  end\n  def f\n    @ow$0\n  end\nend\n",
      "@owner",
      "@ow",
    ],
    ["/a.js", "class A {\n  #next = 1;\n  f() {\n    return this.#ne$0;\n  }\n}\n", "#next", "#ne"],
    ["/a.css", "a { font-si$0 }\n", "font-size", "font-si"],
    ["/a.R", "x <- data.fr$0\n", "data.frame", "data.fr"],
    ["/a.sh", "target_folder=/tmp\necho $targ$0\n", "target_folder", "targ"],
    ["/a.py", "def cached(f):\n    return f\n\n@cac$0\ndef g():\n    pass\n", "cached", "cac"],
  ])("in %s %j are replaced as a whole", async (path, text, label, replaced) => {
    const fixture = `//- ${path}\n${text}`;
    const { items } = await answerAt(fixture);
    const item = items[0]!;
    const { content } = at(fixture);
    expect(item.label).toBe(label);
    expect(content.slice(item.edit.start, item.edit.end)).toBe(replaced);
    expect(item.edit.newText).toBe(label);
    expect(item.filterText.startsWith(replaced)).toBe(true);
  });
});

describe("other sources", () => {
  it("are imports, with the module they come from", async () => {
    const { items } = await answerAt("//- /a.py\nfrom collections import OrderedDict as Ordered\nOrd$0\n");
    expect(items[0]).toMatchObject({ label: "Ordered", detail: "collections" });
  });

  it("are open documents of the same language, once they were read, below the document's own names", async () => {
    const fixture = `
      //- /main.py
      def compute_here(): pass
      compute_$0
      //- /lib.py
      def compute_there(): pass
      //- /lib.ts
      function compute_elsewhere() {}
    `;
    const clock = createManualClock();
    const opened = await workbench.open(fixture);
    const completion = createNamesOnly(clock);
    expect((await ask(completion, opened)).items.map(({ label }) => label)).not.toContain("compute_there");
    clock.advance(1000);
    const { items } = await ask(completion, opened);
    expect(items.slice(0, 2)).toMatchObject([
      { label: "compute_here", detail: undefined },
      { label: "compute_there", detail: "lib.py" },
    ]);
    expect(items.map(({ label }) => label)).not.toContain("compute_elsewhere");
  });

  it("are keywords and builtins of the language, below names of the file", async () => {
    const { items } = await answerAt("//- /a.py\nprinter = 1\npri$0\n");
    expect(items.slice(0, 2)).toMatchObject([
      { label: "printer", kind: "variable" },
      { label: "print", kind: "function" },
    ]);
    expect(await namesAt("//- /a.py\nwhi$0\n")).toContain("while");
  });

  it("are words of the text where there is no grammar", async () => {
    const { items } = await answerAt("//- /notes.unknown\nremember the milk\nremem$0\n");
    expect(items).toMatchObject([{ label: "remember", kind: "word" }]);
  });

  it("are words of an oversize text", async () => {
    const { items } = await answerAt(`//- /a.py\nremember = 1\nx = "${"y".repeat(30_000)}"\nremem$0\n`);
    expect(items).toMatchObject([{ label: "remember", kind: "word" }]);
  });
});

describe("a large text", () => {
  it("is answered from its words until its names were read in the background", async () => {
    const body = Array.from({ length: 2500 }, (_, at) => `def handler_${at}(request): return request`);
    const clock = createManualClock();
    const opened = await workbench.open(`//- /a.py\n${body.join("\n")}\nhandler_24$0\n`);
    const completion = createNamesOnly(clock);
    const first = await ask(completion, opened);
    expect(first.isIncomplete).toBe(true);
    expect(first.items[0]).toMatchObject({ kind: "word" });
    clock.advance(1000);
    const second = await ask(completion, opened);
    expect(second.items[0]).toMatchObject({ kind: "function" });
    // A line typed since then moves the offsets, not the names.
    opened.edit({ start: 0, end: 0, newText: "import os\n" });
    opened.moveTo(opened.cursor() + 10);
    opened.type("9");
    expect((await ask(completion, opened)).items[0]).toMatchObject({
      label: "handler_249",
      kind: "function",
    });
  });
});

describe("the list", () => {
  it("is cut at the limit and says so", async () => {
    const answer = await answerAt("//- /a.py\nitem_a = 1\nitem_b = 2\nitem_c = 3\nitem$0\n", { maxItems: 2 });
    expect(answer.items).toHaveLength(2);
    expect(answer.isIncomplete).toBe(true);
  });

  it("is ranked from 1 without a gap, each name once, each edit on the typed word", async () => {
    const fixture = "//- /a.py\nimport items\nitems = items\ndef items(items): return it$0\n";
    const { items } = await answerAt(fixture);
    expect(items.map(({ rank }) => rank)).toEqual(items.map((_, index) => index + 1));
    expect(new Set(items.map(({ label }) => label)).size).toBe(items.length);
    const { content } = at(fixture);
    for (const item of items) expect(content.slice(item.edit.start, item.edit.end)).toBe("it");
  });

  it("is the same for the same text", async () => {
    const fixture = "//- /a.py\nimport os\nbb = 1\nab = 2\nba = 3\ndef f(aa, b): return $0\n";
    const first = await answerAt(fixture, { isInvoked: true });
    expect(await answerAt(fixture, { isInvoked: true })).toEqual(first);
  });

  it("prefers what is used more, and what was used just above", async () => {
    const often = await namesAt(
      "//- /a.py\nitem_a = 1\nitem_b = 2\nprint(item_b, item_b, item_b)\nx = item$0\n",
    );
    expect(often.slice(0, 2)).toEqual(["item_b", "item_a"]);
    const far = "# far away from here\n".repeat(150);
    const recently = await namesAt(
      `//- /a.py\nitem_a = 1\nitem_b = 2\nprint(item_a)\n${far}print(item_b)\nx = item$0\n`,
    );
    expect(recently.slice(0, 2)).toEqual(["item_b", "item_a"]);
  });

  it("is empty right of a blank unless it is asked for by hand", async () => {
    expect(await namesAt("//- /a.py\nvalue = 1\nx = $0\n")).toEqual([]);
    expect(await namesAt("//- /a.py\nvalue = 1\nx = $0\n", { isInvoked: true })).toContain("value");
  });
});

describe("places", () => {
  it("offer nothing in a comment, and words of the text when asked by hand", async () => {
    const fixture = "//- /a.py\ncounter = 1\n# cou$0\n";
    expect(await namesAt(fixture)).toEqual([]);
    expect(await namesAt(fixture, { isInvoked: true })).toEqual(["counter"]);
  });

  it("offer no code in a string", async () => {
    expect(await namesAt('//- /a.py\ncounter = 1\nprint("cou$0")\n')).toEqual([]);
  });

  it("offer nothing right after a number", async () => {
    expect(await namesAt("//- /a.py\ne1 = 3\nx = 1e$0\n", { isInvoked: true })).toEqual([]);
    expect(await namesAt("//- /a.py\ne1 = 3\nx = 1.$0\n", { isInvoked: true })).toEqual([]);
  });
});
