// Conversations that are broken on purpose, each in one way; the number is the only check that may object.
import type { Conversation, ConversationSetup } from "../kit/conversation.ts";
import { profile, withCapabilities } from "../kit/profiles.ts";

export interface Control extends ConversationSetup {
  readonly check: number;
  readonly name: string;
  readonly say: (talk: Conversation) => void;
}

const uri = "file:///w/a.py";
const doc = { textDocument: { uri } };
const text = "def total(items):\n    return sum(items)\n";
const place = (line: number, character: number): object => ({ line, character });
const range = (l1: number, c1: number, l2: number, c2: number): object => ({
  start: place(l1, c1),
  end: place(l2, c2),
});
const at = { ...doc, position: place(1, 7) };
const completion = { completionProvider: {} };
const actions = { codeActionProvider: true };
const edit = (of: object, newText = "x"): object => ({ range: of, newText });
const versioned = (version: number | null, edits: readonly object[], of = uri): object => ({
  textDocument: { uri: of, version },
  edits,
});
const actionParams = { ...doc, range: range(0, 0, 0, 3), context: { diagnostics: [] } };
const finding = { range: range(0, 0, 0, 3), message: "no" };
const item = (fields: object = {}): object => ({ label: "return", ...fields });
const symbol = (name: string, of: object, selection: object, children: readonly object[] = []): object => ({
  name,
  kind: 12,
  range: of,
  selectionRange: selection,
  children,
});
const actionOf = (documentChanges: readonly object[], more: object = {}): object => ({
  title: "mend",
  kind: "quickfix",
  edit: { documentChanges, ...more },
});

/** Opens the document and has one request about it answered. */
const opened =
  (method: string, params: unknown, result: unknown) =>
  (talk: Conversation): void => {
    talk.open(uri, text);
    talk.exchange(method, params, result);
  };
const complete = (...items: readonly object[]): ((talk: Conversation) => void) =>
  opened("textDocument/completion", at, items);
const act = (...given: readonly object[]): ((talk: Conversation) => void) =>
  opened("textDocument/codeAction", actionParams, given);
const publish = (talk: Conversation, of: object): void => talk.say("textDocument/publishDiagnostics", of);
const without = (patch: Readonly<Record<string, unknown>>): ConversationSetup => ({
  client: withCapabilities(profile("vscode-like"), patch),
});
const begin = { kind: "begin", title: "working" };
const progress = (talk: Conversation, token: string, value: unknown): void =>
  talk.say("$/progress", { token, value });

