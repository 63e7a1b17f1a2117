// The same suggestions for every recorded client: each is sent in the form that this client inserts unspoilt.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAcceptance } from "../../server/features/index.ts";
import type {
  CompletionAnswer,
  CompletionFeature,
  CompletionItem,
  CompletionQuery,
  InlineFeature,
  InlineQuery,
} from "../../server/features/index.ts";
import { createManualClock, createMemoryFolderFiles, silentLog } from "../../server/platform/index.ts";
import { readClientProfile } from "../../server/protocol/index.ts";
import { toSnippet } from "../../server/protocol/snippets.ts";
import { createDefaultSettings } from "../../server/settings/index.ts";
import { startClient } from "../kit/client.ts";
import type { TestClient } from "../kit/client.ts";
import { at, listAt, numberAt, textAt } from "../kit/json.ts";
import { acceptInto, commandOf, expandSnippet } from "../kit/menu.ts";
import { profile, profiles, withCapabilities } from "../kit/profiles.ts";
import type { Profile } from "../kit/profiles.ts";
import { expectNoBugs, sessionMode } from "./session-mode.ts";
import type { SessionMode } from "./session-mode.ts";

const uri = "file:///w/shop.py";
const before = "class Shop:\n    def pay(self, sum):\n        if self.ca";
const line = "        if self.ca";
const wordStart = before.length - 2;
const LINE = "can_pay(sum, '{$x}')";
const BLOCK =
  "can_pay(sum):\n            self.cash -= sum  # costs \\$1}\n            return True\n        return False";

const edit = (newText: string): CompletionItem["edit"] => ({ start: wordStart, end: before.length, newText });
const name: CompletionItem = {
  kind: "method",
  label: "cancel",
  edit: edit("cancel"),
  filterText: "cancel",
  rank: 3,
  detail: undefined,
};
const modelLine: CompletionItem = {
  kind: "model-line",
  label: LINE,
  edit: edit(LINE),
  filterText: LINE,
  rank: 0,
  detail: "model",
};
const modelBlock: CompletionItem = {
  kind: "model-block",
  label: "can_pay(sum):",
  edit: edit(BLOCK),
  preview: BLOCK,
  filterText: "can_pay(sum):",
  rank: 1,
  detail: "model, 4 lines",
};
const firstLine: CompletionItem = {
  ...modelLine,
  label: "can_pay(sum):",
  edit: edit("can_pay(sum):"),
  filterText: "can_pay(sum):",
  rank: 2,
};

interface HandMade {
  readonly mode: SessionMode;
  readonly client: TestClient;
  readonly asked: CompletionQuery[];
  readonly inlineAsked: InlineQuery[];
  readonly counts: () => Readonly<Record<string, number>>;
}

async function openWith(
  of: Profile,
  answer: Partial<CompletionAnswer> = {},
  options: {
    readonly modelLine?: "auto" | "always" | "never";
    readonly inline?: readonly string[];
    readonly settings?: object;
  } = {},
): Promise<HandMade> {
  const asked: CompletionQuery[] = [];
  const inlineAsked: InlineQuery[] = [];
  const clock = createManualClock();
  const acceptance = createAcceptance({ files: createMemoryFolderFiles(), clock, log: silentLog });
  const completion: CompletionFeature = {
    complete(query) {
      asked.push(query);
      const { items = [modelLine, modelBlock, firstLine, name] } = answer;
      return Promise.resolve({
        isIncomplete: false,
        model: { outcome: "answered", tokens: undefined },
        ...answer,
        items: items.map((item) => ({ ...item, edit: { ...item.edit, end: query.offset } })),
      });
    },
  };
  const inline: InlineFeature = {
    suggest(query) {
      inlineAsked.push(query);
      const { edit: head } = query.selected ?? { edit: edit("ca") };
      const texts = options.inline ?? ["n_pay(sum):\n            pass", "ncel()", "sh", "t"];
      return Promise.resolve(
        texts.map((rest) => ({ edit: { ...head, newText: head.newText + rest }, filterText: head.newText })),
      );
    },
  };
  const settings = createDefaultSettings();
  const current = settings.current();
  const mode = sessionMode({
    completion,
    inline,
    acceptance,
    settings: {
      ...settings,
      current: () => current,
      layers: () => [],
    },
  });
  const client = await startClient({
    mode,
    profile: of,
    initializationOptions: { completion: { modelLine: options.modelLine ?? "auto" }, ...options.settings },
  });
  client.open(uri, before);
  return {
    mode,
    client,
    asked,
    inlineAsked,
    counts: () => {
      clock.advance(40_000);
      return Object.fromEntries(acceptance.rows().map((row) => [row.kind, row.accepted]));
    },
  };
}

