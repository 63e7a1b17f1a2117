// textDocument/completion: the menu. Answers within its deadline with what is there.
import { completionParams, emptyCompletionList, toCompletionList } from "../../protocol/index.ts";
import { offsetAt } from "../../text/index.ts";
import { documentRequest } from "../route.ts";
import type { RequestContext, RequestRoute } from "../route.ts";
import { followNames, followSuggestions } from "../suggestions-sent.ts";

/** CompletionTriggerKind.Invoked; most clients send it for automatic requests too, so it only ever means "may wait a little". */
const INVOKED = 1;
/** Editors ask by themselves within this time after a key, a hand reaches for its key later. */
const BY_HAND_AFTER_MS = 400;

export const completion: RequestRoute = documentRequest({
  method: "textDocument/completion",
  executionClass: "typing",
  readiness: "open",
  deadlineMs: 2000,
  supersedes: true,
  empty: () => emptyCompletionList,
  capability: (_client, { triggerCharacters }) => ({
    completionProvider: { triggerCharacters: [...triggerCharacters], resolveProvider: false },
  }),
  params: completionParams,
  async handle(request, { position, context }) {
    const { deps, client, settings, snapshot, openDocuments, signal } = request;
    if (!settings.completion.enabled) return { isIncomplete: false, items: [] };
    const offset = offsetAt(snapshot.text, position, client.positionEncoding);
    const isInvoked = context?.triggerKind === INVOKED;
    const isByHand = isInvoked && request.editedAgoMs >= BY_HAND_AFTER_MS;
    const answer = await deps.completion.complete(
      {
        snapshot,
        offset,
        others: openDocuments,
        isInvoked,
        isModelOff: isModelOff(request, isByHand),
        modelDeadlineMs: settings.completion.modelDeadlineMs,
        maxItems: settings.completion.maxItems,
      },
      signal,
    );
    // Nobody will see this answer, so nothing of it was shown.
    if (signal.aborted) return emptyCompletionList;
    followNames(request, offset, answer.items);
    const onSent = followSuggestions(request, client.completion.runsCommands);
    const isBesideGhostText = showsGhostText(request) && !isByHand;
    return toCompletionList(answer, { snapshot, offset, client, isBesideGhostText, onSent });
  },
});

/** An editor that shows the model's line as ghost text need not show it twice. */
function isModelOff(request: RequestContext, isByHand: boolean): boolean {
  switch (request.settings.completion.modelLine) {
    case "always":
      return false;
    case "never":
      return true;
    case "auto":
      return showsGhostText(request) && !isByHand;
  }
}

function showsGhostText({ client, settings }: RequestContext): boolean {
  return client.inlineCompletion && settings.inlineCompletion.enabled;
}