export const controls: readonly Control[] = [
  // 1: framing
  { check: 1, name: "text before a frame", say: (talk) => talk.raw("server", "loading model\n") },
  {
    check: 1,
    name: "a length in characters instead of bytes",
    say: (talk) => {
      const body = '{"jsonrpc":"2.0","method":"window/logMessage","params":{"type":3,"message":"äöü"}}';
      talk.raw("server", `Content-Length: ${body.length}\r\n\r\n${body}`);
      talk.raw("server", "Content-Length: 2\r\n\r\n");
    },
  },
  {
    check: 1,
    name: "a body that is not JSON",
    say: (talk) => talk.raw("server", "Content-Length: 3\r\n\r\n{a}"),
  },
  {
    check: 1,
    name: "a header of its own",
    say: (talk) => talk.raw("server", "Content-Size: 2\r\n\r\n{}"),
  },
  {
    check: 1,
    name: "a negative length",
    say: (talk) => talk.raw("server", "Content-Length: -2\r\n\r\n{}"),
  },
  {
    check: 1,
    name: "an end in the middle of a frame",
    say: (talk) => {
      talk.raw("server", "Content-Length: 20\r\n\r\n{");
      talk.finish();
    },
  },
  {
    check: 1,
    name: "bytes that are not UTF-8",
    say: (talk) => {
      const bytes = Buffer.from(
        '{"jsonrpc":"2.0","method":"window/logMessage","params":{"type":3,"message":"?"}}',
      );
      bytes[bytes.indexOf("?")] = 0xff;
      talk.raw("server", Buffer.concat([Buffer.from(`Content-Length: ${bytes.length}\r\n\r\n`), bytes]));
    },
  },
  // 2: envelope
  {
    check: 2,
    name: "two answers to one request",
    server: { hoverProvider: true },
    say: (talk) => {
      const id = talk.ask("textDocument/hover", at);
      talk.answer(id, null);
      talk.answer(id, null);
    },
  },
  { check: 2, name: "an answer to nothing", say: (talk) => talk.answer(99, null) },
  {
    check: 2,
    name: "an id of another type",
    server: { hoverProvider: true },
    say: (talk) => talk.answer(String(talk.ask("textDocument/hover", at)), null),
  },
  {
    check: 2,
    name: "result and error together",
    server: { hoverProvider: true },
    say: (talk) => {
      const id = talk.ask("textDocument/hover", at);
      talk.fromServer({ jsonrpc: "2.0", id, result: null, error: { code: 1, message: "" } });
    },
  },
  {
    check: 2,
    name: "neither result nor error",
    server: { hoverProvider: true },
    say: (talk) => talk.fromServer({ jsonrpc: "2.0", id: talk.ask("textDocument/hover", at) }),
  },
  {
    check: 2,
    name: "an error without a message",
    server: { hoverProvider: true },
    say: (talk) =>
      talk.fromServer({ jsonrpc: "2.0", id: talk.ask("textDocument/hover", at), error: { code: -32603 } }),
  },
  {
    check: 2,
    name: "no jsonrpc version",
    say: (talk) => talk.fromServer({ method: "window/logMessage", params: { type: 3, message: "" } }),
  },
  { check: 2, name: "a batch", say: (talk) => talk.fromServer([]) },
  {
    check: 2,
    name: "a request id that is in use",
    say: (talk) => {
      const id = talk.demand("workspace/workspaceFolders", undefined);
      talk.fromServer({ jsonrpc: "2.0", id, method: "workspace/workspaceFolders" });
    },
  },
  {
    check: 2,
    name: "a request left unanswered",
    server: { hoverProvider: true },
    say: (talk) => {
      talk.ask("textDocument/hover", at);
      talk.bye();
    },
  },
  {
    check: 2,
    name: "an answer with id null without a cause",
    say: (talk) =>
      talk.fromServer({ jsonrpc: "2.0", id: null, error: { code: -32700, message: "could not be read" } }),
  },
  {
    check: 2,
    name: "a stray field beside the message",
    say: (talk) =>
      talk.fromServer({ jsonrpc: "2.0", method: "telemetry/event", params: {}, server: "of its own" }),
  },
  // 3: schema
  {
    check: 3,
    name: "a field that the protocol does not know",
    server: completion,
    say: complete(item({ score: 1 })),
  },
  { check: 3, name: "a field missing", server: completion, say: complete({ kind: 3 }) },
  {
    check: 3,
    name: "a negative position",
    server: { definitionProvider: true },
    say: opened("textDocument/definition", at, { uri, range: range(0, -1, 0, 2) }),
  },
  {
    check: 3,
    name: "a server capability of its own",
    isBare: true,
    say: (talk) =>
      talk.exchange(
        "initialize",
        { processId: 1, rootUri: null, capabilities: {} },
        {
          capabilities: { astProvider: true },
        },
      ),
  },
  {
    check: 3,
    name: "a notification with wrong params",
    say: (talk) => publish(talk, { uri, diagnostics: [{ message: "no range" }] }),
  },
  { check: 3, name: "a notification of its own", say: (talk) => talk.say("hearth/hello", {}) },
  {
    check: 3,
    name: "a client's method sent by the server",
    say: (talk) => talk.say("textDocument/didSave", doc),
  },
  {
    check: 3,
    name: "registration options that do not fit",
    say: (talk) =>
      talk.demand(
        "client/registerCapability",
        {
          registrations: [
            { id: "1", method: "workspace/didChangeWatchedFiles", registerOptions: { watchers: [{}] } },
          ],
        },
        null,
      ),
  },
  {
    check: 3,
    name: "a partial result that does not fit",
    server: { documentSymbolProvider: true },
    say: (talk) => {
      talk.open(uri, text);
      const id = talk.ask("textDocument/documentSymbol", { ...doc, partialResultToken: "p" });
      progress(talk, "p", [{ name: "total" }]);
      talk.answer(id, []);
    },
  },
  {
    check: 3,
    name: "a progress value that is none",
    say: (talk) => {
      talk.demand("window/workDoneProgress/create", { token: "t" }, null);
      progress(talk, "t", { kind: "begin" });
    },
  },
  {
    check: 3,
    name: "null params answered",
    server: { hoverProvider: true },
    say: (talk) => talk.exchange("textDocument/hover", null, null),
  },
  {
    check: 3,
    name: "null params refused with an internal error",
    server: { hoverProvider: true },
    say: (talk) => talk.refuse(talk.ask("textDocument/hover", null), -32603),
  },
  {
    check: 3,
    name: "an unknown method of the protocol's own space answered",
    say: (talk) => talk.exchange("$/unknown", {}, null),
  },
  // 4: phase
  {
    check: 4,
    name: "a request answered before initialize",
    isBare: true,
    say: (talk) => talk.exchange("textDocument/hover", at, null),
  },
  {
    check: 4,
    name: "a request before initialize refused as unknown",
    isBare: true,
    say: (talk) => talk.refuse(talk.ask("textDocument/hover", at), -32601),
  },
  {
    check: 4,
    name: "a log line before initialize",
    isBare: true,
    say: (talk) => talk.say("window/logMessage", { type: 3, message: "hello" }),
  },
  {
    check: 4,
    name: "a registration before the answer to initialize",
    isBare: true,
    say: (talk) => {
      talk.ask("initialize", {
        processId: 1,
        rootUri: null,
        capabilities: profile("vscode-like").capabilities,
      });
      talk.demand("client/registerCapability", { registrations: [] });
    },
  },
  {
    check: 4,
    name: "a second initialize answered",
    say: (talk) =>
      talk.exchange("initialize", { processId: 1, rootUri: null, capabilities: {} }, { capabilities: {} }),
  },
  {
    check: 4,
    name: "a request after shutdown answered",
    server: { hoverProvider: true },
    say: (talk) => {
      talk.exchange("shutdown", undefined, null);
      talk.exchange("textDocument/hover", at, null);
    },
  },
  {
    check: 4,
    name: "a second shutdown answered",
    say: (talk) => {
      talk.exchange("shutdown", undefined, null);
      talk.exchange("shutdown", undefined, null);
    },
  },
  {
    check: 4,
    name: "diagnostics after shutdown",
    ...without({ textDocument: { diagnostic: undefined } }),
    say: (talk) => {
      talk.exchange("shutdown", undefined, null);
      publish(talk, { uri, diagnostics: [] });
    },
  },
  {
    check: 4,
    name: "a message box after exit",
    say: (talk) => {
      talk.exchange("shutdown", undefined, null);
      talk.tell("exit");
      talk.say("window/showMessage", { type: 3, message: "bye" });
    },
  },
  // 5: capabilities
  {
    check: 5,
    name: "configuration asked of a client without it",
    client: "empty",
    say: (talk) => talk.demand("workspace/configuration", { items: [] }, []),
  },
  {
    check: 5,
    name: "progress created at a client without it",
    client: "old",
    say: (talk) => talk.demand("window/workDoneProgress/create", { token: "t" }, null),
  },
  {
    check: 5,
    name: "a registration that the client does not take",
    client: "empty",
    say: (talk) =>
      talk.demand(
        "client/registerCapability",
        {
          registrations: [
            { id: "1", method: "textDocument/completion", registerOptions: { documentSelector: null } },
          ],
        },
        null,
      ),
  },
  {
    check: 5,
    name: "one registration id twice",
    say: (talk) => {
      const registrations = [{ id: "1", method: "workspace/didChangeConfiguration", registerOptions: {} }];
      talk.demand("client/registerCapability", { registrations }, null);
      talk.demand("client/registerCapability", { registrations }, null);
    },
  },
  {
    check: 5,
    name: "static and registered at once",
    server: completion,
    say: (talk) =>
      talk.demand(
        "client/registerCapability",
        {
          registrations: [
            {
              id: "1",
              method: "textDocument/completion",
              registerOptions: { documentSelector: null },
            },
          ],
        },
        null,
      ),
  },
  {
    check: 5,
    name: "an unknown registration taken back",
    say: (talk) =>
      talk.demand(
        "client/unregisterCapability",
        { unregisterations: [{ id: "9", method: "textDocument/completion" }] },
        null,
      ),
  },
  {
    check: 5,
    name: "advertised but unknown",
    server: { hoverProvider: true },
    say: (talk) => talk.refuse(talk.ask("textDocument/hover", at), -32601),
  },
  {
    check: 5,
    name: "answered but never advertised",
    say: (talk) => talk.exchange("textDocument/diagnostic", doc, { kind: "full", items: [] }),
  },
  {
    check: 5,
    name: "an encoding that was not offered",
    server: { positionEncoding: "utf-8" },
    say: () => undefined,
  },
  {
    check: 5,
    name: "CodeActionOptions for a client that knows commands only",
    client: "old",
    server: { codeActionProvider: { codeActionKinds: ["quickfix"] } },
    say: () => undefined,
  },
  {
    check: 5,
    name: "RenameOptions for a client without prepareSupport",
    client: "old",
    server: { renameProvider: { prepareProvider: true } },
    say: () => undefined,
  },
  {
    check: 5,
    name: "pull diagnostics for a client that does not pull",
    client: "old",
    server: { diagnosticProvider: { interFileDependencies: false, workspaceDiagnostics: false } },
    say: () => undefined,
  },
  {
    check: 5,
    name: "inline completion for a client that does not ask",
    client: "neovim",
    server: { inlineCompletionProvider: true },
    say: () => undefined,
  },
  {
    check: 5,
    name: "an action literal for a client that knows commands only",
    client: "old",
    server: actions,
    say: act({ title: "mend", kind: "quickfix" }),
  },
  {
    check: 5,
    name: "a disabled action for a client without disabledSupport",
    ...without({ textDocument: { codeAction: { disabledSupport: undefined } } }),
    server: actions,
    say: act({ title: "mend", kind: "quickfix", disabled: { reason: "no" } }),
  },
  {
    check: 5,
    name: "an action of a kind that was not asked for",
    server: actions,
    say: opened(
      "textDocument/codeAction",
      { ...actionParams, context: { diagnostics: [], only: ["refactor"] } },
      [{ title: "mend", kind: "quickfix" }],
    ),
  },
  {
    check: 5,
    name: "an action tag that the client does not know",
    ...without({ textDocument: { codeAction: { tagSupport: undefined } } }),
    server: actions,
    say: act({ title: "mend", kind: "quickfix", tags: [1] }),
  },
  {
    check: 5,
    name: "data on a diagnostic for an old client",
    client: "old",
    say: (talk) => publish(talk, { uri, diagnostics: [{ ...finding, data: 1 }] }),
  },
  {
    check: 5,
    name: "a diagnostic tag for an old client",
    client: "old",
    say: (talk) => publish(talk, { uri, diagnostics: [{ ...finding, tags: [1] }] }),
  },
  {
    check: 5,
    name: "related information for a client that says no",
    client: "old",
    say: (talk) =>
      publish(talk, {
        uri,
        diagnostics: [
          {
            ...finding,
            relatedInformation: [{ location: { uri, range: range(0, 0, 0, 1) }, message: "here" }],
          },
        ],
      }),
  },
  {
    check: 5,
    name: "nested symbols for a flat client",
    client: "old",
    server: { documentSymbolProvider: true },
    say: opened("textDocument/documentSymbol", doc, [symbol("total", range(0, 0, 1, 21), range(0, 4, 0, 9))]),
  },
  {
    check: 5,
    name: "a symbol kind of newer times",
    client: "old",
    server: { documentSymbolProvider: true },
    say: opened("textDocument/documentSymbol", doc, [
      { name: "total", kind: 26, location: { uri, range: range(0, 0, 0, 3) } },
    ]),
  },
  {
    check: 5,
    name: "more folds than the client takes",
    ...without({ textDocument: { foldingRange: { rangeLimit: 1 } } }),
    server: { foldingRangeProvider: true },
    say: opened("textDocument/foldingRange", doc, [
      { startLine: 0, endLine: 1 },
      { startLine: 0, endLine: 2 },
    ]),
  },
  {
    check: 5,
    name: "a markdown hover for a plain client",
    client: "old",
    server: { hoverProvider: true },
    say: opened("textDocument/hover", at, { contents: { kind: "markdown", value: "**x**" } }),
  },
  // 6: positions
  {
    check: 6,
    name: "a character past the line end",
    server: { definitionProvider: true },
    say: opened("textDocument/definition", at, { uri, range: range(0, 4, 0, 90) }),
  },
  {
    check: 6,
    name: "a line past the end",
    server: { definitionProvider: true },
    say: opened("textDocument/definition", at, { uri, range: range(9, 0, 9, 0) }),
  },
  {
    check: 6,
    name: "a range that ends before it starts",
    server: { definitionProvider: true },
    say: opened("textDocument/definition", at, { uri, range: range(1, 4, 0, 4) }),
  },
  {
    check: 6,
    name: "the middle of a surrogate pair",
    server: { definitionProvider: true },
    say: (talk) => {
      talk.open(uri, "x = '🌍'\n");
      talk.exchange("textDocument/definition", at, { uri, range: range(0, 6, 0, 7) });
    },
  },
  {
    check: 6,
    name: "utf-16 units where utf-8 was agreed",
    client: "neovim",
    server: { definitionProvider: true, positionEncoding: "utf-8" },
    say: (talk) => {
      talk.open(uri, "größe\n");
      talk.exchange("textDocument/definition", at, { uri, range: range(0, 0, 0, 3) });
    },
  },
  {
    check: 6,
    name: "a diagnostic of a text that is no more",
    client: "coc",
    say: (talk) => {
      talk.open(uri, text);
      talk.tell("textDocument/didChange", {
        textDocument: { uri, version: 2 },
        contentChanges: [{ text: "x\n" }],
      });
      publish(talk, { uri, version: 2, diagnostics: [{ range: range(1, 4, 1, 8), message: "stale" }] });
    },
  },
  // 7: versions
  {
    check: 7,
    name: "an edit with version 0",
    server: actions,
    say: act(actionOf([versioned(0, [edit(range(0, 0, 0, 0))])])),
  },
  {
    check: 7,
    name: "an edit without a version",
    server: actions,
    say: act(actionOf([versioned(null, [edit(range(0, 0, 0, 0))])])),
  },
  {
    check: 7,
    name: "documentChanges for a client without them",
    ...without({ workspace: { workspaceEdit: { documentChanges: false } } }),
    server: actions,
    say: act(actionOf([versioned(1, [edit(range(0, 0, 0, 0))])])),
  },
  {
    check: 7,
    name: "diagnostics that go back in version",
    client: "coc",
    say: (talk) => {
      talk.open(uri, text);
      talk.tell("textDocument/didChange", {
        textDocument: { uri, version: 2 },
        contentChanges: [{ text }],
      });
      publish(talk, { uri, version: 2, diagnostics: [] });
      publish(talk, { uri, version: 1, diagnostics: [] });
    },
  },
  {
    check: 7,
    name: "diagnostics of a version that was never sent",
    client: "coc",
    say: (talk) => {
      talk.open(uri, text);
      publish(talk, { uri, version: 7, diagnostics: [] });
    },
  },
  {
    check: 7,
    name: "no version for a client that wants it",
    client: "coc",
    say: (talk) => {
      talk.open(uri, text);
      publish(talk, { uri, diagnostics: [] });
    },
  },
  // 8: edits
  {
    check: 8,
    name: "edits that overlap",
    server: actions,
    say: act(actionOf([versioned(1, [edit(range(0, 0, 0, 4)), edit(range(0, 3, 0, 5))])])),
  },
  {
    check: 8,
    name: "one document twice",
    server: actions,
    say: act(actionOf([versioned(1, [edit(range(0, 0, 0, 0))]), versioned(1, [edit(range(1, 0, 1, 0))])])),
  },
  {
    check: 8,
    name: "a file operation that the client does not take",
    ...without({ workspace: { workspaceEdit: { resourceOperations: ["create"] } } }),
    server: actions,
    say: act(actionOf([{ kind: "delete", uri: "file:///w/b.py" }])),
  },
  {
    check: 8,
    name: "a snippet edit for a client without it",
    ...without({ workspace: { workspaceEdit: { snippetEditSupport: false } } }),
    server: actions,
    say: act(
      actionOf([versioned(1, [{ range: range(0, 0, 0, 0), snippet: { kind: "snippet", value: "$0" } }])]),
    ),
  },
  {
    check: 8,
    name: "an annotation that is not given",
    server: actions,
    say: act(actionOf([versioned(1, [{ ...edit(range(0, 0, 0, 0)), annotationId: "why" }])])),
  },
  {
    check: 8,
    name: "an item's extra edit over its own",
    server: completion,
    say: complete(
      item({ textEdit: edit(range(1, 4, 1, 7)), additionalTextEdits: [edit(range(1, 5, 1, 6))] }),
    ),
  },
  {
    check: 8,
    name: "metadata for a client without it",
    ...without({ workspace: { workspaceEdit: { metadataSupport: undefined } } }),
    say: (talk) =>
      talk.demand("workspace/applyEdit", { edit: {}, metadata: { isRefactoring: true } }, { applied: true }),
  },
  // 9: completion
  {
    check: 9,
    name: "an edit over lines",
    server: completion,
    say: complete(item({ textEdit: edit(range(0, 4, 1, 7)) })),
  },
  {
    check: 9,
    name: "an edit that ends before the cursor",
    server: completion,
    say: complete(item({ textEdit: edit(range(1, 4, 1, 5)) })),
  },
  {
    check: 9,
    name: "a kind of newer times",
    client: "empty",
    server: completion,
    say: complete(item({ kind: 22 })),
  },
  {
    check: 9,
    name: "a snippet for a client without it",
    client: "old",
    server: completion,
    say: complete(item({ insertText: "$0", insertTextFormat: 2 })),
  },
  {
    check: 9,
    name: "label details for a client without them",
    client: "old",
    server: completion,
    say: complete(item({ labelDetails: { detail: "()" } })),
  },
  {
    check: 9,
    name: "markdown for a plain client",
    client: "old",
    server: completion,
    say: complete(item({ documentation: { kind: "markdown", value: "**x**" } })),
  },
  {
    check: 9,
    name: "an insert-replace edit for an old client",
    client: "old",
    server: completion,
    say: complete(
      item({ textEdit: { newText: "x", insert: range(1, 4, 1, 7), replace: range(1, 4, 1, 10) } }),
    ),
  },
  {
    check: 9,
    name: "item defaults for an old client",
    client: "old",
    server: completion,
    say: opened("textDocument/completion", at, {
      isIncomplete: false,
      itemDefaults: { insertTextFormat: 1 },
      items: [],
    }),
  },
  {
    check: 9,
    name: "a tag for an old client",
    client: "old",
    server: completion,
    say: complete(item({ tags: [1] })),
  },
  { check: 9, name: "an empty label", server: completion, say: complete({ label: "" }) },
  {
    check: 9,
    name: "a resolve that changes the label",
    server: { completionProvider: { resolveProvider: true } },
    say: (talk) => talk.exchange("completionItem/resolve", item(), { label: "yield" }),
  },
  // 10: inline completion
  {
    check: 10,
    name: "a range over lines",
    server: { inlineCompletionProvider: true },
    say: opened("textDocument/inlineCompletion", { ...at, context: { triggerKind: 2 } }, [
      { insertText: "x", range: range(0, 0, 1, 7) },
    ]),
  },
  {
    check: 10,
    name: "a range without the cursor",
    server: { inlineCompletionProvider: true },
    say: opened("textDocument/inlineCompletion", { ...at, context: { triggerKind: 2 } }, [
      { insertText: "x", range: range(1, 0, 1, 4) },
    ]),
  },
  {
    check: 10,
    name: "a text that does not extend the selected item",
    server: { inlineCompletionProvider: true },
    say: opened(
      "textDocument/inlineCompletion",
      {
        ...at,
        context: {
          triggerKind: 2,
          selectedCompletionInfo: { range: range(1, 4, 1, 7), text: "return" },
        },
      },
      [{ insertText: "yield", range: range(1, 4, 1, 7) }],
    ),
  },
  // 11: progress
  {
    check: 11,
    name: "a token that nobody made",
    say: (talk) => progress(talk, "ghost", begin),
  },
  {
    check: 11,
    name: "progress before the client said yes",
    say: (talk) => {
      const id = talk.demand("window/workDoneProgress/create", { token: "t" });
      progress(talk, "t", begin);
      talk.reply(id, null);
      progress(talk, "t", { kind: "end" });
    },
  },
  {
    check: 11,
    name: "a report without a begin",
    say: (talk) => {
      talk.demand("window/workDoneProgress/create", { token: "t" }, null);
      progress(talk, "t", { kind: "report", message: "half" });
    },
  },
  {
    check: 11,
    name: "two begins",
    say: (talk) => {
      talk.demand("window/workDoneProgress/create", { token: "t" }, null);
      progress(talk, "t", begin);
      progress(talk, "t", begin);
    },
  },
  {
    check: 11,
    name: "a report after the end",
    say: (talk) => {
      talk.demand("window/workDoneProgress/create", { token: "t" }, null);
      progress(talk, "t", begin);
      progress(talk, "t", { kind: "end" });
      progress(talk, "t", { kind: "report" });
    },
  },
  {
    check: 11,
    name: "a token created twice",
    say: (talk) => {
      talk.demand("window/workDoneProgress/create", { token: "t" }, null);
      talk.demand("window/workDoneProgress/create", { token: "t" }, null);
    },
  },
  {
    check: 11,
    name: "progress without an end",
    say: (talk) => {
      talk.demand("window/workDoneProgress/create", { token: "t" }, null);
      progress(talk, "t", begin);
      talk.bye();
    },
  },
  {
    check: 11,
    name: "a final result after partial ones",
    server: { documentSymbolProvider: true },
    say: (talk) => {
      talk.open(uri, text);
      const id = talk.ask("textDocument/documentSymbol", { ...doc, partialResultToken: "p" });
      const found = [symbol("total", range(0, 0, 1, 21), range(0, 4, 0, 9))];
      progress(talk, "p", found);
      talk.answer(id, found);
    },
  },
  // 12: cancellation
  {
    check: 12,
    name: "a cancelled request left unanswered",
    server: { hoverProvider: true },
    say: (talk) => {
      talk.tell("$/cancelRequest", { id: talk.ask("textDocument/hover", at) });
      talk.bye();
    },
  },
  {
    check: 12,
    name: "a cancelled request that failed",
    server: { hoverProvider: true },
    say: (talk) => {
      const id = talk.ask("textDocument/hover", at);
      talk.tell("$/cancelRequest", { id });
      talk.refuse(id, -32603);
    },
  },
  {
    check: 12,
    name: "cancelled by nobody",
    server: { hoverProvider: true },
    say: (talk) => talk.refuse(talk.ask("textDocument/hover", at), -32800),
  },
  {
    check: 12,
    name: "cancelled by the server where it may not",
    server: { hoverProvider: true },
    say: (talk) => talk.refuse(talk.ask("textDocument/hover", at), -32802),
  },
  {
    check: 12,
    name: "an answer long after the cancel",
    server: { hoverProvider: true },
    say: (talk) => {
      const id = talk.ask("textDocument/hover", at);
      talk.tell("$/cancelRequest", { id });
      talk.advance(20_000);
      talk.answer(id, null);
    },
  },
  // 13: pull diagnostics
  {
    check: 13,
    name: "unchanged without an earlier result",
    server: { diagnosticProvider: { interFileDependencies: false, workspaceDiagnostics: false } },
    say: opened("textDocument/diagnostic", doc, { kind: "unchanged", resultId: "1" }),
  },
  {
    check: 13,
    name: "unchanged against a result that was never given",
    server: { diagnosticProvider: { interFileDependencies: false, workspaceDiagnostics: false } },
    say: opened(
      "textDocument/diagnostic",
      { ...doc, previousResultId: "made up" },
      { kind: "unchanged", resultId: "made up" },
    ),
  },
  {
    check: 13,
    name: "push and pull for one document",
    server: { diagnosticProvider: { interFileDependencies: false, workspaceDiagnostics: false } },
    say: (talk) => {
      talk.open(uri, text);
      publish(talk, { uri, diagnostics: [] });
    },
  },
  // 14: semantic tokens
  ...(
    [
      ["data that is no multiple of five", [0, 0, 3, 0]],
      ["a type outside the legend", [0, 0, 3, 9, 0]],
      ["a modifier outside the legend", [0, 0, 3, 0, 8]],
      ["tokens that overlap", [0, 0, 5, 0, 0, 0, 3, 2, 0, 0]],
      ["a token past its line", [0, 0, 90, 0, 0]],
    ] as const
  ).map(([name, data]): Control => ({
    check: 14,
    name,
    server: {
      semanticTokensProvider: {
        legend: { tokenTypes: ["keyword"], tokenModifiers: ["static"] },
        full: true,
      },
    },
    say: opened("textDocument/semanticTokens/full", doc, { data }),
  })),
  // 15: structure
  {
    check: 15,
    name: "a selection outside its symbol",
    server: { documentSymbolProvider: true },
    say: opened("textDocument/documentSymbol", doc, [symbol("total", range(1, 0, 1, 4), range(0, 4, 0, 9))]),
  },
  {
    check: 15,
    name: "a child outside its parent",
    server: { documentSymbolProvider: true },
    say: opened("textDocument/documentSymbol", doc, [
      symbol("total", range(0, 0, 0, 10), range(0, 4, 0, 9), [
        symbol("inner", range(1, 0, 1, 4), range(1, 0, 1, 4)),
      ]),
    ]),
  },
  {
    check: 15,
    name: "a fold that ends before it starts",
    server: { foldingRangeProvider: true },
    say: opened("textDocument/foldingRange", doc, [{ startLine: 1, endLine: 0 }]),
  },
  {
    check: 15,
    name: "a fold past the end",
    server: { foldingRangeProvider: true },
    say: opened("textDocument/foldingRange", doc, [{ startLine: 0, endLine: 40 }]),
  },
  {
    check: 15,
    name: "a selection range that does not hold its position",
    server: { selectionRangeProvider: true },
    say: opened("textDocument/selectionRange", { ...doc, positions: [place(1, 7)] }, [
      { range: range(0, 0, 0, 3) },
    ]),
  },
  {
    check: 15,
    name: "a parent that does not contain its child",
    server: { selectionRangeProvider: true },
    say: opened("textDocument/selectionRange", { ...doc, positions: [place(1, 7)] }, [
      { range: range(1, 4, 1, 10), parent: { range: range(1, 6, 1, 9) } },
    ]),
  },
  {
    check: 15,
    name: "one selection range for two positions",
    server: { selectionRangeProvider: true },
    say: opened("textDocument/selectionRange", { ...doc, positions: [place(1, 7), place(0, 1)] }, [
      { range: range(1, 4, 1, 10) },
    ]),
  },
  // 16: URIs
  {
    check: 16,
    name: "an open document spelled otherwise",
    client: "old",
    say: (talk) => {
      talk.open("file:///w/my%20file.py", text);
      publish(talk, { uri: "file:///w/my file.py", diagnostics: [] });
    },
  },
  {
    check: 16,
    name: "a drive letter in another case",
    client: "old",
    say: (talk) => {
      talk.open("file:///c%3A/w/a.py", text);
      publish(talk, { uri: "file:///C:/w/a.py", diagnostics: [] });
    },
  },
  // 17: idle
  {
    check: 17,
    name: "a refresh out of the blue",
    say: (talk) => talk.quietly(() => talk.demand("workspace/diagnostic/refresh", undefined, null)),
  },
  {
    check: 17,
    name: "the same diagnostics again",
    client: "old",
    say: (talk) => {
      talk.open(uri, text);
      publish(talk, { uri, diagnostics: [] });
      talk.quietly(() => publish(talk, { uri, diagnostics: [] }));
    },
  },
];
