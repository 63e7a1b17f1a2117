// Check 7: edits carry the version they were computed for; published diagnostics never go back in version.
import { at, isObject, listAt, numberAt, textAt } from "../../json.ts";
import type { Check } from "../check.ts";
import { contentOf } from "../check.ts";
import { workspaceEditsIn } from "../workspace-edits.ts";

interface Stamp {
  readonly generation: number;
  readonly version: number;
}

export const versionsCheck: Check = {
  number: 7,
  name: "versions",
  open: (session, report) => {
    const published = new Map<string, Stamp>();
    return {
      inspect(traffic) {
        const content = contentOf(traffic);
        if (content === undefined) return;
        for (const { edit, since } of workspaceEditsIn(content)) {
          if (
            at(edit, "documentChanges") !== undefined &&
            !session.supports("workspace.workspaceEdit.documentChanges")
          )
            report("documentChanges for a client without them", content.message);
          for (const change of listAt(edit, "documentChanges")) {
            if (!isObject(at(change, "textDocument"))) continue;
            const uri = textAt(change, "textDocument.uri") ?? "";
            const version = at(change, "textDocument.version");
            const revisions = session.revisionsSince(uri, since);
            if (session.document(uri)?.isOpen !== true) continue;
            if (!revisions.some((revision) => revision.version === version))
              report(
                `an edit of ${uri} with version ${String(version)}, which is not the text it was asked for`,
                content.message,
              );
          }
        }
        if (content.method !== "textDocument/publishDiagnostics") return;
        const uri = textAt(content.value, "uri") ?? "";
        const version = numberAt(content.value, "version");
        const document = session.document(uri);
        if (document === undefined) return;
        const isVersioned = session.supports("textDocument.publishDiagnostics.versionSupport");
        if (version === undefined) {
          if (isVersioned && document.isOpen)
            report(`diagnostics of the open document ${uri} without its version`, content.message);
          return;
        }
        const last = published.get(uri) ?? { generation: 0, version: -Infinity };
        const next = document.revisions.find(
          (entry) =>
            entry.version === version &&
            (entry.generation > last.generation ||
              (entry.generation === last.generation && entry.version >= last.version)),
        );
        if (next === undefined)
          report(
            `diagnostics of ${uri} for version ${version}, after those for ${last.version}`,
            content.message,
          );
        else published.set(uri, next);
      },
    };
  },
};
