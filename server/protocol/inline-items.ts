// Ghost text on the wire: text and the single-line range that it replaces.
import type { InlineCompletionItem } from "vscode-languageserver";
import type { InlineSuggestion } from "../features/index.ts";
import type { PositionEncoding, Text } from "../text/index.ts";
import { toRange } from "./ranges.ts";

/** The range is always sent: without one an editor inserts where the cursor is when the answer arrives. */
export function toInlineItem(
  suggestion: InlineSuggestion,
  text: Text,
  encoding: PositionEncoding,
): InlineCompletionItem {
  return {
    insertText: suggestion.edit.newText,
    filterText: suggestion.filterText,
    range: toRange(text, suggestion.edit, encoding),
  };
}
