// Findings: one clear sentence for what is wrong, no cascades, nothing about valid code.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SyntaxFinding, SyntaxService } from "../../server/syntax/index.ts";
import { applyEdit, createText } from "../../server/text/index.ts";
import { languageOf, openText, startService, stoppedClock } from "./service.ts";

let service: SyntaxService;
beforeAll(async () => {
  service = await startService({ clock: stoppedClock });
});
afterAll(() => service.dispose());

async function findingsOf(languageId: string, content: string): Promise<readonly SyntaxFinding[]> {
  const document = openText(service, languageId, content);
  try {
    return (await document.parsed()).findings();
  } finally {
    document.dispose();
  }
}

const sayings: readonly (readonly [string, string, readonly string[]])[] = [
  ["python", "def f(a:\n    pass\n", ["`(` is never closed: expected `)` after `a`."]],
  ["python", "x = 'abc\ny = 2\n", ["The string is never closed: expected `'` after `abc`."]],
  ["python", "if x\n    pass\n", ["Expected `:` after `x`."]],
  ["python", "x = [1,\n     2,\n     3\ny = 4\n", ["`[` is never closed: expected `]` after `3` on line 3."]],
  ["python", "x = 1)\n", ["`)` closes nothing: there is no `(` before it."]],
  ["rust", "fn main() {\n    let x = 5\n    let y = 6;\n}\n", ["Expected `;` after `5`."]],
  ["rust", "fn f<'a>(x: &'a str) {\n    g(x;\n}\n", ["`(` is never closed: expected `)` after `x`."]],
  [
    "go",
    "package main\n\nfunc main() {\n\tif x {\n\t\tf()\n\n\tg()\n}\n",
    ["`{` is never closed: expected `}` after `)` on line 5."],
  ],
  ["php", "<?php\nfunction f($a {\n  return 1;\n}\n", ["`(` is never closed: expected `)` after `$a`."]],
];

describe("a finding", () => {
  for (const [languageId, content, messages] of sayings) {
    it(`says of ${JSON.stringify(content)} what is wrong`, async () => {
      expect((await findingsOf(languageId, content)).map(({ message }) => message)).toEqual(messages);
    });
  }

  it("carries a repair after which the text has no error", async () => {
    for (const [languageId, content] of sayings) {
      for (const { repair } of await findingsOf(languageId, content)) {
        if (repair === undefined) continue;
        const mended = applyEdit(createText(content), repair.edit).content;
        expect(await findingsOf(languageId, mended), mended).toEqual([]);
      }
    }
  });

  it("names each of three unclosed brackets once", async () => {
    const content =
      "def total(items:\n    return sum(items)\n\n\nclass A:\n    def f(self):\n        return self.b[0\n\n\nv = (2, 3}\n";
    const findings = await findingsOf("python", content);
    expect(findings.map(({ span }) => content[span.start])).toEqual(["(", "[", "("]);
  });

  it("is not made for one unclosed bracket in front of a long valid file more than once", async () => {
    const valid = Array.from(
      { length: 300 },
      (_, n) => `def f${n}(a, b):\n    return g(a, [b, ${n}])\n`,
    ).join("\n");
    const findings = await findingsOf("python", `x = foo(1, 2\n\n${valid}`);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code: "unclosed-bracket", span: { start: 7 } });
  });

  it("stays within the bound however broken the text is", async () => {
    const findings = await findingsOf("python", "a b = ( ] 'x\n".repeat(200));
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.length).toBeLessThanOrEqual(50);
  });

  it("is never made for a language whose grammar is not to be believed", async () => {
    const silent = service.languages.all.filter(({ syntaxFindings }) => syntaxFindings === "silent");
    expect(silent.length).toBeGreaterThan(0);
    for (const { id } of silent) expect(await findingsOf(id, "((( {{{ ][ '")).toEqual([]);
  });
});

describe("an edit that is only thought of", () => {
  it("is judged without touching the document", async () => {
    const document = openText(service, "python", "x = foo(1\n");
    const snapshot = await document.parsed();
    const close = { start: 9, end: 9, newText: ")" };
    expect(snapshot.errorCount()).toBe(1);
    expect(snapshot.errorCountAfter(close, 1_000)).toBe(0);
    expect(snapshot.findingsAfter(close, 1_000)).toEqual([]);
    expect(snapshot.findings()).toHaveLength(1);
    expect(languageOf(service, "python").syntaxFindings).toBe("trusted");
    document.dispose();
  });
});
