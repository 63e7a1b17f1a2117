// Gates on the shape of symbols, folding ranges, hovers and links: value sets and formats that the client declared.
import { at, isObject, isOn, listAt, numberAt, textAt } from "../../../json.ts";
import type { Content, Report } from "../../check.ts";
import type { SessionModel } from "../../session-model.ts";

/** Symbol kinds that every client knows: File to Array. */
const FIRST_SYMBOL_KINDS = 18;

export function gateShapes(content: Content, session: SessionModel, report: Report): void {
  if (!content.isReply) return;
  const say = (sentence: string): void => report(sentence, content.message);
  const client = session.clientCapabilities;
  const results = Array.isArray(content.value) ? content.value : [];
  switch (content.method) {
    case "textDocument/documentSymbol": {
      const isHierarchical = results.some((entry) => isObject(at(entry, "selectionRange")));
      if (
        isHierarchical &&
        !session.supports("textDocument.documentSymbol.hierarchicalDocumentSymbolSupport")
      )
        say("DocumentSymbol for a client without hierarchicalDocumentSymbolSupport");
      gateSymbols(results, "textDocument.documentSymbol");
      return;
    }
    case "workspace/symbol":
      gateSymbols(results, "workspace.symbol");
      return;
    case "textDocument/foldingRange": {
      const limit = numberAt(client, "textDocument.foldingRange.rangeLimit");
      if (limit !== undefined && results.length > limit)
        say(`more folding ranges than the client's limit ${limit}`);
      const kinds = listAt(client, "textDocument.foldingRange.foldingRangeKind.valueSet");
      for (const fold of results) {
        const kind = textAt(fold, "kind");
        if (kind !== undefined && kinds.length > 0 && !kinds.includes(kind))
          say(`the folding kind ${kind} is not in the client's set`);
        if (
          isOn(fold, "collapsedText") &&
          !session.supports("textDocument.foldingRange.foldingRange.collapsedText")
        )
          say("collapsedText for a client without it");
      }
      return;
    }
    case "textDocument/hover": {
      const kind = textAt(content.value, "contents.kind");
      const formats = listAt(client, "textDocument.hover.contentFormat");
      if (kind === "markdown" && formats.length > 0 && !formats.includes(kind))
        say("a markdown hover for a plaintext client");
      return;
    }
    case "textDocument/definition":
    case "textDocument/declaration":
    case "textDocument/typeDefinition":
    case "textDocument/implementation": {
      const name = content.method.slice("textDocument/".length);
      const hasLinks = results.some((entry) => at(entry, "targetUri") !== undefined);
      if (hasLinks && !session.supports(`textDocument.${name}.linkSupport`))
        say("location links for a client without linkSupport");
      return;
    }
  }

  function gateSymbols(symbols: readonly unknown[], base: string): void {
    const kinds = listAt(client, `${base}.symbolKind.valueSet`);
    const tags = listAt(client, `${base}.tagSupport.valueSet`);
    for (const symbol of symbols) {
      const kind = numberAt(symbol, "kind") ?? 0;
      const isKnown = kinds.length > 0 ? kinds.includes(kind) : kind <= FIRST_SYMBOL_KINDS;
      if (!isKnown) say(`the symbol kind ${kind} is not in the client's set`);
      if (listAt(symbol, "tags").some((tag) => !tags.includes(tag)))
        say("a symbol tag that the client does not know");
      gateSymbols(listAt(symbol, "children"), base);
    }
  }
}
