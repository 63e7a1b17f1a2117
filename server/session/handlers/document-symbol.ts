// textDocument/documentSymbol: the outline of a document, as a tree or flat.
import { documentParams, toDocumentSymbols, toSymbolInformation } from "../../protocol/index.ts";
import { documentRequest } from "../route.ts";
import type { RequestRoute } from "../route.ts";

export const documentSymbol: RequestRoute = documentRequest({
  method: "textDocument/documentSymbol",
  executionClass: "navigation",
  readiness: "parsed",
  deadlineMs: 10_000,
  supersedes: false,
  empty: () => [],
  capability: () => ({ documentSymbolProvider: true }),
  params: documentParams,
  async handle({ deps, client, snapshot, signal }) {
    const outline = await deps.symbols.outline(snapshot, signal);
    return client.symbols.hierarchical
      ? toDocumentSymbols(outline, snapshot.text, client)
      : toSymbolInformation(outline, snapshot.uri, snapshot.text, client);
  },
});
