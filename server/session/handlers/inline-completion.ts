// textDocument/inlineCompletion: ghost text, for clients that declare it; the others get the same text in the menu.
import { inlineCompletionParams, toInlineItem, toSpan } from "../../protocol/index.ts";
import { offsetAt } from "../../text/index.ts";
import { documentRequest } from "../route.ts";
import type { RequestRoute } from "../route.ts";

/** InlineCompletionTriggerKind.Invoked. */
const INVOKED = 1;

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
  async handle({ deps, client, settings, snapshot, signal }, { position, context }) {
    if (!settings.inlineCompletion.enabled) return [];
    const { text } = snapshot;
    const encoding = client.positionEncoding;
    const chosen = context.selectedCompletionInfo;
    const suggestions = await deps.inline.suggest(
      {
        snapshot,
        offset: offsetAt(text, position, encoding),
        selected:
          chosen === undefined
            ? undefined
            : { edit: { ...toSpan(text, chosen.range, encoding), newText: chosen.text } },
        isInvoked: context.triggerKind === INVOKED,
      },
      signal,
    );
    return suggestions.map((suggestion) => toInlineItem(suggestion, text, encoding));
  },
});
