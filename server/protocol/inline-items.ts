// Ghost text on the wire: text and the single-line range that it replaces.
import type { InlineCompletionItem } from "vscode-languageserver";
import type { InlineSuggestion } from "../features/index.ts";
import { lineAt, lineStart } from "../text/index.ts";
import type { Text, TextEdit } from "../text/index.ts";
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
  const sent = client.completion.indentsGhostText ? fromText(edit, snapshot.text) : edit;
  return {
    insertText: breakLines(sent.newText, client.completion),
    filterText,
    range: toRange(snapshot.text, sent, client.positionEncoding),
    ...(command === undefined ? {} : { command }),
  };
}

/** With the character before the blanks that the text begins with, so that it begins with none; not on a blank line. */
function fromText(edit: TextEdit, text: Text): TextEdit {
  if (!/^[ \t]/.test(edit.newText)) return edit;
  const left = text.content.slice(lineStart(text, lineAt(text, edit.start)), edit.start);
  const [kept] = LAST_CHARACTER.exec(left) ?? [];
  if (kept === undefined) return edit;
  return { ...edit, start: edit.start - kept.length, newText: kept + edit.newText };
}

const LAST_CHARACTER = /\S[ \t]*$/u;
