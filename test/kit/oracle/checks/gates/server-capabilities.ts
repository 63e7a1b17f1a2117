// Gates on the answer to `initialize`: option objects and providers that may be given only to clients that know them.
import { at, isObject, isOn, listAt, textAt } from "../../../json.ts";
import type { Content, Report } from "../../check.ts";
import type { SessionModel } from "../../session-model.ts";

export function gateServerCapabilities(content: Content, session: SessionModel, report: Report): void {
  const offered = at(content.value, "capabilities");
  const say = (sentence: string): void => report(sentence, content.message);
  const encoding = textAt(offered, "positionEncoding");
  const understood = listAt(session.clientCapabilities, "general.positionEncodings");
  if (encoding !== undefined && encoding !== "utf-16" && !understood.includes(encoding))
    say(`the encoding ${encoding} was not offered by the client`);
  if (
    isObject(at(offered, "codeActionProvider")) &&
    !session.supports("textDocument.codeAction.codeActionLiteralSupport")
  )
    say("CodeActionOptions for a client without codeActionLiteralSupport");
  if (isObject(at(offered, "renameProvider")) && !session.supports("textDocument.rename.prepareSupport"))
    say("RenameOptions for a client without prepareSupport");
  if (
    isOn(offered, "codeActionProvider.documentation") &&
    !session.supports("textDocument.codeAction.documentationSupport")
  )
    say("code action documentation for a client without documentationSupport");
  for (const [provider, path] of [
    ["diagnosticProvider", "textDocument.diagnostic"],
    ["inlineCompletionProvider", "textDocument.inlineCompletion"],
  ] as const) {
    if (isOn(offered, provider) && !session.supports(path)) say(`${provider} for a client without ${path}`);
  }
}
