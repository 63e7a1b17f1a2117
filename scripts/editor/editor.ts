// A small editor for scripts: starts `hearth` as an editor would and speaks LSP to it over stdio.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { pathToFileURL } from "node:url";
import {
  CancellationTokenSource,
  CodeActionRequest,
  CompletionRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentSymbolRequest,
  ExitNotification,
  InlineCompletionRequest,
  InitializeRequest,
  InitializedNotification,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgressCreateRequest,
  createProtocolConnection,
} from "vscode-languageserver/node";
import type {
  CancellationToken,
  CompletionItem,
  Diagnostic,
  DocumentSymbol,
  InitializeResult,
  ProtocolConnection,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";

export interface Suggestion {
  readonly items: readonly CompletionItem[];
  readonly isIncomplete: boolean;
  /** From sending the request to its answer. */
  readonly latencyMs: number;
}

export interface Ghost {
  /** What it would insert right of the cursor; undefined when nothing is suggested. */
  readonly text: string | undefined;
  readonly latencyMs: number;
}

export interface EditorOptions {
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly settings?: object;
  /** Says that ghost text can be shown, so that `inline` is answered. */
  readonly hasInline?: boolean;
  /** Progress and messages of the server, as one line each. */
  readonly onNotice?: (line: string) => void;
}

export interface OpenFile {
  readonly uri: string;
  text(): string;
  /** Offset of `needle` in the text plus `shift`; throws when it is not there. */
  find(needle: string, shift?: number): number;
  /** Replaces and tells the server; returns the offset after the inserted text. */
  replace(start: number, end: number, newText: string): number;
  complete(offset: number, signal?: AbortSignal): Promise<Suggestion>;
  /** Ghost text at `offset`, asked for as a key does; only with `hasInline`. */
  inline(offset: number, signal?: AbortSignal): Promise<Ghost>;
  symbols(): Promise<readonly DocumentSymbol[]>;
  /** The findings published for the newest version; waits until they came or `timeoutMs` passed. */
  findings(timeoutMs: number): Promise<readonly Diagnostic[]>;
  /** Titles of the code actions offered at `offset`. */
  actionTitles(offset: number): Promise<readonly string[]>;
  close(): void;
}

export interface Editor {
  readonly initializeMs: number;
  readonly capabilities: InitializeResult["capabilities"];
  readonly process: ChildProcess;
  open(path: string, languageId: string, content: string): OpenFile;
  /** Any other request, for extension methods. */
  request(method: string, params: unknown): Promise<unknown>;
  quit(): Promise<void>;
}

const capabilities = {
  general: { positionEncodings: ["utf-16"] },
  window: { workDoneProgress: true },
  textDocument: {
    synchronization: { dynamicRegistration: false },
    completion: { completionItem: { snippetSupport: false, insertReplaceSupport: false } },
    publishDiagnostics: { versionSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
};

/** Ghost text is younger than the library's types of the client's capabilities. */
const withInline = { ...capabilities, textDocument: { ...capabilities.textDocument, inlineCompletion: {} } };

/** Starts the server and shakes hands. Rejects when the process ends before it answered. */
export async function startEditor(options: EditorOptions): Promise<Editor> {
  const [program, ...args] = options.command;
  if (program === undefined) throw new Error("no command to start");
  const startedMs = performance.now();
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...options.environment },
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const published = new Map<string, { version: number; diagnostics: readonly Diagnostic[] }>();
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    published.set(params.uri, { version: params.version ?? Infinity, diagnostics: params.diagnostics });
  });
  connection.onRequest(WorkDoneProgressCreateRequest.type, () => undefined);
  connection.onRequest(RegistrationRequest.type, () => undefined);
  connection.onNotification("window/showMessage", (params: { readonly message: string }) => {
    options.onNotice?.(params.message);
  });
  connection.onNotification("$/progress", (params: { readonly value: ProgressValue }) => {
    const { title, message, percentage } = params.value;
    const line = [title, message, percentage === undefined ? undefined : `${percentage} %`]
      .filter((part) => part !== undefined)
      .join(": ");
    if (line !== "") options.onNotice?.(line);
  });
  connection.listen();

  const ended = new Promise<never>((_, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const initialized = connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    clientInfo: { name: "hearth scripts" },
    // The protocol's type still asks for it; workspaceFolders says it better.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(options.folder).href, name: "demo" }],
    capabilities: options.hasInline === true ? withInline : capabilities,
    initializationOptions: options.settings ?? {},
  });
  const result = await Promise.race([initialized, ended]);
  const initializeMs = performance.now() - startedMs;
  ended.catch(() => undefined);
  await connection.sendNotification(InitializedNotification.type, {});

  return {
    initializeMs,
    capabilities: result.capabilities,
    process: child,
    open: (path, languageId, content) => openFile(connection, published, path, languageId, content),
    request: (method, params) => connection.sendRequest(method, params),
    async quit() {
      const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      await connection.sendRequest(ShutdownRequest.type);
      await connection.sendNotification(ExitNotification.type);
      await exited;
      connection.dispose();
    },
  };
}

