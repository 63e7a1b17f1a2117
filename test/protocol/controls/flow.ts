// Conversations broken on purpose, each in one way: progress, cancellation, diagnostics, structure and silence. The number is the only check that may object.
import { uri, doc, text, place, range, at, symbol, opened, publish, begin, progress } from "./parts.ts";
import type { Control } from "./parts.ts";

export const flowControls: readonly Control[] = [
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