async function end({ mode, client }: HandMade): Promise<void> {
  await client.end();
  expectNoBugs(mode);
}

const menu = (client: TestClient, triggerKind = 1): Promise<readonly unknown[]> =>
  client.complete(uri, client.textOf(uri).length, { triggerKind });

describe.each(profiles.map((entry) => [entry.name, entry] as const))("with %s", (_name, of) => {
  const known = readClientProfile(of.clientInfo.name, of.capabilities);
  const takesBlocks = known.completion.manyLines !== "none";

  test("every item leaves the text as it was meant in the buffer, or is not sent", async () => {
    const made = await openWith(of);
    const items = await menu(made.client);
    const results = items.map((item) => acceptInto(line, item));
    const wanted = [LINE, ...(takesBlocks ? [BLOCK] : []), "can_pay(sum):", "cancel"];
    expect(results).toEqual(wanted.map((text) => line.slice(0, -2) + text));
    await end(made);
  });

  test("labels are one line, start with what was typed, and tell one entry from the other", async () => {
    const made = await openWith(of);
    const items = await menu(made.client);
    const shown = items.map((item) => `${textAt(item, "label") ?? ""}|${textAt(item, "detail") ?? ""}`);
    expect(new Set(shown).size).toBe(items.length);
    for (const item of items) {
      expect(textAt(item, "label")).toMatch(/^ca[^\r\n]*$/);
      expect(textAt(item, "filterText")).toMatch(/^ca[^\r\n]*$/);
      for (const field of ["data", "commitCharacters", "preselect", "insertText"]) {
        expect(at(item, field), field).toBeUndefined();
      }
    }
    const sorts = items.map((item) => textAt(item, "sortText") ?? "");
    expect([...sorts].sort()).toEqual(sorts);
    expect(new Set(sorts).size).toBe(sorts.length);
    expect(at(made.client.initializeResult, "capabilities.completionProvider.resolveProvider")).toBe(false);
    await end(made);
  });

  test("a block is shown whole beside the menu, as far as the client renders it", async () => {
    const made = await openWith(of);
    const block = (await menu(made.client)).find((item) =>
      (textAt(item, "textEdit.newText") ?? "").includes("\n"),
    );
    expect(block !== undefined).toBe(takesBlocks);
    if (block !== undefined) {
      const preview = textAt(block, "documentation") ?? textAt(block, "documentation.value") ?? "";
      expect(preview).toContain(BLOCK);
      const isRendered =
        known.completion.rendersStrings || textAt(block, "documentation.kind") === "markdown";
      expect(preview.startsWith("```python\n")).toBe(isRendered);
    }
    await end(made);
  });

  test("an accepted suggestion is counted, by its command or by the edit", async () => {
    const made = await openWith(of);
    const { client } = made;
    const item = (await menu(client))[0];
    const command = commandOf(item);
    expect(command !== undefined).toBe(known.completion.runsCommands);
    const result = acceptInto(line, item);
    client.edit(uri, before.length, before.length, result.slice(line.length));
    if (command !== undefined) expect(await client.request("workspace/executeCommand", command)).toBeNull();
    await client.symbols(uri);
    expect(made.counts()).toMatchObject({ line: 1, name: 0 });
    await end(made);
  });

  test("line breaks of a document with CRLF are as the client's buffer has them, and its preview has none of them", async () => {
    const crlf = BLOCK.replaceAll("\n", "\r\n");
    const made = await openWith(of, { items: [{ ...modelBlock, edit: edit(crlf), preview: crlf }] });
    for (const item of await menu(made.client)) {
      // The client gives a snippet's lines the breaks of its buffer.
      const holdsLines = of.clientInfo.name === "Neovim" || numberAt(item, "insertTextFormat") === 2;
      expect(textAt(item, "textEdit.newText")?.includes("\r")).toBe(!holdsLines);
      expect(textAt(item, "documentation") ?? textAt(item, "documentation.value")).not.toContain("\r");
    }
    await end(made);
  });

  test("a text that begins on the next line is sent only where several lines are taken", async () => {
    const below: CompletionItem = { ...firstLine, label: "return 1", edit: edit("ca\n            return 1") };
    const made = await openWith(of, { items: [below] });
    const results = (await menu(made.client)).map((item) => acceptInto(line, item));
    expect(results).toEqual(takesBlocks ? [`${line}\n            return 1`] : []);
    await end(made);
  });
});

