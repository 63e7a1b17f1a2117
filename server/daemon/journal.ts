// What the editor has told the daemon and a new daemon must hear: initialize, settings, folders, and the newest text of each
// open document. It follows what was sent, never what is still queued, so that a replay and the queue after it never overlap.
import { isRecord } from "../kernel/index.ts";
import { applyChanges, createText } from "../text/index.ts";
import type { ContentChange, Position, PositionEncoding, Text } from "../text/index.ts";
import { memberOf } from "./rpc.ts";
import type { RpcMessage } from "./rpc.ts";

export interface Journal {
  /** A message from the editor that was just handed to the daemon. */
  note(message: RpcMessage): void;
  /** The editor has the answer to `initialize`: from now on a new daemon is told everything again. */
  noteInitialized(result: unknown): void;
  readonly isInitialized: boolean;
  readonly capabilities: unknown;
  /** The editor's own `initialize`, for a request with another id. */
  initializeParams(): unknown;
  /** What follows the answer to `initialize`, in order. */
  replay(): readonly RpcMessage[];
  /** Documents that a daemon would be told of, for tests and the log. */
  readonly documentCount: number;
}

interface Mirror {
  readonly uri: string;
  readonly languageId: string;
  version: number;
  text: Text;
}

export function createJournal(): Journal {
  let params: unknown;
  let result: unknown;
  let isInitialized = false;
  let hasSentInitialized = false;
  let encoding: PositionEncoding = "utf-16";
  let settings: RpcMessage | undefined;
  let trace: RpcMessage | undefined;
  const documents = new Map<string, Mirror>();
  const addedFolders = new Map<string, unknown>();
  const removedFolders = new Map<string, unknown>();

  const open = (message: RpcMessage): void => {
    const document = memberOf(message.params, "textDocument");
    const uri = memberOf(document, "uri");
    const content = memberOf(document, "text");
    const version = memberOf(document, "version");
    const languageId = memberOf(document, "languageId");
    if (typeof uri !== "string" || typeof content !== "string") return;
    documents.set(uri, {
      uri,
      languageId: typeof languageId === "string" ? languageId : "",
      version: typeof version === "number" ? version : 0,
      text: createText(content),
    });
  };

  /** The same rules as the daemon's document store: an unknown document or a version that does not grow changes nothing. */
  const change = (message: RpcMessage): void => {
    const document = memberOf(message.params, "textDocument");
    const uri = memberOf(document, "uri");
    const version = memberOf(document, "version");
    const mirror = typeof uri === "string" ? documents.get(uri) : undefined;
    const changes = readChanges(memberOf(message.params, "contentChanges"));
    if (mirror === undefined || changes === undefined) return;
    if (typeof version !== "number" || version <= mirror.version) return;
    mirror.version = version;
    mirror.text = applyChanges(mirror.text, changes, encoding).text;
  };

  const changeFolders = (message: RpcMessage): void => {
    const event = memberOf(message.params, "event");
    for (const folder of arrayOf(memberOf(event, "removed"))) {
      const uri = String(memberOf(folder, "uri"));
      if (!addedFolders.delete(uri)) removedFolders.set(uri, folder);
    }
    for (const folder of arrayOf(memberOf(event, "added"))) {
      const uri = String(memberOf(folder, "uri"));
      if (!removedFolders.delete(uri)) addedFolders.set(uri, folder);
    }
  };

  return {
    note(message) {
      switch (message.method ?? "") {
        case "initialize":
          params ??= message.params;
          return;
        case "initialized":
          hasSentInitialized = true;
          return;
        case "textDocument/didOpen":
          open(message);
          return;
        case "textDocument/didChange":
          change(message);
          return;
        case "textDocument/didClose":
          documents.delete(String(memberOf(memberOf(message.params, "textDocument"), "uri")));
          return;
        case "workspace/didChangeConfiguration":
          settings = message;
          return;
        case "workspace/didChangeWorkspaceFolders":
          changeFolders(message);
          return;
        case "$/setTrace":
          trace = message;
          return;
        default:
          return;
      }
    },
    noteInitialized(newResult) {
      result = newResult;
      isInitialized = true;
      const announced = memberOf(memberOf(newResult, "capabilities"), "positionEncoding");
      encoding = announced === "utf-8" || announced === "utf-32" ? announced : "utf-16";
    },
    get isInitialized() {
      return isInitialized;
    },
    get capabilities() {
      return memberOf(result, "capabilities");
    },
    initializeParams: () => params,
    replay() {
      const messages: RpcMessage[] = [];
      if (hasSentInitialized) messages.push({ method: "initialized", params: {} });
      if (trace !== undefined) messages.push(trace);
      if (settings !== undefined) messages.push(settings);
      if (addedFolders.size + removedFolders.size > 0) {
        messages.push({
          method: "workspace/didChangeWorkspaceFolders",
          params: { event: { added: [...addedFolders.values()], removed: [...removedFolders.values()] } },
        });
      }
      for (const { uri, languageId, version, text } of documents.values()) {
        messages.push({
          method: "textDocument/didOpen",
          params: { textDocument: { uri, languageId, version, text: text.content } },
        });
      }
      return messages;
    },
    get documentCount() {
      return documents.size;
    },
  };
}

/** Undefined when one of them is malformed: the daemon refuses such a notification as a whole. */
function readChanges(value: unknown): readonly ContentChange[] | undefined {
  const changes: ContentChange[] = [];
  for (const change of arrayOf(value)) {
    const text = memberOf(change, "text");
    if (typeof text !== "string") return undefined;
    const range = memberOf(change, "range");
    if (range === undefined || range === null) {
      changes.push({ text });
      continue;
    }
    const start = readPosition(memberOf(range, "start"));
    const end = readPosition(memberOf(range, "end"));
    if (start === undefined || end === undefined) return undefined;
    changes.push({ range: { start, end }, text });
  }
  return changes;
}

function readPosition(value: unknown): Position | undefined {
  if (!isRecord(value)) return undefined;
  const { line, character } = value;
  return typeof line === "number" && typeof character === "number" ? { line, character } : undefined;
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
