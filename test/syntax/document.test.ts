// Open documents: parsed, edited, read, closed.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SyntaxService } from "../../server/syntax/index.ts";
import { createText } from "../../server/text/index.ts";
import { openText, startService, stoppedClock } from "./service.ts";

let service: SyntaxService;
beforeAll(async () => {
  service = await startService({ clock: stoppedClock });
});
afterAll(() => service.dispose());

const sample = `import os
from a.b import c as d


class Greeter:
    def greet(self, name):
        message = f"hi {name}"
        return os.path.join(message, d)
`;

describe("a document", () => {
  it("has facts, an outline and no findings once it is parsed", async () => {
    const document = openText(service, "python", sample);
    const snapshot = await document.parsed();
    expect(snapshot.facts().declarations.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "class Greeter",
      "method greet",
      "parameter self",
      "parameter name",
      "variable message",
    ]);
    expect(snapshot.facts().imports.map(({ source, names }) => [source, names.map((n) => n.alias)])).toEqual([
      ["os", ["os"]],
      ["a.b", ["d"]],
    ]);
    expect(snapshot.outline()).toMatchObject([
      { name: "Greeter", children: [{ name: "greet", children: [] }] },
    ]);
    expect(snapshot.findings()).toEqual([]);
    document.dispose();
  });

  it("answers for the new text in the same turn as the edit", async () => {
    const document = openText(service, "python", sample);
    await document.parsed();
    const at = sample.indexOf("greet(");
    document.edit({ start: at, end: at + 5, newText: "salute" });
    expect(
      document
        .current()
        ?.facts()
        .declarations.map(({ name }) => name),
    ).toContain("salute");
    document.dispose();
  });

  it("finds what is broken by an edit and forgets it when it is mended", async () => {
    const document = openText(service, "python", sample);
    await document.parsed();
    const at = sample.indexOf("):");
    document.edit({ start: at, end: at + 1, newText: "" });
    expect(document.current()?.findings()).not.toEqual([]);
    document.edit({ start: at, end: at, newText: ")" });
    expect(document.current()?.findings()).toEqual([]);
    document.dispose();
  });

  it("keeps a snapshot readable until its text was replaced twice", async () => {
    const document = openText(service, "python", sample);
    const first = await document.parsed();
    document.edit({ start: 0, end: 0, newText: "#" });
    expect(first.outline()).toHaveLength(1);
    document.dispose();
  });

  it("is plain text without a language", async () => {
    const document = service.openDocument(undefined, createText("words"));
    expect(document.current()).toBeUndefined();
    expect(await document.whenParsed(new AbortController().signal)).toBeUndefined();
    document.dispose();
  });
});
