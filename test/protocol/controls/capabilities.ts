// Conversations broken on purpose, each in one way: what clients declared. The number is the only check that may object.
import {
  actionParams,
  finding,
  uri,
  doc,
  range,
  at,
  completion,
  actions,
  symbol,
  opened,
  complete,
  item,
  act,
  publish,
  without,
} from "./parts.ts";
import type { Control } from "./parts.ts";

export const capabilityControls: readonly Control[] = [
  // 5: capabilities
  {
    check: 5,
    name: "an item's command that was never advertised",
    client: "neovim",
    server: completion,
    say: complete(item({ command: { title: "count", command: "server.count" } })),
  },
  {
    check: 5,
    name: "a command of ghost text that is not the advertised one",
    server: { inlineCompletionProvider: true, executeCommandProvider: { commands: ["server.other"] } },
    say: opened("textDocument/inlineCompletion", { ...at, context: { triggerKind: 2 } }, [
      { insertText: "x", command: { title: "count", command: "server.count" } },
    ]),
  },
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
];
