// Verified actions as LSP code actions, with the edit in the form that the client takes.
import type { CodeAction, Diagnostic, WorkspaceEdit } from "vscode-languageserver";
import type { VerifiedAction } from "../features/index.ts";
import type { Text, TextEdit } from "../text/index.ts";
import type { ClientProfile } from "./client-profile.ts";
import type { SentDiagnostic } from "./params.ts";
import { toRange, toWireEdit } from "./ranges.ts";

export interface EditedDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: Text;
}

export function toCodeAction(
  action: VerifiedAction,
  document: EditedDocument,
  sent: readonly SentDiagnostic[],
  client: ClientProfile,
): CodeAction {
  const diagnostics = matching(action, document, sent, client);
  return {
    title: action.title,
    kind: action.kind,
    ...(diagnostics.length === 0 ? {} : { diagnostics }),
    ...(action.isPreferred && client.codeActionLiterals?.isPreferred === true ? { isPreferred: true } : {}),
    edit: toWorkspaceEdit(document, action.edits, client),
  };
}

/** With the version where the client can check it, so that an edit for an old text is never applied to a new one. */
function toWorkspaceEdit(
  document: EditedDocument,
  edits: readonly TextEdit[],
  client: ClientProfile,
): WorkspaceEdit {
  const wireEdits = edits.map((edit) => toWireEdit(document.text, edit, client.positionEncoding));
  if (!client.documentChanges) return { changes: { [document.uri]: wireEdits } };
  return {
    documentChanges: [{ textDocument: { uri: document.uri, version: document.version }, edits: wireEdits }],
  };
}

/** `only` names kinds or their families: `quickfix` asks for `quickfix.x` too, and an empty kind for everything. */
export function isKindAsked(kind: string, only: readonly string[] | undefined): boolean {
  if (only === undefined) return true;
  return only.some((asked) => asked === "" || kind === asked || kind.startsWith(`${asked}.`));
}

/** The diagnostics that the client sent for the finding that is mended, exactly as it sent them. */
function matching(
  action: VerifiedAction,
  document: EditedDocument,
  sent: readonly SentDiagnostic[],
  client: ClientProfile,
): Diagnostic[] {
  const { span, code, source } = action.fixes;
  const range = toRange(document.text, span, client.positionEncoding);
  return sent
    .filter(
      (diagnostic) =>
        diagnostic.code === code &&
        diagnostic.source === source &&
        diagnostic.range.start.line === range.start.line &&
        diagnostic.range.start.character === range.start.character,
    )
    .map((diagnostic) => diagnostic.raw as Diagnostic);
}
