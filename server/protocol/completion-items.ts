// Completion items on the wire, shaped for one client.
import type { Command, CompletionItem as WireItem, CompletionList } from "vscode-languageserver";
import type { CompletionAnswer, CompletionItem } from "../features/index.ts";
import { lineAt, lineEnd, lineStart, positionAt } from "../text/index.ts";
import type { Offset, TextEdit } from "../text/index.ts";
import type { DocumentSnapshot } from "../workspace/index.ts";
import { AS_IS } from "./client-habits.ts";
import type { ClientProfile } from "./client-profile.ts";
import { kindFor } from "./item-kinds.ts";
import { breakLines } from "./line-breaks.ts";
import { toPreview } from "./previews.ts";
import { toRange } from "./ranges.ts";
import { toSnippet } from "./snippets.ts";

/** A suggestion of the model as it leaves for the client. */
export interface SentSuggestion {
  readonly kind: "line" | "block" | "inline";
  readonly edit: TextEdit;
}

/** Told of each suggestion of the model that is sent; the command runs when the client says that it was accepted. */
export type OnSent = (suggestion: SentSuggestion) => Command | undefined;

export interface CompletionPlace {
  readonly snapshot: DocumentSnapshot;
  readonly offset: Offset;
  readonly client: ClientProfile;
  /** The menu came with a key, and the client shows ghost text too. */
  readonly isBesideGhostText: boolean;
  /** The client's menu is open and asks for more of a list that was incomplete. */
  readonly isAskedAgain: boolean;
  readonly onSent: OnSent;
}

/**
 * Every item carries a text edit and a one-line label: without an edit some clients make the inserted text the label.
 * Nothing is preselected (it would outrank the user's other servers in Helix), nothing is left to resolve (Helix and
 * eglot would resolve each item synchronously on accept), there is no data and no commit character.
 */
export function toCompletionList(answer: CompletionAnswer, place: CompletionPlace): CompletionList {
  const { keepsLists, isSilentInMenu } = place.client.completion;
  const isWorthAsking = answer.model.outcome !== "answered" && answer.model.outcome !== "none";
  const isIncomplete =
    answer.isIncomplete || (keepsLists && isWorthAsking) || (isSilentInMenu && place.isBesideGhostText);
  const items = answer.items.flatMap((item) => toItem(item, place) ?? []);
  if (items.length === 0 && isIncomplete) return emptyCompletionList(place.client, place.isAskedAgain);
  return { isIncomplete, items };
}

/**
 * For requests that a newer one replaced, or that cannot be answered: incomplete, so that the client asks again on the
 * next key. Where that would hide other servers' lists it is complete: with no menu open the next key asks anyway.
 */
export function emptyCompletionList(client: ClientProfile, isAskedAgain: boolean): CompletionList {
  return { isIncomplete: isAskedAgain || !client.completion.stopsAtIncomplete, items: [] };
}

/** Undefined when this client has no way to insert the text as it is meant; a block's first line is an item of its own. */
function toItem(item: CompletionItem, place: CompletionPlace): WireItem | undefined {
  const { client, snapshot } = place;
  const { edit } = item;
  const isBlock = item.kind === "model-block";
  const inserted = toInserted(edit, item.wordEnd ?? edit.end, place);
  if (inserted === undefined) return undefined;
  const isModels = isBlock || item.kind === "model-line";
  const command = isModels ? place.onSent({ kind: isBlock ? "block" : "line", edit }) : undefined;
  return {
    label: isBlock && client.completion.marksBlocks ? `${item.label} …` : item.label,
    kind: kindFor(item.kind, client.completion.kinds),
    sortText: String(item.rank).padStart(5, "0"),
    filterText: item.filterText,
    ...(item.detail === undefined ? {} : { detail: item.detail }),
    ...(isModels && client.completion.labelDetails ? { labelDetails: { description: "hearth" } } : {}),
    ...(item.preview === undefined
      ? {}
      : { documentation: toPreview(item.preview, snapshot.language?.id, client) }),
    ...inserted,
    ...(command === undefined ? {} : { command }),
  };
}

const LINE_BREAK = /[\r\n]/;

function toInserted(
  meant: TextEdit,
  wordEnd: Offset,
  place: CompletionPlace,
): Pick<WireItem, "textEdit" | "insertTextFormat" | "insertTextMode"> | undefined {
  const { completion } = place.client;
  const edit = { ...meant, newText: breakLines(meant.newText, completion) };
  const hasLines = LINE_BREAK.test(edit.newText);
  const hasSpace = /\s/.test(edit.newText);
  const form = hasLines ? completion.manyLines : hasSpace ? completion.spaces : "plain";
  if (form === "none") return undefined;
  if (form === "plain") {
    const textEdit = toCompletionEdit(edit, wordEnd, place);
    return hasLines && completion.takesAsIs ? { textEdit, insertTextMode: AS_IS } : { textEdit };
  }
  // Told to leave the lines as they are, a client needs their whole indentation; the others add that of the first one.
  const isAsIs = completion.takesAsIs;
  const newText = toSnippet(edit.newText, isAsIs ? "" : indentationAround(edit, place));
  if (newText === undefined) return undefined;
  const textEdit = toCompletionEdit({ ...edit, newText }, wordEnd, place);
  return { textEdit, insertTextFormat: SNIPPET, ...(isAsIs ? { insertTextMode: AS_IS } : {}) };
}

/** InsertTextFormat.Snippet. */
const SNIPPET = 2;

function toCompletionEdit(
  edit: TextEdit,
  wordEnd: Offset,
  { snapshot: { text }, offset, client }: CompletionPlace,
): WireItem["textEdit"] & object {
  const encoding = client.positionEncoding;
  const range = toRange(text, edit, encoding);
  const { insertReplace, replacesWords } = client.completion;
  const end = replacesWords ? Math.max(edit.end, wordEnd) : edit.end;
  if (end <= offset || !insertReplace) return { newText: edit.newText, range };
  const insert = { start: range.start, end: positionAt(text, offset, encoding) };
  const replace = { start: range.start, end: positionAt(text, end, encoding) };
  return { newText: edit.newText, insert, replace };
}

/** White space at the start of the line as it is without the text that the edit replaces: a snippet is indented by that. */
function indentationAround(edit: TextEdit, { snapshot: { text } }: CompletionPlace): string {
  const line = lineAt(text, edit.start);
  const left = text.content.slice(lineStart(text, line), edit.start);
  const right = text.content.slice(edit.end, Math.max(edit.end, lineEnd(text, line)));
  return /^[ \t\v\f]*/.exec(left + right)?.[0] ?? "";
}