interface ProgressValue {
  readonly title?: string;
  readonly message?: string;
  readonly percentage?: number;
}

function openFile(
  connection: ProtocolConnection,
  published: Map<string, { version: number; diagnostics: readonly Diagnostic[] }>,
  path: string,
  languageId: string,
  content: string,
): OpenFile {
  const uri = pathToFileURL(path).href;
  const document = TextDocument.create(uri, languageId, 1, content);
  // What was published for an earlier life of this document has higher versions.
  published.delete(uri);
  void connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId, version: 1, text: content },
  });
  return {
    uri,
    text: () => document.getText(),
    find(needle, shift = needle.length) {
      const at = document.getText().indexOf(needle);
      if (at < 0) throw new Error(`${JSON.stringify(needle)} is not in ${path}`);
      return at + shift;
    },
    replace(start, end, newText) {
      const range = { start: document.positionAt(start), end: document.positionAt(end) };
      const version = document.version + 1;
      TextDocument.update(document, [{ range, text: newText }], version);
      void connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [{ range, text: newText }],
      });
      return start + newText.length;
    },
    async complete(offset, signal) {
      const startedMs = performance.now();
      const cancellation = signal === undefined ? undefined : toCancellation(signal);
      const answer = await connection.sendRequest(
        CompletionRequest.type,
        { textDocument: { uri }, position: document.positionAt(offset) },
        cancellation,
      );
      const latencyMs = performance.now() - startedMs;
      if (answer === null) return { items: [], isIncomplete: false, latencyMs };
      return Array.isArray(answer)
        ? { items: answer, isIncomplete: false, latencyMs }
        : { items: answer.items, isIncomplete: answer.isIncomplete, latencyMs };
    },
    async inline(offset, signal) {
      const startedMs = performance.now();
      const cancellation = signal === undefined ? undefined : toCancellation(signal);
      const position = document.positionAt(offset);
      const answer = await connection.sendRequest(
        InlineCompletionRequest.type,
        { textDocument: { uri }, position, context: { triggerKind: AUTOMATIC } },
        cancellation,
      );
      const latencyMs = performance.now() - startedMs;
      const [item] = answer === null ? [] : "items" in answer ? answer.items : answer;
      if (item === undefined) return { text: undefined, latencyMs };
      const text = typeof item.insertText === "string" ? item.insertText : item.insertText.value;
      const start = item.range === undefined ? offset : document.offsetAt(item.range.start);
      return { text: text.slice(offset - start), latencyMs };
    },
    async symbols() {
      const symbols = await connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
      return (symbols ?? []).flatMap((symbol) => ("selectionRange" in symbol ? [symbol] : []));
    },
    async findings(timeoutMs) {
      const untilMs = performance.now() + timeoutMs;
      while ((published.get(uri)?.version ?? 0) < document.version && performance.now() < untilMs) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return published.get(uri)?.diagnostics ?? [];
    },
    async actionTitles(offset) {
      const at = document.positionAt(offset);
      const lineEnd = { line: at.line + 1, character: 0 };
      const actions = await connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri },
        range: { start: { line: at.line, character: 0 }, end: lineEnd },
        context: { diagnostics: [...(published.get(uri)?.diagnostics ?? [])] },
      });
      return (actions ?? []).map((action) => action.title);
    },
    close() {
      void connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
    },
  };
}

/** InlineCompletionTriggerKind.Automatic. */
const AUTOMATIC = 2;

function toCancellation(signal: AbortSignal): CancellationToken {
  const source = new CancellationTokenSource();
  signal.addEventListener("abort", () => source.cancel(), { once: true });
  return source.token;
}
