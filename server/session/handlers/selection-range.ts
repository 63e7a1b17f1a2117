// textDocument/selectionRange: growing selections around each position.
import { selectionRangeParams, toSelectionRange } from "../../protocol/index.ts";
import { offsetAt } from "../../text/index.ts";
import { documentRequest } from "../route.ts";
import type { RequestRoute } from "../route.ts";

/** Editors with hundreds of cursors ask for all of them; more than these get no answer at all. */
const MAX_POSITIONS = 1000;

export const selectionRange: RequestRoute = documentRequest({
  method: "textDocument/selectionRange",
  executionClass: "navigation",
  readiness: "parsed",
  deadlineMs: 10_000,
  supersedes: false,
  empty: () => null,
  capability: () => ({ selectionRangeProvider: true }),
  params: selectionRangeParams,
  async handle({ deps, client, snapshot, latest, signal }, { positions }) {
    if (positions.length > MAX_POSITIONS) return null;
    const offsets = positions.map((position) => offsetAt(snapshot.text, position, client.positionEncoding));
    const [cursor] = offsets;
    // It tells where the user is, and so where the next suggestion is likely to be wanted.
    if (cursor !== undefined && latest()?.version === snapshot.version)
      deps.warming.onDocumentActivity(snapshot, cursor);
    const chains = await deps.symbols.selections(snapshot, offsets, signal);
    const ranges = chains.flatMap(
      (spans) => toSelectionRange(spans, snapshot.text, client.positionEncoding) ?? [],
    );
    // The answer is matched to the positions by index: one missing chain would shift all that follow.
    return ranges.length === positions.length ? ranges : null;
  },
});
