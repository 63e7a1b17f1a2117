// Text synchronisation: after whatever a client sends, the server's text is the client's. Seen through the names and places of symbols.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { startClient } from "../kit/client.ts";
import type { SymbolLike, TestClient } from "../kit/client.ts";
import { listAt } from "../kit/json.ts";
import { profile, withCapabilities } from "../kit/profiles.ts";
import { inModes } from "./in-modes.ts";

const uri = "file:///w/sync.js";
type Encoding = "utf-8" | "utf-16" | "utf-32";
interface Position {
  readonly line: number;
  readonly character: number;
}
interface Change {
  readonly range?: { readonly start: Position; readonly end: Position };
  readonly text: string;
}

/** An editor whose texts are kept by an independent library, which counts in utf-16; conversions are this file's own. */
interface Editor {
  readonly client: TestClient;
  readonly encoding: Encoding;
  document: TextDocument;
}

function wire(document: TextDocument, offset: number, encoding: Encoding): Position {
  const { line, character } = document.positionAt(offset);
  const before = document.getText().slice(offset - character, offset);
  switch (encoding) {
    case "utf-16":
      return { line, character };
    case "utf-8":
      return { line, character: Buffer.byteLength(before, "utf8") };
    case "utf-32":
      return { line, character: Array.from(before).length };
  }
}

function send(editor: Editor, changes: readonly Change[], mirrored: string): void {
  const version = editor.document.version + 1;
  editor.client.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: changes });
  editor.document = TextDocument.create(uri, "javascript", version, mirrored);
}

/** Replaces offsets of the mirror's text. */
function replace(editor: Editor, start: number, end: number, newText: string): void {
  const { document, encoding } = editor;
  const text = document.getText();
  const range = { start: wire(document, start, encoding), end: wire(document, end, encoding) };
  send(editor, [{ range, text: newText }], text.slice(0, start) + newText + text.slice(end));
}

function expected(editor: Editor): readonly string[] {
  const { document, encoding } = editor;
  return [...document.getText().matchAll(/function (f_\w+)/g)].map((match) => {
    const { line, character } = wire(document, match.index + "function ".length, encoding);
    return `${match[1] ?? ""}@${line}:${character}`;
  });
}

async function seen(editor: Editor): Promise<readonly string[]> {
  const flat = (symbols: readonly SymbolLike[]): readonly string[] =>
    symbols.flatMap((symbol) => {
      const { line, character } = symbol.selectionRange?.start ?? { line: -1, character: -1 };
      return [`${symbol.name}@${line}:${character}`, ...flat(symbol.children ?? [])];
    });
  return flat(await editor.client.symbols(uri)).filter((place) => place.startsWith("f_"));
}

const functions = (count: number, lineBreak = "\n"): string =>
  Array.from({ length: count }, (_, index) => `/* größe 🌍 */ function f_${index}() { return "é🌍"; }`).join(
    lineBreak,
  ) + lineBreak;

const word = fc.constantFrom(
  "",
  "f_9",
  "größe",
  "🌍",
  "\n",
  "\r\n",
  "\r",
  "function f_7() {}\n",
  "\u2028",
  "x",
  " ",
  "\t",
  "é",
);

