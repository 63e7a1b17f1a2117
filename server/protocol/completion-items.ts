// Completion items on the wire, shaped for one client.
import type { CompletionItem as WireItem, CompletionList } from "vscode-languageserver";
import type { CompletionAnswer, CompletionItem, CompletionItemKind } from "../features/index.ts";
import { positionAt } from "../text/index.ts";
import type { Offset, Text } from "../text/index.ts";
import type { ClientProfile } from "./client-profile.ts";
import { toRange } from "./ranges.ts";

/**
 * Every item carries a text edit and a one-line label: without an edit some clients make the inserted text the label.
 * Nothing is preselected (it would outrank the user's other servers in Helix), and nothing is left to resolve (Helix and
 * eglot would resolve each item synchronously on accept).
 */
export function toCompletionList(
  answer: CompletionAnswer,
  text: Text,
  offset: Offset,
  client: ClientProfile,
): CompletionList {
  return {
    isIncomplete: answer.isIncomplete,
    items: answer.items.map((item) => toItem(item, text, offset, client)),
  };
}

/** For requests that a newer one replaced, or that cannot be answered: the client asks again on the next key. */
export const emptyCompletionList: CompletionList = { isIncomplete: true, items: [] };

function toItem(item: CompletionItem, text: Text, offset: Offset, client: ClientProfile): WireItem {
  const { edit } = item;
  const encoding = client.positionEncoding;
  const range = toRange(text, edit, encoding);
  const reachesBeyond = edit.end > offset;
  return {
    label: item.label,
    kind: kindFor(item.kind, client.completion.kinds),
    sortText: String(item.rank).padStart(5, "0"),
    filterText: item.filterText,
    ...(item.detail === undefined ? {} : { detail: item.detail }),
    ...(item.kind === "model-line" && client.completion.labelDetails
      ? { labelDetails: { description: "hearth" } }
      : {}),
    textEdit:
      reachesBeyond && client.completion.insertReplace
        ? {
            newText: edit.newText,
            insert: { start: range.start, end: positionAt(text, offset, encoding) },
            replace: range,
          }
        : { newText: edit.newText, range },
  };
}

/** CompletionItemKind by our kinds; the second is for clients whose value set lacks the first. 1 is Text. */
const kinds: Readonly<
  Record<CompletionItemKind, readonly [WireItem["kind"] & number, WireItem["kind"] & number]>
> = {
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

function kindFor(kind: CompletionItemKind, known: ReadonlySet<number>): WireItem["kind"] & number {
  return kinds[kind].find((candidate) => known.has(candidate)) ?? 1;
}
