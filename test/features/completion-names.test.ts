// Known names in the menu: from scopes, members, imports, other documents, the language and the text, without a model.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCompletion, createModelLines } from "../../server/features/index.ts";
import type { CompletionAnswer } from "../../server/features/index.ts";
import { systemClock } from "../../server/platform/index.ts";
import type { SyntaxService } from "../../server/syntax/index.ts";
import { createScriptedInference } from "./scripted-inference.ts";
import { createWorkbench, never, startSyntax, strictBugs } from "./workbench.ts";

let syntax: SyntaxService;
beforeAll(async () => {
  syntax = await startSyntax();
});
afterAll(() => syntax.dispose());

async function answerAt(
  fixture: string,
  options: { readonly isInvoked?: boolean; readonly maxItems?: number } = {},
): Promise<CompletionAnswer> {
  const inference = createScriptedInference();
  inference.reply = { kind: "not-ready" };
  const bugs = strictBugs();
  const completion = createCompletion({
    lines: createModelLines({ inference, bugs }),
    clock: systemClock,
    bugs,
  });
  const opened = await createWorkbench(syntax).open(fixture);
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
