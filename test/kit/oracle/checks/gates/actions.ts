// Gates on code actions and on requests that show something to the user.
import { at, isObject, isOn, listAt, textAt } from "../../../json.ts";
import type { Content, Report } from "../../check.ts";
import type { SessionModel } from "../../session-model.ts";

export function gateActions(content: Content, session: SessionModel, report: Report): void {
  const say = (sentence: string): void => report(sentence, content.message);
  if (content.isReply && content.method === "textDocument/codeAction" && Array.isArray(content.value)) {
    const only = listAt(content.params, "context.only").map(String);
    for (const action of content.value) {
      // A Command has its command as a string, a literal has it as an object.
      if (typeof at(action, "command") === "string") continue;
      gateAction(action, session, say);
      const kind = textAt(action, "kind") ?? "";
      const isAsked = only.some((asked) => asked === "" || kind === asked || kind.startsWith(`${asked}.`));
      if (only.length > 0 && !isAsked)
        say(`an action of kind "${kind}", though only ${only.join(", ")} was asked`);
    }
  }
  if (content.isReply && content.method === "codeAction/resolve") gateAction(content.value, session, say);
  if (content.method === "window/showMessageRequest") {
    for (const item of listAt(content.value, "actions")) {
      const extra = isObject(item) ? Object.keys(item).filter((key) => key !== "title") : [];
      if (
        extra.length > 0 &&
        !session.supports("window.showMessage.messageActionItem.additionalPropertiesSupport")
      )
        say("additional properties on a message action for a client without their support");
    }
  }
}

function gateAction(action: unknown, session: SessionModel, say: (sentence: string) => void): void {
  const base = "textDocument.codeAction";
  if (!session.supports(`${base}.codeActionLiteralSupport`))
    say("a code action literal for a client without codeActionLiteralSupport");
  for (const [field, flag] of [
    ["isPreferred", "isPreferredSupport"],
    ["disabled", "disabledSupport"],
    ["data", "dataSupport"],
  ] as const) {
    if (isOn(action, field) && !session.supports(`${base}.${flag}`))
      say(`${field} on a code action for a client without ${flag}`);
  }
  const tags = listAt(action, "tags");
  const known = listAt(session.clientCapabilities, `${base}.tagSupport.valueSet`);
  if (tags.some((tag) => !known.includes(tag))) say("a code action tag that the client does not know");
}
