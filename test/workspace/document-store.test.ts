// Open documents: what clients send, also absurdly, and what readers hold.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { positionAt } from "../../server/text/index.ts";
import type { ContentChange, PositionEncoding } from "../../server/text/index.ts";
import type { SyntaxService } from "../../server/syntax/index.ts";
import { createDocumentStore } from "../../server/workspace/index.ts";
import type { DocumentStore, SizeLimits, WorkspaceFolder } from "../../server/workspace/index.ts";
import { startSyntax } from "../features/workbench.ts";

let syntax: SyntaxService;
beforeAll(async () => {
  syntax = await startSyntax();
});
afterAll(() => syntax.dispose());

function newStore(
  options: { folders?: readonly WorkspaceFolder[]; limits?: SizeLimits } = {},
): DocumentStore {
  const { folders = [], ...rest } = options;
  return createDocumentStore({ syntax, owner: "7", folders: () => folders, ...rest });
}

const uri = "file:///project/a.py";
const opened = (content: string, version = 1): Parameters<DocumentStore["open"]>[0] => ({
  uri,
  editorId: "python",
  version,
  content,
});
const insertion = (line: number, character: number, text: string): ContentChange => ({
  range: { start: { line, character }, end: { line, character } },
  text,
});

describe("mutations", () => {
  it("apply changes in order and give the client's version to the snapshot", () => {
    const store = newStore();
    expect(store.open(opened("one\n")).problems).toEqual([]);
    const changes = [insertion(0, 3, "!"), insertion(0, 4, "?"), insertion(1, 0, "two")];
    expect(store.change({ uri, version: 5, changes }, "utf-16").problems).toEqual([]);
    expect(store.get(uri)).toMatchObject({ version: 5, text: { content: "one!?\ntwo" } });
  });

  it("refuse a change of a document that is not open", () => {
    const store = newStore();
    const { problems } = store.change({ uri, version: 2, changes: [insertion(0, 0, "x")] }, "utf-16");
    expect(problems).toEqual([`a change of ${uri} was refused: the document is not open`]);
    expect(store.get(uri)).toBeUndefined();
  });

  it.each([1, 0, -4, Number.NaN])("refuse version %s after version 1 and keep the text", (version) => {
    const store = newStore();
    store.open(opened("kept"));
    const before = store.get(uri);
    const { problems } = store.change({ uri, version, changes: [insertion(0, 0, "x")] }, "utf-16");
    expect(problems).toHaveLength(1);
    expect(store.get(uri)).toBe(before);
  });

  it("skip a reversed range, say so, and apply the rest of the message", () => {
    const store = newStore();
    store.open(opened("abc\ndef\n"));
    const reversed = {
      range: { start: { line: 1, character: 2 }, end: { line: 0, character: 0 } },
      text: "",
    };
    const { problems } = store.change(
      { uri, version: 2, changes: [reversed, insertion(0, 0, ">")] },
      "utf-16",
    );
    expect(problems).toHaveLength(1);
    expect(store.get(uri)?.text.content).toBe(">abc\ndef\n");
  });

  it("take the text of a second open, since the client's later changes are relative to it, and report it", () => {
    const store = newStore();
    store.open(opened("first", 9));
    const { problems } = store.open(opened("second", 1));
    expect(problems).toEqual([`${uri} was opened although it is open; its new text was taken`]);
    expect(store.get(uri)).toMatchObject({ version: 1, text: { content: "second" } });
    expect(store.all()).toHaveLength(1);
    expect(store.change({ uri, version: 2, changes: [insertion(0, 6, "!")] }, "utf-16").problems).toEqual([]);
  });

  it("report the close of a document that is not open", () => {
    const store = newStore();
    expect(store.close(uri).problems).toEqual([`${uri} was closed although it is not open`]);
    store.open(opened(""));
    expect(store.close(uri).problems).toEqual([]);
    expect(store.get(uri)).toBeUndefined();
  });

  it("leave a snapshot that was taken before them as it was", () => {
    const store = newStore();
    store.open(opened("one\ntwo\n"));
    const snapshot = store.get(uri)!;
    const copy = structuredClone({ text: snapshot.text, version: snapshot.version });
    store.change({ uri, version: 2, changes: [insertion(1, 1, "XXX\n")] }, "utf-16");
    store.change({ uri, version: 3, changes: [{ text: "" }] }, "utf-16");
    store.close(uri);
    expect({ text: snapshot.text, version: snapshot.version }).toEqual(copy);
  });

  it("give a document that is opened again a new identity", () => {
    const store = newStore();
    store.open(opened("a"));
    const first = store.get(uri)?.id;
    store.close(uri);
    store.open(opened("a"));
    expect(store.get(uri)?.id).not.toBe(first);
  });
});