describe("the model's line in the menu", () => {
  const isOff = async (made: HandMade, triggerKind: number): Promise<boolean | undefined> => {
    await menu(made.client, triggerKind);
    return made.asked.at(-1)?.isModelOff;
  };

  test("is left out right after a key where the client shows ghost text, and comes when asked for by hand", async () => {
    const made = await openWith(profile("coc"));
    expect(await isOff(made, 1)).toBe(false);
    await made.client.type(uri, before.length, "n");
    expect(await isOff(made, 1)).toBe(true);
    expect(await isOff(made, 3)).toBe(true);
    await end(made);
  });

  test("is there where the client shows no ghost text", async () => {
    const made = await openWith(profile("helix"));
    await made.client.type(uri, before.length, "n");
    expect(await isOff(made, 3)).toBe(false);
    await end(made);
  });

  test.each([
    ["always", false],
    ["never", true],
  ] as const)("is %s there when the setting says so", async (setting, expected) => {
    for (const of of ["coc", "helix"]) {
      const made = await openWith(profile(of), {}, { modelLine: setting });
      await made.client.type(uri, before.length, "n");
      expect(await isOff(made, 1)).toBe(expected);
      await end(made);
    }
  });

  test("a client that is silent while its menu is open is asked back at each key, for the sake of its ghost text", async () => {
    const ask = async (of: Profile, inlineCompletion: object, key = "n"): Promise<unknown> => {
      const made = await openWith(of, { items: [name] }, { settings: { inlineCompletion } });
      if (key !== "") await made.client.type(uri, before.length, key);
      const list = await made.client.request("textDocument/completion", {
        textDocument: { uri },
        position: made.client.position(uri, before.length),
        context: { triggerKind: 1 },
      });
      await end(made);
      return at(list, "isIncomplete");
    };
    expect(await ask(profile("coc"), { enabled: true })).toBe(true);
    expect(await ask(profile("coc"), { enabled: false })).toBe(false);
    expect(await ask(profile("helix"), { enabled: true })).toBe(false);
    // Opened by hand it has the model's line, and keeps it while one types on.
    expect(await ask(profile("coc"), { enabled: true }, "")).toBe(false);
  });

  test("a client that keeps complete lists is asked again while the model has not spoken", async () => {
    const model = { outcome: "not-ready", tokens: undefined } as const;
    for (const [of, expected] of [
      ["emacs-28.2-eglot-1.23", true],
      ["helix", false],
    ] as const) {
      const made = await openWith(profile(of), { items: [name], model });
      const list = await made.client.request("textDocument/completion", {
        textDocument: { uri },
        position: made.client.position(uri, before.length),
      });
      expect(at(list, "isIncomplete")).toBe(expected);
      await end(made);
    }
  });
});

describe("an empty list", () => {
  const model = { outcome: "late", tokens: undefined } as const;
  const ask = async (of: Profile, triggerKind: number): Promise<unknown> => {
    const made = await openWith(of, { items: [], isIncomplete: true, model });
    const list = await made.client.request("textDocument/completion", {
      textDocument: { uri },
      position: made.client.position(uri, before.length),
      context: { triggerKind },
    });
    expect(listAt(list, "items")).toEqual([]);
    await end(made);
    return at(list, "isIncomplete");
  };

  test("is complete where an incomplete one hides what other servers answer later, as in Helix", async () => {
    for (const of of profiles.filter(({ name }) => name.startsWith("helix"))) {
      expect(await ask(of, 1), of.name).toBe(false);
      expect(await ask(of, 2), of.name).toBe(false);
    }
  });

  test("is asked for again where the menu is open already, and by all other clients", async () => {
    expect(await ask(profile("helix"), 3)).toBe(true);
    for (const of of profiles.filter(({ name }) => !name.startsWith("helix")))
      expect(await ask(of, 1), of.name).toBe(true);
  });
});

