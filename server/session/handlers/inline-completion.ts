// textDocument/inlineCompletion: ghost text, for clients that declare it; the others get the same text in the menu.
import { inlineCompletionParams, toInlineItem, toSpan } from "../../protocol/index.ts";
import { offsetAt } from "../../text/index.ts";
import { documentRequest } from "../route.ts";
import type { RequestRoute } from "../route.ts";
import { followSuggestions } from "../suggestions-sent.ts";

/** InlineCompletionTriggerKind.Invoked. */
const INVOKED = 1;
/** Who asks by hand may choose between some; unasked one is shown, and more would only be sent. */
const MOST_INVOKED = 3;

export const inlineCompletion: RequestRoute = documentRequest({
  method: "textDocument/inlineCompletion",
  executionClass: "typing",
  readiness: "open",
  deadlineMs: 10_000,
  supersedes: true,
  // Null leaves the shown hint alone; an empty list would hide it, and an error would be logged at every key.
  empty: () => null,
  capability: (client) => (client.inlineCompletion ? { inlineCompletionProvider: true } : undefined),
  params: inlineCompletionParams,
  async handle(request, { position, context }) {
    const { deps, client, settings, snapshot, openDocuments, signal } = request;
    if (!settings.inlineCompletion.enabled) return [];
    const { text } = snapshot;
    const encoding = client.positionEncoding;
    const chosen = context.selectedCompletionInfo;
    const isInvoked = context.triggerKind === INVOKED;
    const suggestions = await deps.inline.suggest(
      {
        snapshot,
        offset: offsetAt(text, position, encoding),
        selected:
          chosen === undefined
            ? undefined
            : { edit: { ...toSpan(text, chosen.range, encoding), newText: chosen.text } },
        isInvoked,
        others: openDocuments,
      },
      signal,
    );
    // Nobody will see this answer, so nothing of it was shown.
    if (signal.aborted) return null;
    const onSent = followSuggestions(request, true);
    return suggestions
      .slice(0, isInvoked ? MOST_INVOKED : 1)
      .map((suggestion) => toInlineItem(suggestion, snapshot, client, onSent));
  },
});
