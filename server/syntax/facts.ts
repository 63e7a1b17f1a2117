// What one file says about itself: a pure function of (text, language, query version). Plain data, safe to keep and to send.
import type { Offset, Span } from "../text/index.ts";

/** Kinds that grammars' queries may name in `@declaration.<kind>`; the border maps them to LSP's. */
export const declarationKinds = [
  "module",
  "namespace",
  "class",
  "struct",
  "interface",
  "trait",
  "enum",
  "enum-member",
  "type",
  "function",
  "method",
  "constructor",
  "property",
  "field",
  "variable",
  "constant",
  "parameter",
  "type-parameter",
  "macro",
  "label",
  "key",
  "section",
] as const;
export type DeclarationKind = (typeof declarationKinds)[number];

export interface Declaration {
  readonly name: string;
  readonly kind: DeclarationKind;
  readonly nameSpan: Span;
  /** The whole declaration, body included. */
  readonly span: Span;
  /** Index in `scopes` of the scope in which the name can be used. */
  readonly scope: number;
}

export type ScopeKind = "file" | "class" | "function" | "block";

export interface Scope {
  readonly kind: ScopeKind;
  readonly span: Span;
  /** Index of the enclosing scope; the file's own scope, always index 0, has none. */
  readonly parent: number | undefined;
}

export interface ImportedName {
  readonly name: string;
  /** The name that the file uses. */
  readonly alias: string;
  readonly span: Span;
}

export interface ImportFact {
  /** The module as written, quotes removed. */
  readonly source: string;
  readonly names: readonly ImportedName[];
  readonly span: Span;
}

export type ReferenceKind = "call" | "type" | "member" | "read";

export interface Reference {
  readonly name: string;
  readonly kind: ReferenceKind;
  readonly span: Span;
}

export interface FileFacts {
  readonly languageId: string;
  readonly declarations: readonly Declaration[];
  readonly scopes: readonly Scope[];
  readonly imports: readonly ImportFact[];
  readonly references: readonly Reference[];
}

/** Indexes into `facts.scopes` from the innermost scope that holds `offset` out to the file's. */
export function scopesAt(facts: FileFacts, offset: Offset): readonly number[] {
  let innermost = 0;
  facts.scopes.forEach((scope, index) => {
    const known = facts.scopes[innermost];
    if (known === undefined || scope.span.start > offset || offset > scope.span.end) return;
    if (scope.span.end - scope.span.start <= known.span.end - known.span.start) innermost = index;
  });
  const chain: number[] = [];
  for (let at: number | undefined = innermost; at !== undefined; at = facts.scopes[at]?.parent)
    chain.push(at);
  return chain;
}
