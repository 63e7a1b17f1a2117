// didOpen, didChange, didClose, didSave: the text as the client has it. Synchronous, and nothing sent here can throw.
import { didChangeParams, didOpenParams, documentParams } from "../../protocol/index.ts";
import { offsetAt } from "../../text/index.ts";
import type { DocumentSnapshot } from "../../workspace/index.ts";
import { mutation } from "../route.ts";
import type { NotificationRoute } from "../route.ts";
import type { SessionState } from "../state.ts";

/** Findings follow a pause in typing of this length. */
const PAUSE_AFTER_EDIT_MS = 150;

export const didOpen: NotificationRoute = mutation({
  method: "textDocument/didOpen",
  capability: () => ({ textDocumentSync: { openClose: true } }),
  params: didOpenParams,
  apply(state, { textDocument }) {
    const { uri, languageId, version, text } = textDocument;
    const before = state.documents.get(uri);
    if (before !== undefined) forget(state, before);
    report(
      state,
      "textDocument/didOpen",
      state.documents.open({ uri, editorId: languageId, version, content: text }),
    );
    tellSize(state, uri);
    deliver(state, uri, 0);
    const snapshot = state.documents.get(uri);
    if (snapshot !== undefined) state.warming.onDocumentActivity(snapshot, 0);
  },
});

export const didChange: NotificationRoute = mutation({
  method: "textDocument/didChange",
  capability: () => ({ textDocumentSync: { change: 2 } }),
  params: didChangeParams,
  apply(state, { textDocument, contentChanges }) {
    const { uri } = textDocument;
    const before = state.documents.get(uri);
    const version = textDocument.version ?? (before?.version ?? 0) + 1;
    const changes = contentChanges.map(({ range, text }) =>
      range === undefined ? { text } : { range, text },
    );
    const outcome = state.documents.change({ uri, version, changes }, state.client.positionEncoding);
    report(state, "textDocument/didChange", outcome);
    if (before?.oversize === undefined) tellSize(state, uri);
    deliver(state, uri, PAUSE_AFTER_EDIT_MS);
    const snapshot = state.documents.get(uri);
    if (snapshot === undefined) return;
    state.editTimes.noted(snapshot.id);
    state.onEdited(uri, contentChanges);
    state.acceptance.changed(snapshot, outcome.edits);
    const last = contentChanges.at(-1);
    if (last?.range === undefined) return;
    const start = offsetAt(snapshot.text, last.range.start, state.client.positionEncoding);
    state.warming.onDocumentActivity(snapshot, start + last.text.length);
  },
});

export const didClose: NotificationRoute = mutation({
  method: "textDocument/didClose",
  capability: () => undefined,
  params: documentParams,
  apply(state, { textDocument }) {
    state.delivery?.closed(textDocument.uri);
    const snapshot = state.documents.get(textDocument.uri);
    if (snapshot !== undefined) forget(state, snapshot);
    report(state, "textDocument/didClose", state.documents.close(textDocument.uri));
  },
});

export const didSave: NotificationRoute = mutation({
  method: "textDocument/didSave",
  capability: () => ({ textDocumentSync: { save: { includeText: false } } }),
  params: documentParams,
  apply(state, { textDocument }) {
    deliver(state, textDocument.uri, 0);
  },
});

function forget(state: SessionState, snapshot: DocumentSnapshot): void {
  state.warming.onDocumentClosed(snapshot);
  state.acceptance.closed(snapshot);
  state.editTimes.forget(snapshot.id);
}

/** A text that is too large is told once, when it is opened or grows beyond the limits. */
function tellSize(state: SessionState, uri: string): void {
  const oversize = state.documents.get(uri)?.oversize;
  if (oversize !== undefined) state.notices.show("info", oversize.reason);
}

function deliver(state: SessionState, uri: string, pauseMs: number): void {
  const snapshot = state.documents.get(uri);
  if (snapshot !== undefined) state.delivery?.changed(snapshot, pauseMs);
}

/** Problems name the document: above the debug level only that there was one is logged. */
function report(
  state: SessionState,
  method: string,
  outcome: { readonly problems: readonly string[] },
): void {
  if (outcome.problems.length === 0) return;
  state.log.warn(
    { method, count: outcome.problems.length },
    "a document notification could not be applied as sent",
  );
  state.log.debug({ problems: outcome.problems }, "what could not be applied");
}
