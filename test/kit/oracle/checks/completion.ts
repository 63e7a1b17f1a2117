// Check 9: completion items stay inside the client's value sets, their edits on the cursor's line; resolve adds only what is lazy.
import { offsetAt, positionAt } from "../../../../server/text/index.ts";
import { at, isObject, isOn, listAt, numberAt, textAt } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import type { Check, Content, Report } from "../check.ts";
import { contentOf } from "../check.ts";
import { comparePositions, isPosition } from "../places.ts";
import type { SessionModel } from "../session-model.ts";
import { completionItemsOf } from "../workspace-edits.ts";

const ITEM = "textDocument.completion.completionItem";
const LIST = "textDocument.completion.completionList";
/** Item kinds that every client knows: Text to Reference. */
const FIRST_ITEM_KINDS = 18;
const SNIPPET = 2;
const FLAGS = [
  ["commitCharacters", "commitCharactersSupport"],
  ["deprecated", "deprecatedSupport"],
  ["preselect", "preselectSupport"],
  ["labelDetails", "labelDetailsSupport"],
] as const;

export const completionCheck: Check = {
  number: 9,
  name: "completion",
  open: (session, report) => ({
    inspect(traffic) {
      const content = contentOf(traffic);
      if (content?.isReply !== true) return;
      if (content.method === "textDocument/completion") {
        inspectDefaults(content, session, report);
        for (const item of completionItemsOf(content)) {
          inspectItem(item, session, report, content.message);
          inspectRange(item, content, session, report);
        }
      } else if (content.method === "completionItem/resolve") {
        inspectItem(content.value, session, report, content.message);
        inspectResolve(content, session, report);
      }
    },
  }),
};

function inspectDefaults(content: Content, session: SessionModel, report: Report): void {
  const defaults = at(content.value, "itemDefaults");
  const known = listAt(session.clientCapabilities, `${LIST}.itemDefaults`);
  for (const name of Object.keys(isObject(defaults) ? defaults : {})) {
    if (!known.includes(name)) report(`itemDefaults.${name} for a client without it`, content.message);
  }
  if (isOn(content.value, "applyKind") && !session.supports(`${LIST}.applyKindSupport`))
    report("applyKind for a client without applyKindSupport", content.message);
}

function inspectItem(item: unknown, session: SessionModel, report: Report, message: unknown): void {
  const say = (sentence: string): void => report(`${sentence} on ${textAt(item, "label") ?? ""}`, message);
  const client = session.clientCapabilities;
  const label = textAt(item, "label") ?? "";
  if (label === "") say("an empty label");
  if (/[\r\n]/.test(label)) say("a label of several lines");
  const kind = numberAt(item, "kind");
  const kinds = listAt(client, "textDocument.completion.completionItemKind.valueSet");
  const isKnown = kind === undefined || (kinds.length > 0 ? kinds.includes(kind) : kind <= FIRST_ITEM_KINDS);
  if (!isKnown) say(`the kind ${kind} is not in the client's set`);
  const tags = listAt(client, `${ITEM}.tagSupport.valueSet`);
  if (listAt(item, "tags").some((tag) => !tags.includes(tag))) say("a tag that the client does not know");
  if (numberAt(item, "insertTextFormat") === SNIPPET && !session.supports(`${ITEM}.snippetSupport`))
    say("a snippet for a client without snippetSupport");
  const mode = numberAt(item, "insertTextMode");
  if (mode !== undefined && !listAt(client, `${ITEM}.insertTextModeSupport.valueSet`).includes(mode))
    say("an insertTextMode that the client does not know");
  if (at(item, "textEdit.insert") !== undefined && !session.supports(`${ITEM}.insertReplaceSupport`))
    say("an insert-replace edit for a client without insertReplaceSupport");
  for (const [field, flag] of FLAGS) {
    if (isOn(item, field) && !session.supports(`${ITEM}.${flag}`)) say(`${field} without ${flag}`);
  }
  const format = textAt(item, "documentation.kind");
  const formats = listAt(client, `${ITEM}.documentationFormat`);
  // A client that declares no formats may be sent plain text only.
  if (format !== undefined && !formats.includes(format) && !(format === "plaintext" && formats.length === 0))
    say(`documentation as ${format}, which the client does not take`);
}

function inspectRange(item: unknown, content: Content, session: SessionModel, report: Report): void {
  const cursor = at(content.params, "position");
  const revision = session.revisionsSince(textAt(content.params, "textDocument.uri") ?? "", content.since)[0];
  if (!isPosition(cursor) || revision === undefined) return;
  const { text } = revision;
  const place = positionAt(text, offsetAt(text, cursor, session.encoding), session.encoding);
  for (const path of ["textEdit.range", "textEdit.insert", "textEdit.replace"]) {
    const start = at(item, `${path}.start`);
    const end = at(item, `${path}.end`);
    if (!isPosition(start) || !isPosition(end)) continue;
    if (start.line !== end.line) report("a completion edit that spans lines", content.message);
    else if (comparePositions(start, place) > 0 || comparePositions(end, place) < 0)
      report(
        `a completion edit ${start.line}:${start.character}-${end.line}:${end.character} that does not touch the cursor ${place.line}:${place.character}`,
        content.message,
      );
  }
}

function inspectResolve(content: Content, session: SessionModel, report: Report): void {
  const asked = content.params;
  const given = content.value;
  if (!isObject(asked) || !isObject(given)) return;
  const declared = listAt(session.clientCapabilities, `${ITEM}.resolveSupport.properties`);
  const lazy = new Set(declared.length > 0 ? declared.map(String) : ["documentation", "detail"]);
  for (const name of new Set([...Object.keys(asked), ...Object.keys(given)])) {
    if (lazy.has(name) || isSame(asked, given, name)) continue;
    report(`resolve changed ${name}, which is not among the properties that may come late`, content.message);
  }
}

function isSame(a: JsonObject, b: JsonObject, name: string): boolean {
  return JSON.stringify(a[name]) === JSON.stringify(b[name]);
}
