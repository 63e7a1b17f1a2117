// The way of one client from initialize to exit, for every recorded client, under the oracle.
import { expect, test } from "vitest";
import { createDiagnostics } from "../../server/features/index.ts";
import { startClient } from "../kit/client.ts";
import { at, isOn, listAt } from "../kit/json.ts";
import { profiles, pullsDiagnostics } from "../kit/profiles.ts";
import { expectNoBugs, sessionMode } from "./session-mode.ts";

const uri = "file:///project/a.py";
const broken = "def greet(name:\n    text = name\n    return tex\n";
const mended = "def greet(name):\n    text = name\n    return tex\n";

test.each(profiles.map((profile) => [profile.name, profile] as const))(
  "serves %s: findings, a quick fix, menu, symbols, folds, selections, and a clean end",
  async (_name, profile) => {
    const mode = sessionMode();
    const client = await startClient({ mode, profile, folders: ["file:///project"] });
    client.open(uri, broken);
    const findings = await client.findings(uri);
    expect(findings.length).toBeGreaterThan(0);
    expect(client.published(uri).length > 0).toBe(!pullsDiagnostics(profile));

    if (isOn(profile.capabilities, "textDocument.codeAction.codeActionLiteralSupport")) {
      const [action] = await client.codeActions(uri, findings);
      expect(at(action, "kind")).toBe("quickfix");
      expect(at(action, "diagnostics")).toEqual([findings[0]]);
      const edits = [
        ...Object.values((at(action, "edit.changes") ?? {}) as Record<string, unknown[]>).flat(),
        ...listAt(action, "edit.documentChanges").flatMap((change) => listAt(change, "edits")),
      ];
      client.apply(uri, edits);
    } else {
      client.change(uri, [{ text: mended }]);
    }
    expect(client.textOf(uri)).toBe(mended);

    const items = await client.complete(uri, mended.length - 1);
    expect(items.map((item) => item.label)).toContain("text");
    const symbols = await client.symbols(uri);
    expect(symbols.map((symbol) => symbol.name)).toContain("greet");
    const textDocument = { uri };
    expect(await client.request("textDocument/foldingRange", { textDocument })).toMatchObject([
      { startLine: 0 },
    ]);
    const end = client.position(uri, mended.length);
    const positions = [end, { line: 1, character: 12 }];
    expect(await client.request("textDocument/selectionRange", { textDocument, positions })).toHaveLength(2);
    client.close(uri);
    await client.end();
    expectNoBugs(mode);
  },
);

test("an unchanged pull says so, and carries no items", async () => {
  const client = await startClient({ mode: sessionMode() });
  client.open(uri, broken);
  const textDocument = { uri };
  const first = await client.request("textDocument/diagnostic", { textDocument });
  const previousResultId = at(first, "resultId");
  const second = await client.request("textDocument/diagnostic", { textDocument, previousResultId });
  expect(second).toEqual({ kind: "unchanged", resultId: previousResultId });
  await client.end();
});

test("a pull that cannot be answered keeps what the client shows", async () => {
  const real = createDiagnostics();
  let isFailing = false;
  const mode = sessionMode({
    diagnostics: {
      findings: (snapshot, signal) =>
        isFailing ? Promise.reject(new Error("a bug")) : real.findings(snapshot, signal),
    },
  });
  const client = await startClient({ mode });
  client.open(uri, broken);
  const textDocument = { uri };
  const first = await client.request("textDocument/diagnostic", { textDocument });
  const previousResultId = at(first, "resultId");
  isFailing = true;
  client.edit(uri, 0, 0, "\n");
  expect(await client.request("textDocument/diagnostic", { textDocument, previousResultId })).toEqual({
    kind: "unchanged",
    resultId: previousResultId,
  });
  expect(await client.request("textDocument/diagnostic", { textDocument })).toEqual({
    kind: "full",
    items: [],
  });
  await client.end();
});
