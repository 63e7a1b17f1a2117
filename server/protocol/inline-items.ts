// Ghost text on the wire: text and the single-line range that it replaces.
import type { InlineCompletionItem } from "vscode-languageserver";
import type { InlineSuggestion } from "../features/index.ts";
import type { DocumentSnapshot } from "../workspace/index.ts";
import type { ClientProfile } from "./client-profile.ts";
import type { OnSent } from "./completion-items.ts";
import { breakLines } from "./line-breaks.ts";
import { toRange } from "./ranges.ts";

/**
 * The range is always sent: without one an editor inserts where the cursor is when the answer arrives. A client that
 * shows ghost text runs its command after accepting it: the protocol leaves it no choice.
 */
export function toInlineItem(
  { edit, filterText }: InlineSuggestion,
  snapshot: DocumentSnapshot,
  client: ClientProfile,
  onSent: OnSent,
): InlineCompletionItem {
  const command = onSent({ kind: "inline", edit });
  return {
    insertText: breakLines(edit.newText, client.completion),
    filterText,
    range: toRange(snapshot.text, edit, client.positionEncoding),
    ...(command === undefined ? {} : { command }),
  };
}
