// textDocument/codeAction: edits that were verified, for findings in the range. Clients without literals are offered none.
import { codeActionParams, isKindAsked, toCodeAction, toSpan } from "../../protocol/index.ts";
import { documentRequest } from "../route.ts";
import type { RequestRoute } from "../route.ts";

export const codeAction: RequestRoute = documentRequest({
  method: "textDocument/codeAction",
  executionClass: "navigation",
  readiness: "open",
  deadlineMs: 2000,
  supersedes: false,
  empty: () => [],
  // The object form is allowed only for clients with literal support; a plain `true` would promise commands.
  capability: (client) =>
    client.codeActionLiterals === undefined
      ? undefined
      : { codeActionProvider: { codeActionKinds: ["quickfix"], resolveProvider: false } },
  params: codeActionParams,
  async handle({ deps, client, settings, snapshot, latest, signal }, { range, context }) {
    if (!settings.codeActions.enabled || client.codeActionLiterals === undefined) return [];
    const span = toSpan(snapshot.text, range, client.positionEncoding);
    // Editors ask on each move of the cursor: it tells where the next suggestion is likely to be wanted.
    if (latest()?.version === snapshot.version) deps.warming.onDocumentActivity(snapshot, span.end);
    const actions = await deps.actions.actions(snapshot, span, signal);
    // An edit for a text that is gone must not be offered: clients without versioned edits would apply it anyway.
    if (latest()?.version !== snapshot.version) return [];
    return actions
      .filter((action) => action.version === snapshot.version && isKindAsked(action.kind, context.only))
      .map((action) => toCodeAction(action, snapshot, context.diagnostics, client));
  },
});
