// Check 8: edits do not overlap, name a document once, and use only the operations, snippets and annotations the client knows.
import { at, isObject, listAt, textAt } from "../../json.ts";
import type { Check, Report } from "../check.ts";
import { contentOf } from "../check.ts";
import { comparePositions, isPosition } from "../places.ts";
import type { SessionModel } from "../session-model.ts";
import { textEditListsIn, workspaceEditsIn } from "../workspace-edits.ts";

const BASE = "workspace.workspaceEdit";

export const editsCheck: Check = {
  number: 8,
  name: "edits",
  open: (session, report) => ({
    inspect(traffic) {
      const content = contentOf(traffic);
      if (content === undefined) return;
      for (const { edit } of workspaceEditsIn(content)) inspectEdit(edit, session, report, content.message);
      for (const edits of textEditListsIn(content)) {
        if (overlap(edits)) report("edits of one text overlap", content.message);
      }
      if (content.method === "workspace/applyEdit" && at(content.value, "metadata") !== undefined) {
        if (!session.supports(`${BASE}.metadataSupport`))
          report("metadata on an edit for a client without metadataSupport", content.message);
      }
    },
  }),
};

function inspectEdit(edit: unknown, session: SessionModel, report: Report, message: unknown): void {
  const annotations = at(edit, "changeAnnotations");
  const allEdits: unknown[] = [];
  const seen = new Set<string>();
  const changes = at(edit, "changes");
  for (const edits of Object.values(isObject(changes) ? changes : {})) {
    if (Array.isArray(edits)) allEdits.push(...edits);
  }
  for (const change of listAt(edit, "documentChanges")) {
    const kind = textAt(change, "kind");
    if (kind !== undefined) {
      if (!listAt(session.clientCapabilities, `${BASE}.resourceOperations`).includes(kind))
        report(`the operation ${kind} is not among the client's resourceOperations`, message);
      allEdits.push(change);
      continue;
    }
    const uri = textAt(change, "textDocument.uri") ?? "";
    if (seen.has(uri)) report(`the document ${uri} is edited twice in one edit`, message);
    seen.add(uri);
    allEdits.push(...listAt(change, "edits"));
  }
  for (const one of allEdits) {
    if (isObject(at(one, "snippet")) && !session.supports(`${BASE}.snippetEditSupport`))
      report("a snippet edit for a client without snippetEditSupport", message);
    const annotation = textAt(one, "annotationId");
    if (annotation === undefined) continue;
    if (!session.supports(`${BASE}.changeAnnotationSupport`))
      report("an annotated edit for a client without changeAnnotationSupport", message);
    if (!isObject(annotations) || !(annotation in annotations))
      report(`the annotation ${annotation} is used but not given`, message);
  }
}

/** Two edits overlap when one starts before the other ends; inserts at one place may follow each other. */
function overlap(edits: readonly unknown[]): boolean {
  const ranges = edits
    .map((edit) => ({ start: at(edit, "range.start"), end: at(edit, "range.end") }))
    .flatMap(({ start, end }) => (isPosition(start) && isPosition(end) ? [{ start, end }] : []))
    .sort((a, b) => comparePositions(a.start, b.start) || comparePositions(a.end, b.end));
  return ranges.some((range, index) => {
    const before = ranges[index - 1];
    return before !== undefined && comparePositions(range.start, before.end) < 0;
  });
}
