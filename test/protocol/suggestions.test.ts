// The model's line through the real protocol: a fixture model whose answer is known to the letter, in all three modes.
import { afterAll, expect, test } from "vitest";
import { startClient } from "../kit/client.ts";
import type { CompletionItemLike, TestClient } from "../kit/client.ts";
import { FIXTURE_BLOCK, FIXTURE_LINE, writeSuggestionModel } from "../kit/fixture-suggestions.ts";
import { at, listAt, textAt } from "../kit/json.ts";
import { acceptInto, commandOf } from "../kit/menu.ts";
import { readClientProfile } from "../../server/protocol/index.ts";
import { profile, profiles } from "../kit/profiles.ts";
import { until } from "../kit/waiting.ts";
import { inModes } from "./in-modes.ts";

const model = writeSuggestionModel();
afterAll(() => model.dispose());

const uri = "file:///w/shop.py";
const typed = "def f(x):\n    return x\n\n\nresult = f(";

/** The menu's line of the model; asked again like an editor's user does, until the model is there. */
async function modelItem(client: TestClient, offset: number): Promise<CompletionItemLike> {
  return until("the model's line is in the menu", async () => {
    const items = await client.complete(uri, offset, { triggerKind: 1 });
    return items.find((item) => item.label.includes("calculatePrice"));
  });
}

async function modelLine(client: TestClient, offset: number): Promise<string> {
  return (await modelItem(client, offset)).textEdit?.newText ?? "";
}

inModes(
  (mode) => {
    test("the menu has the model's line, and typing on keeps it", async () => {
      const client = await startClient({ mode, profile: profile("neovim") });
      client.open(uri, typed);
      expect(await modelLine(client, typed.length)).toBe(FIXTURE_LINE);
      const cursor = await client.type(uri, typed.length, "calc");
      expect(await modelLine(client, cursor)).toBe(FIXTURE_LINE);
      await client.end();
    });

    test("the ghost text is the model's line, where the client asks for it", async () => {
      const client = await startClient({ mode, profile: profile("coc") });
      client.open(uri, typed);
      const inserted = await until("ghost text is there", async () => {
        const result = await client.request("textDocument/inlineCompletion", {
          textDocument: { uri },
          position: client.position(uri, typed.length),
          context: { triggerKind: 2 },
        });
        const items = Array.isArray(result) ? result : listAt(result, "items");
        return textAt(items[0], "insertText") ?? textAt(at(items[0], "insertText"), "value");
      });
      expect(inserted).toMatch(/calculatePrice\)$/);
      await client.end();
    });

    // The way to the client does not change the form of what it gets: one mode is enough for all clients.
    const clients = mode.name === "memory" ? profiles : [];
    test.each(clients.map((entry) => [entry.name, entry] as const))(
      "%s accepts the model's line, and says so where it can",
      async (_name, of) => {
        const client = await startClient({ mode, profile: of });
        client.open(uri, typed);
        const item = await modelItem(client, typed.length);
        const lines = typed.split("\n");
        const line = acceptInto(lines.at(-1) ?? "", item);
        expect(line).toBe("result = f(calculatePrice)");
        client.edit(uri, typed.length, typed.length, line.slice(lines.at(-1)?.length));
        const command = commandOf(item);
        expect(command !== undefined).toBe(client.oracle.session.isAdvertised("workspace/executeCommand"));
        if (command !== undefined)
          expect(await client.request("workspace/executeCommand", command)).toBeNull();
        await client.symbols(uri);
        await client.end();
      },
    );

    test.each(clients.map((entry) => [entry.name, entry] as const))(
      "%s accepts a block, or is not sent it",
      async (_name, of) => {
        const client = await startClient({ mode, profile: of });
        const opening = "def mean(items):";
        const text = `def f(x):\n    return x\n\n\n${opening}`;
        client.open(uri, text);
        const habits = readClientProfile(of.clientInfo.name, of.capabilities).completion;
        const accepted = await until("what the model makes of the block is known", async () => {
          const items = await client.complete(uri, text.length, { triggerKind: 1 });
          const ghost = client.oracle.session.isAdvertised("textDocument/inlineCompletion")
            ? JSON.stringify(
                await client.request("textDocument/inlineCompletion", {
                  textDocument: { uri },
                  position: client.position(uri, text.length),
                  context: { triggerKind: 1 },
                }),
              )
            : undefined;
          // A client without blocks gets nothing of it: that the model has answered shows in the words around it.
          if (habits.manyLines === "none")
            return items.length > 0 ? items.map((item) => acceptInto(opening, item)) : undefined;
          const isThere = items.some((item) => (item.textEdit?.newText ?? "").includes("return total"));
          if (!isThere || ghost?.includes("return total") === false) return undefined;
          return items.map((item) => acceptInto(opening, item));
        });
        const wanted = opening + FIXTURE_BLOCK;
        expect(accepted.includes(wanted)).toBe(habits.manyLines !== "none");
        expect(accepted.some((result) => result.includes("\n"))).toBe(habits.manyLines !== "none");
        await client.end();
      },
    );

    test("a burst of keys is answered to the last, with no request left behind", async () => {
      const client = await startClient({ mode, profile: profile("helix") });
      client.open(uri, typed);
      await modelLine(client, typed.length);
      const sent: Promise<unknown>[] = [];
      await client.type(uri, typed.length, "calculatePr", async (offset) => {
        const params = { textDocument: { uri }, position: client.position(uri, offset) };
        sent.push(client.send("textDocument/completion", params).answer);
      });
      await Promise.all(sent);
      expect(client.unanswered).toBe(0);
      expect(await modelLine(client, client.textOf(uri).length)).toBe(FIXTURE_LINE);
      await client.end();
    });
  },
  { HEARTH_MODEL_ID: model.url },
);
