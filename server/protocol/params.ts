// What clients send, method by method: the parsed shapes and their parsers. Behind this file everything is trusted.
import { isRecord } from "../kernel/index.ts";
import type { Position } from "../text/index.ts";
import { anything, either, integer, list, nullable, object, refuse, string, unsigned } from "./parse.ts";
import type { Parser } from "./parse.ts";

export interface WireRange {
  readonly start: Position;
  readonly end: Position;
}

export interface NamedUri {
  readonly uri: string;
  readonly name: string;
}

export interface InitializeParams {
  readonly processId: number | undefined;
  readonly clientInfo: { readonly name: string; readonly version: string | undefined } | undefined;
  readonly rootUri: string | undefined;
  readonly rootPath: string | undefined;
  readonly workspaceFolders: readonly NamedUri[] | undefined;
  /** Read leniently by `readClientProfile`: a client with an odd capability is served all the same. */
  readonly capabilities: unknown;
  readonly initializationOptions: unknown;
  readonly trace: string | undefined;
  readonly workDoneToken: ProgressToken | undefined;
}

export type ProgressToken = string | number;

export interface DocumentParams {
  readonly textDocument: { readonly uri: string };
}

export interface DidOpenParams {
  readonly textDocument: {
    readonly uri: string;
    readonly languageId: string;
    readonly version: number;
    readonly text: string;
  };
}

export interface DidChangeParams {
  /** Before 3.16 clients could send null: then the version is counted here. */
  readonly textDocument: { readonly uri: string; readonly version: number | undefined };
  readonly contentChanges: ContentChanges;
}

/** Without a range the text is the whole document. */
export type ContentChanges = readonly { readonly range: WireRange | undefined; readonly text: string }[];

export interface CompletionParams extends DocumentParams {
  readonly position: Position;
  readonly context:
    { readonly triggerKind: number; readonly triggerCharacter: string | undefined } | undefined;
}

export interface InlineCompletionParams extends DocumentParams {
  readonly position: Position;
  readonly context: {
    readonly triggerKind: number;
    readonly selectedCompletionInfo: { readonly range: WireRange; readonly text: string } | undefined;
  };
}

export interface SelectionRangeParams extends DocumentParams {
  readonly positions: readonly Position[];
}

/** A diagnostic as the client sent it back: carried unread, except for what tells which finding it is. */
export interface SentDiagnostic {
  readonly raw: unknown;
  readonly range: WireRange;
  readonly code: string | number | undefined;
  readonly source: string | undefined;
}

export interface CodeActionParams extends DocumentParams {
  readonly range: WireRange;
  readonly context: {
    readonly diagnostics: readonly SentDiagnostic[];
    readonly only: readonly string[] | undefined;
    readonly triggerKind: number | undefined;
  };
}

export interface DocumentDiagnosticParams extends DocumentParams {
  readonly previousResultId: string | undefined;
}

export interface DidChangeConfigurationParams {
  readonly settings: unknown;
}

export interface DidChangeWorkspaceFoldersParams {
  readonly event: { readonly added: readonly NamedUri[]; readonly removed: readonly NamedUri[] };
}

const position: Parser<Position> = object({ line: unsigned, character: unsigned });
const range: Parser<WireRange> = object({ start: position, end: position });
const namedUri: Parser<NamedUri> = object({
  uri: string,
  name: (raw) => (typeof raw === "string" ? raw : ""),
});
const documentOnly: Parser<{ readonly uri: string }> = object({ uri: string });
const token: Parser<ProgressToken> = either<string, number>(string, integer, "a string or an integer");

/** A `clientInfo` of the wrong shape is no reason to refuse a client. */
const clientInfo: Parser<InitializeParams["clientInfo"]> = (raw) => {
  if (!isRecord(raw) || typeof raw["name"] !== "string") return undefined;
  return { name: raw["name"], version: typeof raw["version"] === "string" ? raw["version"] : undefined };
};

export const initializeParams: Parser<InitializeParams> = object({
  processId: nullable(integer),
  clientInfo,
  rootUri: nullable(string),
  rootPath: nullable(string),
  workspaceFolders: nullable(list(namedUri)),
  capabilities: (raw, place) => {
    if (raw !== undefined && raw !== null && !isRecord(raw)) throw refuse(place, "an object");
    return raw ?? {};
  },
  initializationOptions: anything,
  trace: nullable(string),
  workDoneToken: nullable(token),
});

export const noParams: Parser<undefined> = () => undefined;

export const documentParams: Parser<DocumentParams> = object({ textDocument: documentOnly });

export const didOpenParams: Parser<DidOpenParams> = object({
  textDocument: object({ uri: string, languageId: string, version: integer, text: string }),
});

export const didChangeParams: Parser<DidChangeParams> = object({
  textDocument: object({ uri: string, version: nullable(integer) }),
  contentChanges: list(object({ range: nullable(range), text: string })),
});

export const completionParams: Parser<CompletionParams> = object({
  textDocument: documentOnly,
  position,
  context: nullable(object({ triggerKind: integer, triggerCharacter: nullable(string) })),
});

export const inlineCompletionParams: Parser<InlineCompletionParams> = object({
  textDocument: documentOnly,
  position,
  context: object({
    triggerKind: integer,
    selectedCompletionInfo: nullable(object({ range, text: string })),
  }),
});

export const selectionRangeParams: Parser<SelectionRangeParams> = object({
  textDocument: documentOnly,
  positions: list(position),
});

const sentDiagnostic: Parser<SentDiagnostic> = (raw, place) => {
  const known = object<Omit<SentDiagnostic, "raw">>({
    range,
    code: nullable(either<string, number>(string, integer, "a string or an integer")),
    source: nullable(string),
  })(raw, place);
  return { ...known, raw };
};

export const codeActionParams: Parser<CodeActionParams> = object({
  textDocument: documentOnly,
  range,
  context: object({
    diagnostics: list(sentDiagnostic),
    only: nullable(list(string)),
    triggerKind: nullable(integer),
  }),
});

export const documentDiagnosticParams: Parser<DocumentDiagnosticParams> = object({
  textDocument: documentOnly,
  previousResultId: nullable(string),
});

export const didChangeConfigurationParams: Parser<DidChangeConfigurationParams> = object({
  settings: anything,
});

export const didChangeWorkspaceFoldersParams: Parser<DidChangeWorkspaceFoldersParams> = object({
  event: object({ added: list(namedUri), removed: list(namedUri) }),
});

export const cancelProgressParams: Parser<{ readonly token: ProgressToken }> = object({ token });

export const cancelRequestParams: Parser<{ readonly id: string | number }> = object({
  id: either<string, number>(string, integer, "a string or an integer"),
});

export const setTraceParams: Parser<{ readonly value: string }> = object({ value: string });
