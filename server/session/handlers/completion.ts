// textDocument/completion: the menu. Answers within its deadline with what is there.
import { completionParams, emptyCompletionList, toCompletionList } from "../../protocol/index.ts";
import { offsetAt } from "../../text/index.ts";
import { documentRequest } from "../route.ts";
import type { RequestRoute } from "../route.ts";

/** CompletionTriggerKind.Invoked; Helix sends it for automatic requests too, so it only ever means "may wait a little". */
const INVOKED = 1;

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
  async handle({ deps, client, settings, snapshot, openDocuments, signal }, { position, context }) {
    if (!settings.completion.enabled) return { isIncomplete: false, items: [] };
    const offset = offsetAt(snapshot.text, position, client.positionEncoding);
    const answer = await deps.completion.complete(
      {
        snapshot,
        offset,
        others: openDocuments,
        isInvoked: context?.triggerKind === INVOKED,
        modelDeadlineMs: settings.completion.modelDeadlineMs,
        maxItems: settings.completion.maxItems,
      },
      signal,
    );
    return toCompletionList(answer, snapshot.text, offset, client);
  },
});
