// textDocument/documentSymbol: the outline of a document.
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
  async handle({ client, snapshot, signal }) {
    const parsed = await snapshot.syntax.whenParsed(signal);
    if (parsed === undefined) return [];
    const outline = parsed.outline();
    return client.symbols.hierarchical
      ? toDocumentSymbols(outline, parsed.text, client)
      : toSymbolInformation(outline, snapshot.uri, parsed.text, client);
  },
});
