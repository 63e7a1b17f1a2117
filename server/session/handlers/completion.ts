// textDocument/completion: the menu. Answers within its deadline with what is there.
import { completionParams, emptyCompletionList, parseWith, toCompletionList } from "../../protocol/index.ts";
import type { CompletionParams, ContentChanges } from "../../protocol/index.ts";
import { offsetAt } from "../../text/index.ts";
import { documentRequest } from "../route.ts";
import type { RequestContext, RequestRoute } from "../route.ts";
import { followNames, followSuggestions } from "../suggestions-sent.ts";

/** CompletionTriggerKind.Invoked; most clients send it for automatic requests too, so it only ever means "may wait a little". */
const INVOKED = 1;
/** CompletionTriggerKind.TriggerForIncompleteCompletions. */
const ASKED_AGAIN = 3;
/** Without a name to show nobody waits for one; other servers' lists are shown meanwhile. */
const PATIENCE_MS = 1000;
/** Editors ask by themselves within this time after a key, a hand reaches for its key later. */
const BY_HAND_AFTER_MS = 400;

export const completion: RequestRoute = documentRequest({
  method: "textDocument/completion",
  executionClass: "typing",
  readiness: "open",
  deadlineMs: 2000,
  supersedes: true,
  isOvertakenBy: leavesWord,
  empty(client, params) {
    const parsed = parseWith(completionParams, params);
    return emptyCompletionList(client, parsed.ok && isAskedAgain(parsed.value));
  },
  capability: (_client, { triggerCharacters }) => ({
    completionProvider: { triggerCharacters: [...triggerCharacters], resolveProvider: false },
  }),
  params: completionParams,
  async handle(request, params) {
    const { position, context } = params;
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
        // An empty list would be the last word about this word: the client asks again only for lists that it shows.
        ...(client.completion.stopsAtIncomplete && !isAskedAgain(params)
          ? { deadlineWithoutNamesMs: PATIENCE_MS }
          : {}),
        maxItems: settings.completion.maxItems,
      },
      signal,
    );
    // Nobody will see this answer, so nothing of it was shown.
    if (signal.aborted) return emptyCompletionList(client, isAskedAgain(params));
    followNames(request, offset, answer.items);
    const onSent = followSuggestions(request, client.completion.runsCommands);
    return toCompletionList(answer, {
      snapshot,
      offset,
      client,
      isBesideGhostText: showsGhostText(request) && !isByHand,
      isAskedAgain: isAskedAgain(params),
      onSent,
    });
  },
});

function isAskedAgain({ context }: CompletionParams): boolean {
  return context?.triggerKind === ASKED_AGAIN;
}

const WORD = /^[\p{ID_Continue}$]*$/u;

/**
 * What was typed behind the place that was asked about goes on with no word: the list would be one of a place that the
 * cursor has left. Clients that do not look (Helix) show it, and take back what was typed when an entry is accepted.
 */
function leavesWord({ position }: CompletionParams, changes: ContentChanges): boolean {
  return changes.some(
    ({ range, text }) =>
      range?.start.line === position.line && range.start.character >= position.character && !WORD.test(text),
  );
}

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
