// Conversations broken on purpose, each in one way: positions, versions, edits and completions. The number is the only check that may object.
import {
  uri,
  text,
  range,
  at,
  completion,
  actions,
  edit,
  versioned,
  item,
  actionOf,
  opened,
  complete,
  act,
  publish,
  without,
} from "./parts.ts";
import type { Control } from "./parts.ts";

export const contentControls: readonly Control[] = [
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
  {
    check: 9,
    name: "a snippet of several lines for a client that expands none",
    client: "emacs-28.2-eglot-1.9",
    server: completion,
    say: complete(item({ textEdit: edit(range(1, 4, 1, 7), "return\n    x"), insertTextFormat: 2 })),
  },
  {
    check: 9,
    name: "a text of several lines that replaces several lines",
    client: "helix",
    server: completion,
    say: complete(item({ textEdit: edit(range(0, 4, 1, 7), "return\n    x") })),
  },
  {
    check: 9,
    name: "indentation that the client was never asked to leave alone",
    client: "neovim",
    server: completion,
    say: complete(item({ textEdit: edit(range(1, 4, 1, 7), "return\n    x"), insertTextMode: 1 })),
  },
  {
    check: 9,
    name: "a label of several lines",
    server: completion,
    say: complete(item({ label: "return\n    x" })),
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
];
