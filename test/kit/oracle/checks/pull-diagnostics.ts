// Check 13: `unchanged` only against the result the client has; push and pull never both feed one document.
import { at, isObject, listAt, textAt } from "../../json.ts";
import type { Check } from "../check.ts";

export const pullDiagnosticsCheck: Check = {
  number: 13,
  name: "pull diagnostics",
  open: (session, report) => {
    const pushed = new Set<string>();
    const pulled = new Set<string>();
    /** Result ids that were given for a document. */
    const given = new Map<string, Set<unknown>>();

    const inspectReport = (uri: string, value: unknown, previous: unknown, message: unknown): void => {
      pulled.add(uri);
      if (pushed.has(uri)) report(`${uri} is fed by push and by pull`, message);
      const resultId = at(value, "resultId");
      const known = given.get(uri) ?? new Set();
      given.set(uri, known);
      if (at(value, "kind") === "full") {
        if (resultId !== undefined) known.add(resultId);
        return;
      }
      if (previous === undefined)
        report(`"unchanged" to a client that named no earlier result of ${uri}`, message);
      else if (resultId !== previous || !known.has(previous))
        report(`"unchanged" does not match the result of ${uri} that the client named`, message);
    };

    return {
      inspect(traffic) {
        if (traffic.from !== "server") return;
        if (traffic.kind === "notification" && traffic.method === "textDocument/publishDiagnostics") {
          const uri = textAt(traffic.params, "uri") ?? "";
          if (pulled.has(uri)) report(`${uri} is fed by push and by pull`, traffic.message);
          pushed.add(uri);
          if (session.supports("textDocument.diagnostic") && session.isAdvertised("textDocument/diagnostic"))
            report(`${uri} is pushed to a client that was told to pull`, traffic.message);
          return;
        }
        if (traffic.kind !== "response" || traffic.error !== undefined) return;
        const { method, params } = traffic.request;
        if (method === "textDocument/diagnostic") {
          const uri = textAt(params, "textDocument.uri") ?? "";
          inspectReport(uri, traffic.result, at(params, "previousResultId"), traffic.message);
          const related = at(traffic.result, "relatedDocuments");
          for (const [other, value] of Object.entries(isObject(related) ? related : {})) {
            if (at(value, "kind") === "full") inspectReport(other, value, undefined, traffic.message);
          }
        } else if (method === "workspace/diagnostic") {
          for (const item of listAt(traffic.result, "items")) {
            const uri = textAt(item, "uri") ?? "";
            const previous = listAt(params, "previousResultIds").find((entry) => at(entry, "uri") === uri);
            inspectReport(uri, item, at(previous, "value"), traffic.message);
          }
        }
      },
    };
  },
};
