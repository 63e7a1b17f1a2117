// The outline of a document as LSP symbols: a tree, or the flat form for clients that know only that.
import type { DocumentSymbol, SymbolInformation, SymbolKind } from "vscode-languageserver";
import type { DeclarationKind, OutlineItem } from "../syntax/index.ts";
import type { Span, Text } from "../text/index.ts";
import type { ClientProfile } from "./client-profile.ts";
import { toRange } from "./ranges.ts";

export function toDocumentSymbols(
  outline: readonly OutlineItem[],
  text: Text,
  client: ClientProfile,
): DocumentSymbol[] {
  return outline.filter(hasName).map((item) => ({
    name: item.name,
    kind: kindFor(item.kind, client.symbols.kinds),
    range: toRange(text, around(item.span, item.nameSpan), client.positionEncoding),
    selectionRange: toRange(text, item.nameSpan, client.positionEncoding),
    children: toDocumentSymbols(item.children, text, client),
  }));
}

export function toSymbolInformation(
  outline: readonly OutlineItem[],
  uri: string,
  text: Text,
  client: ClientProfile,
  containerName?: string,
): SymbolInformation[] {
  return outline.filter(hasName).flatMap((item) => [
    {
      name: item.name,
      kind: kindFor(item.kind, client.symbols.kinds),
      location: { uri, range: toRange(text, around(item.span, item.nameSpan), client.positionEncoding) },
      ...(containerName === undefined ? {} : { containerName }),
    },
    ...toSymbolInformation(item.children, uri, text, client, item.name),
  ]);
}

/** The protocol forbids names that are empty or white space. */
function hasName(item: OutlineItem): boolean {
  return item.name.trim() !== "";
}

/** The protocol wants the name's range inside the symbol's. */
function around(span: Span, inner: Span): Span {
  return { start: Math.min(span.start, inner.start), end: Math.max(span.end, inner.end) };
}

/** SymbolKind by our kinds; the second is for clients whose value set lacks the first. */
const kinds: Readonly<Record<DeclarationKind, readonly [SymbolKind, SymbolKind]>> = {
  module: [2, 2],
  namespace: [3, 3],
  class: [5, 5],
  struct: [23, 5],
  interface: [11, 11],
  trait: [11, 11],
  enum: [10, 10],
  "enum-member": [22, 14],
  type: [5, 5],
  function: [12, 12],
  method: [6, 6],
  constructor: [9, 9],
  property: [7, 7],
  field: [8, 8],
  variable: [13, 13],
  constant: [14, 14],
  parameter: [13, 13],
  "type-parameter": [26, 5],
  macro: [12, 12],
  label: [20, 13],
  key: [20, 7],
  section: [3, 3],
};

/** Variable, which every version of the protocol knows, where both are unknown to the client. */
function kindFor(kind: DeclarationKind, known: ReadonlySet<number>): SymbolKind {
  return kinds[kind].find((candidate) => known.has(candidate)) ?? 13;
}
