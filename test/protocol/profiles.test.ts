// A small day of work with every client profile: each capability combination gets answers that its client understands.
import { expect, test } from "vitest";
import { startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import { at, isObject, listAt, numberAt, textAt } from "../kit/json.ts";
import { profiles } from "../kit/profiles.ts";
import { until } from "../kit/waiting.ts";
import { inModes } from "./in-modes.ts";

/** How long nothing may be said when there is nothing to say. */
const QUIET_MS = 300;
const uri = "file:///w/caf%C3%A9/day.py";
const text =
  'import json\n\n\ndef total(items):\n    """Größe 🌍"""\n    result = sum(items\n    return result\n';

/** Applies the first action that brings an edit; clients without literals are given commands, which are theirs to run. */
function editsOf(action: unknown): readonly unknown[] {
  const changes = at(action, "edit.changes");
  if (isObject(changes))
    return listAt(changes, uri.replaceAll(".", "\0")).concat(Object.values(changes).flat());
  return listAt(action, "edit.documentChanges").flatMap((change) => [...listAt(change, "edits")]);
}

/** Says nothing and hears nothing for a while: whatever the server had to say, it has said. */
async function expectQuiet(client: TestClient): Promise<void> {
  await until("the server has nothing more to say", async () => {
    const before = client.notes.length + client.serverRequests.length;
    await client.symbols(uri);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    return client.notes.length + client.serverRequests.length === before || undefined;
  });
  client.oracle.beginQuiet();
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  client.oracle.endQuiet();
}

inModes((mode) => {
  test.each(profiles.map((entry) => [entry.name, entry] as const))(
    "a day with %s",
    async (_name, profile) => {
      const client = await startClient({ mode, profile, folders: ["file:///w/caf%C3%A9"] });
      const offers = (method: string): boolean => client.oracle.session.isAdvertised(method);
      const document = { textDocument: { uri } };
      client.open(uri, text);

      const found = await client.findings(uri);
      expect(found.map((finding) => textAt(finding, "source"))).toContain("hearth");
      const start = client.position(uri, 0);
      const end = client.position(uri, text.length);
      if (offers("textDocument/codeAction")) {
        const actions = await client.codeActions(uri, found);
        const edits = actions.map(editsOf).find((list) => list.length > 0);
        if (edits !== undefined) {
          const before = client.published(uri).length;
          client.apply(uri, edits);
          expect(client.textOf(uri)).toContain("sum(items)");
          if (!offers("textDocument/diagnostic"))
            await until("the finding is taken back", () => {
              const last = client.published(uri).at(-1);
              return (
                (client.published(uri).length > before && listAt(last, "diagnostics").length === 0) ||
                undefined
              );
            });
          expect(await client.findings(uri)).toEqual([]);
        }
      }

      expect((await client.symbols(uri)).map((symbol) => symbol.name)).toContain("total");
      const cursor = await client.type(
        uri,
        client.textOf(uri).length,
        "\n\ndef mean(items):\n    return tot",
      );
      const items = await client.complete(uri, cursor, { triggerKind: 1 });
      const item = items.find((candidate) => candidate.label === "total");
      expect(item?.textEdit?.newText).toBe("total");
      client.apply(uri, [item?.textEdit]);
      expect(client.textOf(uri)).toMatch(/return total$/);

      const whole = { start, end };
      for (const [method, params] of [
        ["textDocument/foldingRange", document],
        ["textDocument/selectionRange", { ...document, positions: [start, client.position(uri, cursor)] }],
        [
          "textDocument/inlineCompletion",
          { ...document, position: client.position(uri, cursor), context: { triggerKind: 2 } },
        ],
        ["textDocument/completion", { ...document, position: start }],
        ["textDocument/codeAction", { ...document, range: whole, context: { diagnostics: [] } }],
        [
          "textDocument/codeAction",
          { ...document, range: whole, context: { diagnostics: [], only: ["refactor"] } },
        ],
      ] as const) {
        if (offers(method)) await client.request(method, params);
      }
      if (offers("textDocument/diagnostic")) {
        const first = await client.request("textDocument/diagnostic", document);
        const previousResultId = textAt(first, "resultId");
        const second = await client.request("textDocument/diagnostic", { ...document, previousResultId });
        expect(textAt(second, "kind")).toBe("unchanged");
        expect(client.published(uri)).toEqual([]);
      }
      await expectQuiet(client);

      client.close(uri);
      if (!offers("textDocument/diagnostic") && client.published(uri).length > 0) {
        await until("the findings of a closed document are cleared", () => {
          return listAt(client.published(uri).at(-1), "diagnostics").length === 0 || undefined;
        });
      }
      await client.end();
      expect(numberAt({ count: client.oracle.messagesChecked }, "count")).toBeGreaterThan(40);
    },
  );
});
