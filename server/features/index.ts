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
export type { DiagnosticsFeature, FindingSet } from "./diagnostics/diagnostics.ts";
export type { ActionsFeature, VerifiedAction } from "./actions/actions.ts";