describe.each(["nvim-cmp", "blink.cmp"])("Neovim with the menu of %s", (plugin) => {
  test("can tell the model's sure text from other entries, as README's sorting does", async () => {
    const made = await openWith(profile(plugin), {
      items: [modelBlock, firstLine, name, modelLine].map((item, rank) => ({ ...item, rank })),
    });
    const isSure = (item: unknown): boolean =>
      textAt(item, "labelDetails.description") === "hearth" && (textAt(item, "sortText") ?? "") < "00002";
    expect((await menu(made.client)).map(isSure)).toEqual([true, true, false, false]);
    await end(made);
  });

  test("is told to leave indentation alone, and gets no snippet", async () => {
    const made = await openWith(profile(plugin));
    const items = await menu(made.client);
    const block = items.find((item) => textAt(item, "textEdit.newText") === BLOCK);
    expect(numberAt(block, "insertTextMode")).toBe(1);
    expect(items.map((item) => at(item, "insertTextFormat"))).toEqual(items.map(() => undefined));
    await end(made);
  });
});

describe("coc.nvim", () => {
  test("gets a block as a snippet, which leaves the cursor at its end, with its lines as they are", async () => {
    const made = await openWith(profile("coc"));
    const items = await menu(made.client);
    const block = items.find((item) => (textAt(item, "textEdit.newText") ?? "").includes("\n"));
    expect(block).toMatchObject({ insertTextFormat: 2, insertTextMode: 1 });
    expect(expandSnippet(textAt(block, "textEdit.newText") ?? "")).toBe(BLOCK);
    await end(made);
  });
});

describe("ghost text", () => {
  const ask = (client: TestClient, context: object): Promise<unknown> =>
    client.request("textDocument/inlineCompletion", {
      textDocument: { uri },
      position: client.position(uri, before.length),
      context,
    });

  test("one unasked, up to three by hand, each with its command", async () => {
    const made = await openWith(profile("coc"));
    const unasked = await ask(made.client, { triggerKind: 2 });
    expect(listAt({ unasked }, "unasked")).toHaveLength(1);
    const byHand = listAt({ items: await ask(made.client, { triggerKind: 1 }) }, "items");
    expect(byHand.map((item) => textAt(item, "insertText"))).toEqual([
      "can_pay(sum):\n            pass",
      "cancel()",
      "cash",
    ]);
    expect(made.inlineAsked.map((query) => query.isInvoked)).toEqual([false, true]);
    const command = commandOf(byHand[0]);
    made.client.edit(uri, before.length, before.length, "n_pay(sum):\n            pass");
    await made.client.request("workspace/executeCommand", command);
    expect(made.counts()).toMatchObject({ inline: 1 });
    await end(made);
  });

  test("extends the menu's selected entry, over several lines too", async () => {
    const made = await openWith(profile("coc"), {}, { inline: ["(sum):\n            pass"] });
    const range = {
      start: made.client.position(uri, wordStart),
      end: made.client.position(uri, before.length),
    };
    const items = await ask(made.client, {
      triggerKind: 2,
      selectedCompletionInfo: { range, text: "can_pay" },
    });
    expect(items).toMatchObject([{ insertText: "can_pay(sum):\n            pass", range }]);
    expect(made.inlineAsked[0]?.selected?.edit).toEqual(edit("can_pay"));
    await end(made);
  });

  test("Neovim's gets its lines with LF, also in a document with CRLF", async () => {
    const withGhostText = withCapabilities(profile("neovim"), { textDocument: { inlineCompletion: {} } });
    const made = await openWith(withGhostText, {}, { inline: ["n_pay(sum):\r\n            pass"] });
    expect(await ask(made.client, { triggerKind: 2 })).toMatchObject([
      { insertText: "can_pay(sum):\n            pass" },
    ]);
    await end(made);
  });
});

