// The model's line through the real protocol: a fixture model whose answer is known to the letter, in all three modes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { startClient } from "../kit/client.ts";
import type { CompletionItemLike, TestClient } from "../kit/client.ts";
import { buildFixtureModel, chain } from "../kit/fixture-model.ts";
import { at, listAt, textAt } from "../kit/json.ts";
import { acceptInto, commandOf } from "../kit/menu.ts";
import { profile, profiles } from "../kit/profiles.ts";
import { until } from "../kit/waiting.ts";
import { inModes } from "./in-modes.ts";

const folder = mkdtempSync(join(tmpdir(), "hearth-model-"));
const modelFile = join(folder, "fixture.gguf");
writeFileSync(
  modelFile,
  buildFixtureModel({ words: ["calculate", "Price"], next: chain("(", "calculate", "Price", ")", "\n") }),
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
      expect(await modelLine(client, typed.length)).toBe("calculatePrice)");
      const cursor = await client.type(uri, typed.length, "calc");
      expect(await modelLine(client, cursor)).toBe("calculatePrice)");
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
      expect(await modelLine(client, client.textOf(uri).length)).toBe("calculatePrice)");
      await client.end();
    });
  },
  { HEARTH_MODEL_ID: pathToFileURL(modelFile).href },
);
