// The routing table: one row per method. Capabilities and the protocol tests are made from it; what has no row is not offered.
// Beside it stand only initialize, shutdown, exit and $/cancelRequest, which belong to the session itself (gate.ts).
import { isRecord } from "../kernel/index.ts";
import type { ServerCapabilities } from "vscode-languageserver";
import type { ClientProfile } from "../protocol/index.ts";
import { acceptSuggestion } from "./handlers/accept-suggestion.ts";
import { codeAction } from "./handlers/code-action.ts";
import { completion } from "./handlers/completion.ts";
import { documentDiagnostic } from "./handlers/document-diagnostic.ts";
import { documentSymbol } from "./handlers/document-symbol.ts";
import { didChangeConfiguration, didChangeWorkspaceFolders } from "./handlers/configuration.ts";
import { foldingRange } from "./handlers/folding-range.ts";
import { inlineCompletion } from "./handlers/inline-completion.ts";
import { selectionRange } from "./handlers/selection-range.ts";
import { cancelProgress, initialized, setTrace } from "./handlers/session-notes.ts";
import { didChange, didClose, didOpen, didSave } from "./handlers/text-sync.ts";
import type { NotificationRoute, Offer, RequestRoute } from "./route.ts";

export const requestRoutes: readonly RequestRoute[] = [
  completion,
  inlineCompletion,
  documentSymbol,
  foldingRange,
  selectionRange,
  codeAction,
  documentDiagnostic,
  acceptSuggestion,
];

export const notificationRoutes: readonly NotificationRoute[] = [
  initialized,
  didOpen,
  didChange,
  didClose,
  didSave,
  didChangeConfiguration,
  didChangeWorkspaceFolders,
  setTrace,
  cancelProgress,
];

export function serverCapabilities(client: ClientProfile, offer: Offer): ServerCapabilities {
  let merged: Record<string, unknown> = { positionEncoding: client.positionEncoding };
  for (const row of [...requestRoutes, ...notificationRoutes]) {
    merged = merge(merged, { ...row.capability(client, offer) });
  }
  return merged;
}

/** Rows that share a capability (text synchronisation) each bring a part of it. */
function merge(one: Record<string, unknown>, two: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...one };
  for (const [key, value] of Object.entries(two)) {
    const known = merged[key];
    merged[key] = isRecord(known) && isRecord(value) ? merge(known, value) : value;
  }
  return merged;
}
