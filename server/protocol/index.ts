// protocol/: the LSP border. Everything that knows a wire type of the protocol in both directions.
export { errorCodes } from "./errors.ts";
export { isObject, parseWith } from "./parse.ts";
export type { Parser } from "./parse.ts";
export {
  cancelRequestParams,
  completionParams,
  didChangeParams,
  didOpenParams,
  documentDiagnosticParams,
  documentParams,
  initializeParams,
} from "./params.ts";
export type { DocumentParams, InitializeParams } from "./params.ts";
export { readClientProfile } from "./client-profile.ts";
export type { ClientProfile } from "./client-profile.ts";
export { emptyCompletionList, toCompletionList } from "./completion-items.ts";
export { toDiagnostic } from "./diagnostics.ts";
export { toDocumentSymbols, toSymbolInformation } from "./symbols.ts";
