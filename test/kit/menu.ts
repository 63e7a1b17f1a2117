// Accepting a suggestion as clients do: the text that ends up in the buffer, by the rules of each of them.
import { at, isObject, numberAt, textAt } from "./json.ts";

const SNIPPET = 2;
const AS_IS = 1;

/** What inserting the item leaves of `line`, whose columns are UTF-16 units. */
export function acceptInto(line: string, item: unknown): string {
  const range = at(item, "textEdit.range") ?? at(item, "textEdit.insert");
  const start = numberAt(range, "start.character") ?? 0;
  const end = numberAt(range, "end.character") ?? 0;
  const newText = textAt(item, "textEdit.newText") ?? "";
  const left = line.slice(0, start);
  const right = line.slice(end);
  if (numberAt(item, "insertTextFormat") !== SNIPPET) return left + newText + right;
  // As vim.snippet does: the lines after the first are indented like the line without the word.
  const isAsIs = numberAt(item, "insertTextMode") === AS_IS;
  const indent = isAsIs ? "" : (/^\s*/.exec(left + right)?.[0] ?? "");
  return left + expandSnippet(newText).replaceAll("\n", `\n${indent}`) + right;
}

/** Plain text only: a tab stop would be one that hearth never meant. */
export function expandSnippet(snippet: string): string {
  return snippet.replace(/\\([\\$}])|([\\$}])/g, (_all, escaped?: string, bare?: string) => {
    if (escaped === undefined) throw new Error(`an unescaped ${bare ?? ""} in the snippet ${snippet}`);
    return escaped;
  });
}

export function commandOf(
  item: unknown,
): { readonly command: string; readonly arguments: unknown } | undefined {
  const command = at(item, "command");
  if (!isObject(command)) return undefined;
  return { command: textAt(command, "command") ?? "", arguments: command["arguments"] };
}
