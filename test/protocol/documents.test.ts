// Documents as they come: untitled, without a root, in several roots, huge, minified, binary, oddly encoded.
import { expect, test } from "vitest";
import { startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import { profile } from "../kit/profiles.ts";
import { within } from "../kit/waiting.ts";
import { inModes } from "./in-modes.ts";

const small = "file:///w/small.py";

async function works(client: TestClient): Promise<void> {
  client.open(small, "def one():\n    pass\n");
  expect((await client.symbols(small)).map((symbol) => symbol.name)).toEqual(["one"]);
  client.close(small);
}

inModes((mode) => {
  test("serves URIs of every kind", async () => {
    const client = await startClient({ mode });
    for (const [uri, languageId] of [
      ["untitled:Untitled-1", "python"],
      ["untitled:/w/new.py", "python"],
      ["buffer://4", "python"],
      ["git:/w/a.py?%7B%22ref%22%3A%22HEAD%22%7D", "python"],
      ["vscode-notebook-cell:/w/n.ipynb#W0sZmlsZQ%3D%3D", "python"],
      ["file:///c%3A/Users/me/a.py", "python"],
      ["file:///C:/Users/me/a.py", "python"],
      ["file:///w/with%20space/%C3%A9.py", "python"],
      ["file://server/share/a.py", "python"],
      ["file:///w/no-such-file.py", ""],
      ["FILE:///w/upper.py", "python"],
    ] as const) {
      client.open(uri, "def one(:\n    pass\n", languageId);
      expect(
        (await client.symbols(uri)).map((symbol) => symbol.name),
        uri,
      ).toEqual(["one"]);
      expect(await client.findings(uri), uri).toHaveLength(1);
      const cursor = await client.type(uri, client.textOf(uri).length, "on");
      expect(
        (await client.complete(uri, cursor)).map((item) => item.label),
        uri,
      ).toContain("one");
      client.close(uri);
    }
    await client.end();
  });

  test.each([
    ["no root at all", { rootUri: null }],
    ["a root path only", { rootUri: null, rootPath: "/w" }],
    ["null folders", { workspaceFolders: null }],
    ["no folders", { workspaceFolders: [] }],
    ["a root that is no file", { rootUri: "vscode-vfs://github/x/y" }],
    ["a root that is not there", { rootUri: "file:///no/such/folder" }],
    [
      "three roots, one inside another",
      {
        rootUri: "file:///w",
        workspaceFolders: [
          { uri: "file:///w", name: "w" },
          { uri: "file:///w/inner", name: "inner" },
          { uri: "untitled:folder", name: "virtual" },
        ],
      },
    ],
    ["no client info, no trace, no process", { clientInfo: undefined, processId: null }],
  ])("starts with %s", async (_name, initializeParams) => {
    const client = await startClient({ mode, profile: profile("vscode"), initializeParams });
    await works(client);
    client.notify("workspace/didChangeWorkspaceFolders", {
      event: {
        added: [{ uri: "file:///later", name: "later" }],
        removed: [{ uri: "file:///never", name: "never" }],
      },
    });
    await works(client);
    await client.end();
  });

  test("takes a document of unknown language, and one whose language is named wrong", async () => {
    const client = await startClient({ mode });
    client.open("file:///w/notes.xyz", "just words (\n", "klingon");
    expect(await client.symbols("file:///w/notes.xyz")).toEqual([]);
    expect(await client.findings("file:///w/notes.xyz")).toEqual([]);
    client.open("file:///w/Makefile", "all:\n\techo\n", "");
    expect(await client.symbols("file:///w/Makefile")).toBeDefined();
    await works(client);
    await client.end();
  });

  test("opens a document twice and closes one that is not open", async () => {
    const client = await startClient({ mode });
    client.open(small, "def one():\n    pass\n");
    client.open(small, "def two():\n    pass\n");
    expect((await client.symbols(small)).map((symbol) => symbol.name)).toEqual(["two"]);
    client.close(small);
    client.notify("textDocument/didClose", { textDocument: { uri: small } });
    client.open(small, "def three():\n    pass\n");
    expect((await client.symbols(small)).map((symbol) => symbol.name)).toEqual(["three"]);
    await client.end();
  });

  test.each([
    ["empty", ""],
    ["one line break", "\n"],
    ["a byte order mark", "\uFEFFdef one():\n    pass\n"],
    [
      "NUL and control characters",
      `def one():\n    x = "${Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join("")}"\n`,
    ],
    ["lone surrogates", 'x = "\ud83c"\ny = "\udf0d"\ndef one():\n    pass\n'],
    [
      "bytes read as text",
      Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 256)).toString("latin1"),
    ],
    ["deep nesting", "(".repeat(5_000)],
    ["one endless word", "a".repeat(200_000)],
    ["right-to-left and joined characters", 'x = "שלום \u202e 👩‍👩‍👧‍👦 e\u0301"\ndef one():\n    pass\n'],
  ])("takes %s", async (_name, text) => {
    const client = await startClient({ mode });
    const uri = "file:///w/odd.py";
    client.open(uri, text);
    await client.symbols(uri);
    await client.findings(uri);
    await client.complete(uri, 0);
    await client.complete(uri, text.length);
    client.edit(uri, 0, 0, "# first\n");
    client.edit(uri, client.textOf(uri).length, client.textOf(uri).length, "\n");
    await client.findings(uri);
    client.close(uri);
    await works(client);
    await client.end();
  });

  test.each([
    [
      "five megabytes of lines",
      () => "def function_name(parameter):\n    return parameter + 1\n\n".repeat(90_000),
      "python",
    ],
    ["one line of a megabyte", () => `var a=[${"1,".repeat(500_000)}0];function f(){return a}`, "javascript"],
    ["fifty megabytes", () => "some text that goes on and on, line after line\n".repeat(1_100_000), "python"],
  ])(
    "stays of use with %s",
    async (_name, make, languageId) => {
      const client = await startClient({ mode });
      const uri = languageId === "python" ? "file:///w/big.py" : "file:///w/big.min.js";
      client.open(uri, make(), languageId);
      const symbols = client.send("textDocument/documentSymbol", { textDocument: { uri } });
      await works(client);
      for (let index = 0; index < 10; index += 1) client.edit(uri, 10, 10, "x");
      const completion = client.send("textDocument/completion", {
        textDocument: { uri },
        position: client.position(uri, 12),
      });
      expect((await within("the menu", completion.answer, 50_000)).error).toBeUndefined();
      expect((await within("the outline", symbols.answer, 50_000)).error).toBeUndefined();
      await works(client);
      client.close(uri);
      await client.end();
    },
    120_000,
  );
});
