// Tests made from the routing table: what is advertised is handled, what is handled is advertised, for every client.
import { describe, expect, test } from "vitest";
import { readClientProfile } from "../../server/protocol/index.ts";
import { notificationRoutes, requestRoutes, serverCapabilities } from "../../server/session/routes.ts";
import { connectClient, startClient } from "../kit/client.ts";
import { at } from "../kit/json.ts";
import { metaModel } from "../kit/oracle/meta-model.ts";
import { profile, profiles, withCapabilities } from "../kit/profiles.ts";
import { expectNoBugs, sessionMode } from "./session-mode.ts";

const offer = { triggerCharacters: ["."] };
const clients = profiles.map((entry) => [entry.name, entry] as const);

describe("the table", () => {
  test("has one row per method, and each is a method of the protocol in the right direction", () => {
    const rows = [...requestRoutes, ...notificationRoutes];
    expect(new Set(rows.map((row) => row.method)).size).toBe(rows.length);
    for (const row of requestRoutes)
      expect(metaModel.methods.get(row.method)?.isRequest, row.method).toBe(true);
    for (const row of rows) {
      expect(metaModel.methods.get(row.method)?.messageDirection, row.method).not.toBe("serverToClient");
    }
  });

  test("every request says how long it may take and what is answered when it cannot be", () => {
    for (const row of requestRoutes) {
      expect(row.deadlineMs).toBeGreaterThan(0);
      expect(row.empty(readClientProfile("", {}), {}), row.method).not.toBeUndefined();
      expect(row.supersedes).toBe(row.executionClass === "typing");
    }
  });

  test.each(clients)(
    "offers %s each request where the protocol wants it, and nothing without a row",
    (_name, of) => {
      const client = readClientProfile(of.clientInfo.name, of.capabilities);
      const capabilities = serverCapabilities(client, offer);
      const offered = new Set<string>(["positionEncoding", "textDocumentSync", "workspace"]);
      for (const row of requestRoutes) {
        const place = metaModel.methods.get(row.method)?.serverCapability ?? "";
        expect(at(capabilities, place) !== undefined, `${row.method} at ${place}`).toBe(
          row.capability(client, offer) !== undefined,
        );
        offered.add(place.split(".")[0] ?? "");
      }
      expect(Object.keys(capabilities).filter((key) => !offered.has(key))).toEqual([]);
      expect(capabilities.textDocumentSync).toEqual({
        openClose: true,
        change: 2,
        save: { includeText: false },
      });
    },
  );

  test.each(clients)("what is not offered to %s is answered with -32601", async (_name, of) => {
    const mode = sessionMode();
    const client = await startClient({ mode, profile: of });
    const known = readClientProfile(of.clientInfo.name, of.capabilities);
    for (const row of requestRoutes) {
      const answer = await client.send(row.method, null).answer;
      expect(answer.error?.code, row.method).toBe(
        row.capability(known, offer) === undefined ? -32601 : -32602,
      );
    }
    await client.end();
    expectNoBugs(mode);
  });
});

describe("position encodings", () => {
  const text = 'a = "𝒳é中" + nam\nname = 1\n';
  test.each([
    [["utf-8", "utf-16", "utf-32"], "utf-16", 16],
    [[], "utf-16", 16],
    [undefined, "utf-16", 16],
    [["utf-32", "utf-8"], "utf-8", 21],
    [["utf-8"], "utf-8", 21],
    [["utf-32"], "utf-32", 15],
    [["koi8"], "utf-16", 16],
  ] as const)(
    "of %j, %s is chosen and announced, and edits are in it",
    async (offered, chosen, character) => {
      const uri = "file:///project/a.py";
      const client = await startClient({
        mode: sessionMode(),
        profile: withCapabilities(profile("neovim"), { general: { positionEncodings: offered } }),
      });
      expect(at(client.initializeResult, "capabilities.positionEncoding")).toBe(chosen);
      client.open(uri, text);
      await client.symbols(uri);
      const items = await client.complete(uri, text.indexOf("nam") + 3);
      const item = items.find((candidate) => candidate.label === "name");
      expect(item?.textEdit?.range.end.character).toBe(character);
      client.apply(uri, [item?.textEdit]);
      expect(client.textOf(uri)).toBe('a = "𝒳é中" + name\nname = 1\n');
      await client.end();
    },
  );
});

describe("folders", () => {
  test.each([
    ["none at all", {}, []],
    ["null folders and a root", { workspaceFolders: null, rootUri: "file:///root" }, ["file:///root"]],
    ["an old root path only", { rootPath: "/root" }, []],
    [
      "several",
      {
        workspaceFolders: [
          { uri: "file:///a", name: "a" },
          { uri: "file:///b", name: "b" },
        ],
      },
      ["file:///a", "file:///b"],
    ],
  ])("%s", async (_what, initializeParams, expected) => {
    const mode = sessionMode();
    const client = await connectClient({ mode, initializeParams });
    await client.handshake();
    expect(mode.session().status().folders).toEqual(expected);
    client.notify("workspace/didChangeWorkspaceFolders", {
      event: {
        added: [{ uri: "file:///new", name: "new" }],
        removed: expected.map((uri) => ({ uri, name: "" })),
      },
    });
    await client.symbols("file:///none");
    expect(mode.session().status().folders).toEqual(["file:///new"]);
    await client.end();
  });

  test.each([
    "untitled:Untitled-1",
    "buffer:7",
    "git:/project/a.py?ref=HEAD",
    "vscode-notebook-cell:/project/a.ipynb#X1",
    "file:///c%3A/project/a.py",
  ])("a document %s is served, and its URI is echoed as it was sent", async (uri) => {
    const client = await startClient({ mode: sessionMode(), profile: profile("old") });
    client.open(uri, "def f(:\n    pass\n");
    expect((await client.findings(uri)).length).toBeGreaterThan(0);
    client.close(uri);
    await client.end();
  });
});

test("a text beyond the limits is told once, and the rest goes on", async () => {
  const client = await startClient({
    mode: sessionMode(),
    initializationOptions: { limits: { documentCharacters: 1000 } },
  });
  const uri = "file:///project/big.py";
  client.open(uri, "name = 1\n".repeat(200));
  for (let edit = 0; edit < 5; edit += 1) client.edit(uri, 0, 0, "\n");
  await client.symbols(uri);
  const told = client.notes.filter((note) => note.method === "window/showMessage");
  expect(told.length).toBe(1);
  expect(String(at(told[0]?.params, "message"))).toContain("big.py is too large");
  await client.end();
});
