// Workspace edits and lists of text edits inside a server's message.
import { at, isObject } from "../json.ts";
import type { Content } from "./check.ts";

interface FoundEdit {
  readonly edit: unknown;
  /** The edit speaks of texts since this moment. */
  readonly since: number;
}

export function workspaceEditsIn(content: Content): readonly FoundEdit[] {
  const found: FoundEdit[] = [];
  const add = (edit: unknown): void => {
    if (isObject(edit)) found.push({ edit, since: content.since });
  };
  if (content.method === "workspace/applyEdit") add(at(content.value, "edit"));
  if (!content.isReply) return found;
  if (content.method === "textDocument/codeAction" && Array.isArray(content.value)) {
    for (const action of content.value) add(at(action, "edit"));
  }
  if (content.method === "codeAction/resolve") add(at(content.value, "edit"));
  if (content.method === "textDocument/rename" || content.method.startsWith("workspace/will"))
    add(content.value);
  return found;
}

/** Lists of edits that are applied together to one text. */
export function textEditListsIn(content: Content): readonly (readonly unknown[])[] {
  const lists: (readonly unknown[])[] = [];
  for (const { edit } of workspaceEditsIn(content)) {
    for (const edits of Object.values(asObject(at(edit, "changes"))))
      if (Array.isArray(edits)) lists.push(edits);
    const changes = at(edit, "documentChanges");
    for (const change of Array.isArray(changes) ? changes : []) {
      const edits = at(change, "edits");
      if (Array.isArray(edits)) lists.push(edits);
    }
  }
  if (!content.isReply) return lists;
  if (/formatting$/i.test(content.method) || content.method === "textDocument/willSaveWaitUntil") {
    if (Array.isArray(content.value)) lists.push(content.value);
  }
  if (content.method === "textDocument/completion" || content.method === "completionItem/resolve") {
    for (const item of completionItemsOf(content)) {
      const additional = at(item, "additionalTextEdits");
      if (!Array.isArray(additional)) continue;
      const main = at(item, "textEdit");
      lists.push(isObject(main) && "range" in main ? [main, ...additional] : additional);
    }
  }
  return lists;
}

export function completionItemsOf(content: Content): readonly unknown[] {
  if (content.method === "completionItem/resolve") return [content.value];
  if (Array.isArray(content.value)) return content.value;
  const items = at(content.value, "items");
  return Array.isArray(items) ? items : [];
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}