inModes(
  (mode) => {
    describe.each(["utf-8", "utf-16", "utf-32"] as const)("in %s", (encoding) => {
      const open = async (text: string): Promise<Editor> => {
        const client = await startClient({
          mode,
          profile: withCapabilities(profile("vscode"), { general: { positionEncodings: [encoding] } }),
        });
        expect(client.encoding).toBe(encoding);
        client.notify("textDocument/didOpen", {
          textDocument: { uri, languageId: "javascript", version: 1, text },
        });
        return { client, encoding, document: TextDocument.create(uri, "javascript", 1, text) };
      };
      const check = async (editor: Editor): Promise<void> => {
        expect(await seen(editor)).toEqual(expected(editor));
      };

      test("follows ranged edits, one by one and many in one notification", async () => {
        const editor = await open(functions(4));
        await check(editor);
        const at = (name: string): number => editor.document.getText().indexOf(name);
        replace(editor, at("f_1"), at("f_1") + 3, "f_one🌍".slice(0, 5));
        await check(editor);
        replace(editor, at("/* größe 🌍 */ function f_2"), at("/* größe 🌍 */ function f_3"), "");
        await check(editor);
        const first = wire(editor.document, 0, encoding);
        const text = editor.document.getText();
        // The second change speaks of the text after the first.
        const changes = [
          { range: { start: first, end: first }, text: "function f_a() {}\n" },
          {
            range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } },
            text: "function f_b() {}\n",
          },
        ];
        send(editor, changes, `function f_a() {}\nfunction f_b() {}\n${text}`);
        await check(editor);
        await editor.client.end();
      });

      test("takes a ranged edit and a whole text in one notification", async () => {
        const editor = await open(functions(3));
        const zero = { line: 0, character: 0 };
        const whole = "function f_7() {}\n\nfunction f_8() {}\n";
        send(editor, [{ range: { start: zero, end: zero }, text: "garbage(" }, { text: whole }], whole);
        await check(editor);
        send(
          editor,
          [{ text: "function f_9() {}\n" }, { range: { start: zero, end: zero }, text: "\n\n" }],
          "\n\nfunction f_9() {}\n",
        );
        await check(editor);
        await editor.client.end();
      });

      test.each([
        ["a lone CR", "\r"],
        ["CR LF", "\r\n"],
        ["LF", "\n"],
      ])("counts lines that end with %s", async (_name, lineBreak) => {
        const editor = await open(functions(4, lineBreak));
        await check(editor);
        const at = editor.document.getText().indexOf("f_2");
        replace(editor, at, at + 3, "f_two");
        await check(editor);
        replace(editor, 0, 0, `function f_new() {}${lineBreak}`);
        await check(editor);
        await editor.client.end();
      });

      test("joins and splits CR LF by edits between them", async () => {
        const editor = await open(
          "function f_0() {}\rfunction f_1() {}\nfunction f_2() {}\r\nfunction f_3() {}\n",
        );
        await check(editor);
        const lone = editor.document.getText().indexOf("\r");
        replace(editor, lone + 1, lone + 1, "\n");
        await check(editor);
        const pair = editor.document.getText().indexOf("\r\n", lone + 2);
        // Takes away the LF alone: what is left is a lone CR. The end is given as the start of the next line.
        const { document } = editor;
        const text = document.getText();
        const start = wire(document, pair, encoding);
        send(
          editor,
          [{ range: { start, end: { line: start.line + 1, character: 0 } }, text: "\r" }],
          `${text.slice(0, pair)}\r${text.slice(pair + 2)}`,
        );
        await check(editor);
        await editor.client.end();
      });

      test("does not take other separators for line ends", async () => {
        const text = "/* \u2028 \u2029 \u0085 \v \f */ function f_0() {}\n/* \u2028 */ function f_1() {}\n";
        const editor = await open(text);
        await check(editor);
        const at = editor.document.getText().indexOf("f_1");
        replace(editor, at, at + 3, "f_one");
        await check(editor);
        await editor.client.end();
      });

      test("clamps a character past the line end and a line past the end", async () => {
        const editor = await open(functions(3));
        const text = editor.document.getText();
        const end = text.indexOf("\n");
        const past = { line: 0, character: 9_000 };
        send(
          editor,
          [{ range: { start: past, end: past }, text: " /* tail */ function f_tail() {}" }],
          `${text.slice(0, end)} /* tail */ function f_tail() {}${text.slice(end)}`,
        );
        await check(editor);
        const below = { line: 9_000, character: 3 };
        send(
          editor,
          [{ range: { start: below, end: below }, text: "function f_last() {}\n" }],
          `${editor.document.getText()}function f_last() {}\n`,
        );
        await check(editor);
        await editor.client.end();
      });

      test("keeps the text when a range ends before it starts, and takes the next edit", async () => {
        const editor = await open(functions(3));
        const before = editor.document.getText();
        const range = { start: { line: 2, character: 3 }, end: { line: 0, character: 1 } };
        send(editor, [{ range, text: "GONE" }], before);
        await check(editor);
        const at = before.indexOf("f_1");
        replace(editor, at, at + 3, "f_after");
        await check(editor);
        await editor.client.end();
      });

      test("never splits a character that takes more than one unit", async () => {
        const editor = await open("/*🌍*/function f_0() {}\n");
        const inside = { line: 0, character: encoding === "utf-32" ? 3 : encoding === "utf-16" ? 3 : 4 };
        const isBetween = encoding === "utf-32";
        send(
          editor,
          [{ range: { start: inside, end: inside }, text: "x" }],
          isBetween ? "/*🌍x*/function f_0() {}\n" : "/*x🌍*/function f_0() {}\n",
        );
        await check(editor);
        await editor.client.end();
      });

      test("refuses versions that do not grow and changes of unknown documents", async () => {
        const editor = await open(functions(2));
        for (const version of [1, 0, -7]) {
          editor.client.notify("textDocument/didChange", {
            textDocument: { uri, version },
            contentChanges: [{ text: "stale" }],
          });
        }
        editor.client.notify("textDocument/didChange", {
          textDocument: { uri: "file:///w/unknown.js", version: 2 },
          contentChanges: [{ text: "function f_x() {}" }],
        });
        editor.client.notify("textDocument/didClose", { textDocument: { uri: "file:///w/unknown.js" } });
        await check(editor);
        replace(editor, 0, 0, "function f_next() {}\n");
        await check(editor);
        await editor.client.end();
      });

      test("follows any sequence of edits", async () => {
        const editor = await open(functions(3));
        const step = fc.record({ at: fc.nat(), length: fc.nat(12), text: word });
        await fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
            send(editor, [{ text: functions(3) }], functions(3));
            for (const { at, length, text } of steps) {
              const content = editor.document.getText();
              const start = edge(content, at % (content.length + 1));
              const end = edge(content, Math.min(content.length, start + length));
              replace(editor, start, end, text);
            }
            // The last word is a whole line of its own, so that the symbol is there however broken the rest is.
            send(editor, [{ text: `function f_end() {}\n` }], `function f_end() {}\n`);
            await check(editor);
          }),
          { numRuns: mode.name === "memory" ? 40 : 8 },
        );
        await editor.client.end();
      });
    });

    test("chooses utf-16 when it is offered or nothing is, and says so", async () => {
      for (const [offered, chosen] of [
        [undefined, "utf-16"],
        [["utf-32", "utf-8", "utf-16"], "utf-16"],
        [["utf-8"], "utf-8"],
        [["utf-32"], "utf-32"],
        [["klingon"], "utf-16"],
      ] as const) {
        const client = await startClient({
          mode,
          profile: withCapabilities(profile("vscode"), { general: { positionEncodings: offered } }),
        });
        const announced = listAt([client.initializeResult], "0.capabilities")[0] ?? client.encoding;
        expect(announced).toBe(chosen);
        await client.end();
      }
    });
  },
  undefined,
  ["memory", "daemon"],
);

/** An offset that neither splits a surrogate pair nor a CR LF, where both sides agree on the position. */
function edge(content: string, offset: number): number {
  const unit = content.charCodeAt(offset);
  const isInPair = (unit & 0xfc00) === 0xdc00 && offset > 0;
  const isInBreak = content[offset] === "\n" && content[offset - 1] === "\r";
  return isInPair || isInBreak ? offset - 1 : offset;
}
