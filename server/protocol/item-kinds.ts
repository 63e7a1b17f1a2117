// CompletionItemKind on the wire for our own kinds.
import type { CompletionItemKind as WireKind } from "vscode-languageserver";
import type { CompletionItemKind } from "../features/index.ts";

/** CompletionItemKind by our kinds; the second is for clients whose value set lacks the first. 1 is Text. */
const kinds: Readonly<Record<CompletionItemKind, readonly [WireKind, WireKind]>> = {
  module: [9, 9],
  namespace: [9, 9],
  class: [7, 7],
  struct: [22, 7],
  interface: [8, 8],
  trait: [8, 8],
  enum: [13, 13],
  "enum-member": [20, 12],
  type: [7, 7],
  function: [3, 3],
  method: [2, 2],
  constructor: [4, 4],
  property: [10, 10],
  field: [5, 5],
  variable: [6, 6],
  constant: [21, 6],
  parameter: [6, 6],
  "type-parameter": [25, 7],
  macro: [3, 3],
  label: [18, 1],
  key: [10, 10],
  section: [9, 9],
  keyword: [14, 14],
  word: [1, 1],
  "model-line": [1, 1],
  "model-block": [1, 1],
};

export function kindFor(kind: CompletionItemKind, known: ReadonlySet<number>): WireKind {
  return kinds[kind].find((candidate) => known.has(candidate)) ?? 1;
}