describe("a name in the middle of a word", () => {
  const right = "sh_all(1)";
  const inside: CompletionItem = { ...name, wordEnd: before.length + "sh_all".length };

  test.each(["nvim-cmp", "blink.cmp"])("may replace the rest of the word in %s", async (client) => {
    const made = await openWith(profile(client), { items: [inside] });
    made.client.edit(uri, before.length, before.length, right);
    const [item] = await made.client.complete(uri, before.length, { triggerKind: 1 });
    const row = made.client.position(uri, before.length);
    expect(item).toMatchObject({
      textEdit: { insert: { end: row }, replace: { end: { ...row, character: row.character + 6 } } },
    });
    expect(acceptInto(line + right, item)).toBe(`${line.slice(0, -2)}cancel${right}`);
    await end(made);
  });

  test.each(["neovim", "helix", "emacs-28.2-eglot-1.23"])("leaves it in %s", async (client) => {
    const made = await openWith(profile(client), { items: [inside] });
    made.client.edit(uri, before.length, before.length, right);
    const [item] = await made.client.complete(uri, before.length, { triggerKind: 1 });
    expect(at(item, "textEdit.replace")).toBeUndefined();
    expect(acceptInto(line + right, item)).toBe(`${line.slice(0, -2)}cancel${right}`);
    await end(made);
  });
});

describe("ghost text that begins with a blank", () => {
  const ask = async (of: Profile): Promise<{ items: unknown; place: ReturnType<TestClient["position"]> }> => {
    const made = await openWith(of, {}, { inline: [" == 1:"] });
    const place = made.client.position(uri, before.length);
    const items = await made.client.request("textDocument/inlineCompletion", {
      textDocument: { uri },
      position: place,
      context: { triggerKind: 2, selectedCompletionInfo: { range: { start: place, end: place }, text: "" } },
    });
    await end(made);
    return { items, place };
  };

  test("begins with what stands before it for coc.nvim, which takes blanks at the beginning for indentation", async () => {
    const { place, items } = await ask(profile("coc"));
    const start = { ...place, character: place.character - 1 };
    expect(items).toMatchObject([{ insertText: "a == 1:", range: { start, end: place } }]);
  });

  test("stays as it is for the others", async () => {
    const { place, items } = await ask(profile("vscode-like"));
    expect(items).toMatchObject([{ insertText: " == 1:", range: { start: place, end: place } }]);
  });
});

describe("the accept command", () => {
  test("is refused in another form, and of no effect with numbers that nobody gave", async () => {
    const made = await openWith(profile("neovim"));
    for (const params of [
      { command: "rm", arguments: [uri, 1] },
      { command: "hearth.acceptSuggestion" },
      { command: "hearth.acceptSuggestion", arguments: [1, uri] },
    ]) {
      const { error } = await made.client.send("workspace/executeCommand", params).answer;
      expect(error?.code, JSON.stringify(params)).toBe(-32602);
    }
    for (const [document, number] of [
      [uri, 99],
      [uri, -1],
      ["file:///w/closed.py", 1],
    ] as const) {
      const params = { command: "hearth.acceptSuggestion", arguments: [document, number] };
      expect(await made.client.request("workspace/executeCommand", params)).toBeNull();
    }
    expect(made.counts()).toEqual({});
    await end(made);
  });
});

describe("a text as a snippet", () => {
  test("expands to the text, whatever is in it", () => {
    const lines = fc.array(
      fc.string({ unit: fc.constantFrom("a", " ", "$", "{", "}", "\\", "1", ":", "|") }),
    );
    fc.assert(
      fc.property(lines, fc.constantFrom("", "    ", "\t"), (texts, indent) => {
        const text = texts.map((content, row) => (row === 0 ? content : indent + content)).join("\n");
        const snippet = toSnippet(text, indent) ?? "";
        expect(expandSnippet(snippet).replaceAll("\n", `\n${indent}`)).toBe(text);
      }),
    );
  });

  test("of any line end, with empty lines, but not of lines indented less", () => {
    expect(toSnippet("if x:\r\n        y\r\n\r\n        z", "    ")).toBe("if x:\n    y\n\n    z");
    expect(toSnippet("x\ny", "    ")).toBeUndefined();
    expect(toSnippet("x\n\ty", "    ")).toBeUndefined();
  });
});
