// syntax/: languages as data, incremental trees, facts of one file. Broken code never throws; no tree leaves this room.
export { declarationKinds, scopesAt } from "./facts.ts";
export type {
  Declaration,
  DeclarationKind,
  FileFacts,
  ImportFact,
  ImportedName,
  Reference,
  ReferenceKind,
  Scope,
  ScopeKind,
} from "./facts.ts";
export type { Language, LanguageRegistry, SyntaxTrust } from "./languages.ts";
export type {
  EditTrial,
  Fold,
  OutlineItem,
  PlaceKind,
  SyntaxDocument,
  SyntaxFinding,
  SyntaxService,
  SyntaxSnapshot,
  SyntaxStatus,
} from "./syntax-service.ts";
export { createSyntaxService } from "./create-syntax-service.ts";
export type { SyntaxDeps } from "./create-syntax-service.ts";
export { oversizeReason } from "./text-size.ts";