describe("texts", () => {
  const pieces = fc.constantFrom(
    "a",
    "Z",
    "\n",
    "\r\n",
    "\r",
    "é",
    "😀",
    "\u2028",
    " ",
    "\t",
    "{",
    "𝒳",
    "\u0000",
  );
  const content = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(""));
  const position = fc.record({ line: fc.nat(14), character: fc.nat(14) });
  const change = fc.oneof(
    { weight: 9, arbitrary: fc.record({ a: position, b: position, text: content }) },
    { weight: 1, arbitrary: fc.record({ text: content }) },
  );

  it("equal those of vscode-languageserver-textdocument after any changes in utf-16", () => {
    const store = newStore();
    fc.assert(
      fc.property(
        content,
        fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 6 }),
        (first, messages) => {
          store.close(uri);
          store.open(opened(first));
          let mirror = TextDocument.create(uri, "python", 1, first);
          let version = 1;
          for (const message of messages) {
            version += 1;
            const changes: ContentChange[] = [];
            for (const one of message) {
              const next = "a" in one ? { range: ordered(one.a, one.b), text: one.text } : { text: one.text };
              // The mirror may split a surrogate pair, which no client means.
              if (
                next.range !== undefined &&
                (splitsPair(mirror, next.range.start) || splitsPair(mirror, next.range.end))
              ) {
                continue;
              }
              // A mirror of its own for each change: after a range past the last line it counts lines that are not there.
              const updated = TextDocument.update(mirror, [next], version);
              mirror = TextDocument.create(uri, "python", version, updated.getText());
              changes.push(next);
            }
            store.change({ uri, version, changes }, "utf-16");
            expect(store.get(uri)?.text.content).toBe(mirror.getText());
          }
          expect(store.get(uri)?.text.lineStarts).toHaveLength(mirror.lineCount);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each(["utf-8", "utf-16", "utf-32"] as const)(
    "are edited where the client means it in %s",
    (encoding) => {
      const store = newStore();
      fc.assert(
        fc.property(content, fc.nat(60), fc.nat(60), content, (before, from, length, text) => {
          store.close(uri);
          store.open(opened(before));
          const held = store.get(uri)!.text;
          const range = {
            start: positionAt(held, from, encoding),
            end: positionAt(held, from + length, encoding),
          };
          const start = offsetByHand(before, range.start, encoding);
          const end = offsetByHand(before, range.end, encoding);
          store.change({ uri, version: 2, changes: [{ range, text }] }, encoding);
          expect(store.get(uri)?.text.content).toBe(before.slice(0, start) + text + before.slice(end));
        }),
        { numRuns: 1000 },
      );
    },
  );
});

describe("size", () => {
  const limits = { maxLength: 100, maxLineLength: 30 };

  it.each([
    ["a text over the length limit", "word\n".repeat(30), "too large"],
    ["a line over the length limit", `a\n${"x".repeat(31)}\n`, "line of more than 30"],
    ["a NUL character", "PK\u0000\u0001", "binary"],
  ])("%s is oversize, with one sentence, and is not parsed", async (_, content, reason) => {
    const store = newStore({ limits });
    store.open(opened(content));
    const snapshot = store.get(uri)!;
    expect(snapshot.oversize?.reason).toContain(reason);
    expect(snapshot.oversize?.reason).toMatch(/^a\.py [^.]+\.$/);
    expect(await snapshot.syntax.whenParsed(AbortSignal.timeout(5000))).toBeUndefined();
  });

  it("of exactly the limits is ordinary", () => {
    const store = newStore({ limits });
    store.open(opened(`${"x".repeat(30)}\r\n`.repeat(3)));
    expect(store.get(uri)?.oversize).toBeUndefined();
  });

  it("is judged again at each change: parsing starts when a text becomes ordinary", async () => {
    const store = newStore({ limits });
    store.open(opened(`value = 1\n${"x".repeat(50)}`));
    expect(store.get(uri)?.oversize).toBeDefined();
    const cut = { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 50 } }, text: "" };
    store.change({ uri, version: 2, changes: [cut] }, "utf-16");
    const snapshot = store.get(uri)!;
    expect(snapshot.oversize).toBeUndefined();
    const parsed = await snapshot.syntax.whenParsed(AbortSignal.timeout(30_000));
    expect(parsed?.facts().declarations.map(({ name }) => name)).toEqual(["value"]);
    store.change({ uri, version: 3, changes: [insertion(0, 0, "y".repeat(40))] }, "utf-16");
    expect(store.get(uri)?.oversize).toBeDefined();
    expect(store.get(uri)?.syntax.current()).toBeUndefined();
  });
});

function ordered(
  a: { line: number; character: number },
  b: { line: number; character: number },
): { start: typeof a; end: typeof a } {
  // By position, not by offset: two positions past a line's end have one offset.
  const isBefore = a.line < b.line || (a.line === b.line && a.character <= b.character);
  return isBefore ? { start: a, end: b } : { start: b, end: a };
}

function splitsPair(mirror: TextDocument, at: { line: number; character: number }): boolean {
  const offset = mirror.offsetAt(at);
  const text = mirror.getText();
  return (text.charCodeAt(offset) & 0xfc00) === 0xdc00 && (text.charCodeAt(offset - 1) & 0xfc00) === 0xd800;
}

/** Counts code units of the encoding one code point at a time. */
function offsetByHand(
  text: string,
  at: { line: number; character: number },
  encoding: PositionEncoding,
): number {
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
  const start = lines.slice(0, at.line).join("").length;
  let units = 0;
  let offset = start;
  for (const point of lines[at.line] ?? "") {
    if (units >= at.character) break;
    units += encoding === "utf-8" ? Buffer.byteLength(point) : encoding === "utf-16" ? point.length : 1;
    offset += point.length;
  }
  return offset;
}
