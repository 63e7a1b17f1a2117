// Gates on diagnostics, pushed and pulled: tags, codeDescription, data, related information, markup in messages.
import { at, isOn, listAt } from "../../../json.ts";
import type { Content, Report } from "../../check.ts";
import type { SessionModel } from "../../session-model.ts";

export function gateDiagnostics(content: Content, session: SessionModel, report: Report): void {
  const say = (sentence: string): void => report(sentence, content.message);
  const supports = (flag: string): boolean =>
    session.supports(`textDocument.publishDiagnostics.${flag}`) ||
    (content.isReply && session.supports(`textDocument.diagnostic.${flag}`));
  const knownTags = [
    ...listAt(session.clientCapabilities, "textDocument.publishDiagnostics.tagSupport.valueSet"),
    ...(content.isReply
      ? listAt(session.clientCapabilities, "textDocument.diagnostic.tagSupport.valueSet")
      : []),
  ];
  for (const diagnostic of diagnosticsOf(content)) {
    const tags = listAt(diagnostic, "tags");
    if (tags.some((tag) => !knownTags.includes(tag))) say("a diagnostic tag that the client does not know");
    if (isOn(diagnostic, "codeDescription") && !supports("codeDescriptionSupport"))
      say("codeDescription for a client without codeDescriptionSupport");
    if (at(diagnostic, "data") !== undefined && !supports("dataSupport"))
      say("data on a diagnostic for a client without dataSupport");
    if (listAt(diagnostic, "relatedInformation").length > 0 && !supports("relatedInformation"))
      say("relatedInformation for a client without it");
    if (
      typeof at(diagnostic, "message") === "object" &&
      !session.supports("textDocument.diagnostic.markupMessageSupport")
    )
      say("markup in a diagnostic for a client without markupMessageSupport");
  }
  if (
    content.isReply &&
    content.method === "textDocument/diagnostic" &&
    isOn(content.value, "relatedDocuments") &&
    !session.supports("textDocument.diagnostic.relatedDocumentSupport")
  )
    say("relatedDocuments for a client without relatedDocumentSupport");
}

function diagnosticsOf(content: Content): readonly unknown[] {
  if (content.method === "textDocument/publishDiagnostics") return listAt(content.value, "diagnostics");
  if (!content.isReply) return [];
  if (content.method === "textDocument/diagnostic") return listAt(content.value, "items");
  if (content.method === "workspace/diagnostic")
    return listAt(content.value, "items").flatMap((report) => [...listAt(report, "items")]);
  return [];
}
