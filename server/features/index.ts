// features/: answers in our own types and offsets. No LSP, no disk, no process; a feature never imports another.
export type { Finding } from "./finding.ts";
export type {
  CompletionAnswer,
  CompletionFeature,
  CompletionItem,
  CompletionItemKind,
  CompletionQuery,
  InlineFeature,
  InlineQuery,
  InlineSuggestion,
} from "./completion/completion.ts";
export { createCompletion } from "./completion/create-completion.ts";
export type { CompletionDeps } from "./completion/create-completion.ts";
export { createInline } from "./completion/create-inline.ts";
export type { InlineDeps } from "./completion/create-inline.ts";
export type { AnswerSource } from "./completion/model/line-answer.ts";
export type { LineTotals } from "./completion/model/model-lines.ts";
export type { CompletionParts } from "./completion/model/shown-line.ts";
export { createKnownNames } from "./completion/names/known-names.ts";
export type { KnownNames } from "./completion/names/known-names.ts";
export { createModelLines } from "./completion/model/model-lines.ts";
export type { ModelLines, ModelLinesDeps } from "./completion/model/model-lines.ts";
export { createWarming } from "./completion/warming.ts";
export type { Warming } from "./completion/warming.ts";
export { createDiagnostics } from "./diagnostics/create-diagnostics.ts";
export type { DiagnosticsFeature, FindingSet } from "./diagnostics/diagnostics.ts";
export { createSymbols } from "./symbols/symbols.ts";
export type { SymbolsFeature } from "./symbols/symbols.ts";
export type { ActionsFeature, VerifiedAction } from "./actions/actions.ts";
export { createActions } from "./actions/create-actions.ts";
