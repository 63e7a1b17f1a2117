// textDocument/foldingRange: what can be folded away.
import { documentParams, toFoldingRanges } from "../../protocol/index.ts";
import { documentRequest } from "../route.ts";
import type { RequestRoute } from "../route.ts";

export const foldingRange: RequestRoute = documentRequest({
  method: "textDocument/foldingRange",
  executionClass: "navigation",
  readiness: "parsed",
  deadlineMs: 10_000,
  supersedes: false,
  empty: () => [],
  capability: () => ({ foldingRangeProvider: true }),
  params: documentParams,
  async handle({ deps, client, snapshot, signal }) {
    const folds = await deps.symbols.folds(snapshot, signal);
    const closers = snapshot.language?.brackets.map(([, closer]) => closer) ?? [];
    return toFoldingRanges(folds, snapshot.text, closers, client);
  },
});
