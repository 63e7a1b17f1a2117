// The parts that broken conversations are made of: one small document, ranges in it, results and capabilities.
import type { Conversation, ConversationSetup } from "../../kit/conversation.ts";
import { profile, withCapabilities } from "../../kit/profiles.ts";

export interface Control extends ConversationSetup {
  readonly check: number;
  readonly name: string;
  readonly say: (talk: Conversation) => void;
}

export const uri = "file:///w/a.py";
export const doc: object = { textDocument: { uri } };
export const text = "def total(items):\n    return sum(items)\n";
export const place = (line: number, character: number): object => ({ line, character });
export const range = (l1: number, c1: number, l2: number, c2: number): object => ({
  start: place(l1, c1),
  end: place(l2, c2),
});
export const at: object = { ...doc, position: place(1, 7) };
export const completion = { completionProvider: {} };
export const actions = { codeActionProvider: true };
export const edit = (of: object, newText = "x"): object => ({ range: of, newText });
export const versioned = (version: number | null, edits: readonly object[], of: string = uri): object => ({
  textDocument: { uri: of, version },
  edits,
});
export const actionParams: object = { ...doc, range: range(0, 0, 0, 3), context: { diagnostics: [] } };
export const finding: object = { range: range(0, 0, 0, 3), message: "no" };
export const item = (fields: object = {}): object => ({ label: "return", ...fields });
export const symbol = (
  name: string,
  of: object,
  selection: object,
  children: readonly object[] = [],
): object => ({
  name,
  kind: 12,
  range: of,
  selectionRange: selection,
  children,
});
export const actionOf = (documentChanges: readonly object[], more: object = {}): object => ({
  title: "mend",
  kind: "quickfix",
  edit: { documentChanges, ...more },
});

/** Opens the document and has one request about it answered. */
export const opened =
  (method: string, params: unknown, result: unknown) =>
  (talk: Conversation): void => {
    talk.open(uri, text);
    talk.exchange(method, params, result);
  };
export const complete = (...items: readonly object[]): ((talk: Conversation) => void) =>
  opened("textDocument/completion", at, items);
export const act = (...given: readonly object[]): ((talk: Conversation) => void) =>
  opened("textDocument/codeAction", actionParams, given);
export const publish = (talk: Conversation, of: object): void =>
  talk.say("textDocument/publishDiagnostics", of);
export const without = (patch: Readonly<Record<string, unknown>>): ConversationSetup => ({
  client: withCapabilities(profile("vscode-like"), patch),
});
export const begin = { kind: "begin", title: "working" };
export const progress = (talk: Conversation, token: string, value: unknown): void =>
  talk.say("$/progress", { token, value });
