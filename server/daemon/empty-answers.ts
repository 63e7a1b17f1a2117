// The answer to a request whose daemon died: nothing was found, in the shape that the method allows. Never an error.
import { memberOf } from "./rpc.ts";

/** Whether the new daemon is asked again: the answer tells a state, and "nothing" would be shown as "all is well". */
export function isAskedAgain(method: string): boolean {
  return method === "initialize" || method === "textDocument/diagnostic" || method === "workspace/diagnostic";
}

/** `null` is a legal result of every method of the protocol that is not listed here. */
export function emptyAnswer(method: string, params: unknown): unknown {
  switch (method) {
    case "textDocument/completion":
      // Incomplete: the editor asks again on the next key instead of filtering an empty list.
      return { isIncomplete: true, items: [] };
    case "textDocument/inlineCompletion":
      return { items: [] };
    case "textDocument/diagnostic": {
      const previous = memberOf(params, "previousResultId");
      return typeof previous === "string"
        ? { kind: "unchanged", resultId: previous }
        : { kind: "full", items: [] };
    }
    case "workspace/diagnostic":
      return { items: [] };
    case "completionItem/resolve":
    case "codeAction/resolve":
    case "codeLens/resolve":
    case "documentLink/resolve":
    case "inlayHint/resolve":
    case "workspaceSymbol/resolve":
      // Resolving adds to the item: unresolved it is still the item.
      return params ?? null;
    default:
      return null;
  }
}
