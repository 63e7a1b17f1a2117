// Gates on commands inside results: whoever is given one will send it back, so it must be one that the server runs.
import { at, isObject, listAt, textAt } from "../../../json.ts";
import type { Content, Report } from "../../check.ts";
import type { SessionModel } from "../../session-model.ts";
import { completionItemsOf } from "../../workspace-edits.ts";

export function gateCommands(content: Content, session: SessionModel, report: Report): void {
  if (!content.isReply) return;
  const known = [
    ...listAt(session.serverCapabilities, "executeCommandProvider.commands"),
    ...[...session.registrations.values()].flatMap((entry) => listAt(entry.options, "commands")),
  ];
  for (const carrier of carriersIn(content)) {
    const command = at(carrier, "command");
    // A bare Command has its name where other carriers have the Command.
    const name = isObject(command) ? textAt(command, "command") : command;
    if (typeof name === "string" && !known.includes(name))
      report(`the command ${name} was never advertised`, content.message);
  }
}

function carriersIn(content: Content): readonly unknown[] {
  switch (content.method) {
    case "textDocument/completion":
    case "textDocument/inlineCompletion":
    case "completionItem/resolve":
      return completionItemsOf(content);
    case "textDocument/codeAction":
    case "textDocument/codeLens":
      return Array.isArray(content.value) ? content.value : [];
    case "codeAction/resolve":
    case "codeLens/resolve":
      return [content.value];
    default:
      return [];
  }
}
