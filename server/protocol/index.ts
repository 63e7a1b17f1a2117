// protocol/: the LSP border. Everything that knows a wire type of the protocol in both directions.
export { errorCodes } from "./errors.ts";
export { parseWith } from "./parse.ts";
export type { Parser } from "./parse.ts";
export {
  cancelProgressParams,
  cancelRequestParams,
  codeActionParams,
  completionParams,
  didChangeConfigurationParams,
  didChangeParams,
  didChangeWorkspaceFoldersParams,
  didOpenParams,
  documentDiagnosticParams,
  documentParams,
  initializeParams,
  inlineCompletionParams,
  noParams,
  selectionRangeParams,
  setTraceParams,
} from "./params.ts";
export type {
  CompletionParams,
  ContentChanges,
  DocumentParams,
  InitializeParams,
  NamedUri,
  ProgressToken,
} from "./params.ts";
export { readClientProfile } from "./client-profile.ts";
export type { ClientProfile } from "./client-profile.ts";
export { toSpan } from "./ranges.ts";
export { emptyCompletionList, toCompletionList } from "./completion-items.ts";
export type { CompletionPlace, OnSent, SentSuggestion } from "./completion-items.ts";
export { ACCEPT_COMMAND, acceptCommand, acceptParams, runsAcceptCommand } from "./accept-command.ts";
export { toInlineItem } from "./inline-items.ts";
export { toDiagnostic } from "./diagnostics.ts";
export { toDocumentSymbols, toSymbolInformation } from "./symbols.ts";
export { toFoldingRanges } from "./folding.ts";
export { toSelectionRange } from "./selection.ts";
export { isKindAsked, toCodeAction } from "./code-actions.ts";
