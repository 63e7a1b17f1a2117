// Between an answer with suggestions and the client: each is followed, so that it is known whether it was accepted.
import type { CompletionItem } from "../features/index.ts";
import { acceptCommand } from "../protocol/index.ts";
import type { OnSent } from "../protocol/index.ts";
import type { Offset } from "../text/index.ts";
import type { RequestContext } from "./route.ts";

/** `runsCommands`: the client runs the command of what it accepted; the others' acceptances show in the next edit. */
export function followSuggestions({ deps, snapshot }: RequestContext, runsCommands: boolean): OnSent {
  return ({ kind, edit }) => {
    const model = deps.inference.status().modelId ?? "";
    const suggestion = deps.acceptance.offered(snapshot, { kind, edit, model });
    return runsCommands ? acceptCommand(snapshot.uri, suggestion) : undefined;
  };
}

/** The known names among the items, for the word that most of them complete. */
export function followNames(
  { deps, snapshot }: RequestContext,
  offset: Offset,
  items: readonly CompletionItem[],
): void {
  const names = items.filter((item) => item.kind !== "model-line" && item.kind !== "model-block");
  const start = names[0]?.edit.start;
  if (start === undefined) return;
  const sameWord = names.filter((item) => item.edit.start === start).map((item) => item.edit.newText);
  deps.acceptance.offeredNames(snapshot, { start, end: Math.max(start, offset) }, sameWord);
}
