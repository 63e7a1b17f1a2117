// The fake client: an editor as far as a server can tell, with documents that mirror what it sent, always under the oracle.
import { createText, offsetAt, positionAt } from "../../server/text/index.ts";
import type { ContentChange, Position, PositionEncoding, Text } from "../../server/text/index.ts";
import { applyChanges } from "../../server/text/index.ts";
import { Refusal, connect, resultOf } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { at, isObject, isOn, listAt, textAt } from "./json.ts";
import type { Mode, ServerUnderTest } from "./modes.ts";
import { describeViolations } from "./oracle/oracle.ts";
import { recordTally } from "./oracle/tally.ts";
import { profile, pullsDiagnostics } from "./profiles.ts";
import type { Profile } from "./profiles.ts";
import { DEADLINE_MS, until, within } from "./waiting.ts";

interface ClientOptions {
  readonly mode: Mode;
  readonly profile?: Profile;
  /** Roots by URI; none is a client without a folder. */
  readonly folders?: readonly string[];
  /** What `workspace/configuration` is answered from, by section. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly initializationOptions?: unknown;
  /** Replaces or adds fields of the initialize params. */
  readonly initializeParams?: Readonly<Record<string, unknown>>;
  /** How the client answers a request of the server, where it differs from a usual editor. */
  readonly answer?: (method: string, params: unknown) => unknown;
}

export interface TestClient extends Connection {
  readonly server: ServerUnderTest;
  readonly profile: Profile;
  readonly initializeResult: unknown;
  readonly encoding: PositionEncoding;
  open(uri: string, content: string, languageId?: string): void;
  /** Replaces offsets `start..end` of the mirrored text, sent as a ranged change. */
  edit(uri: string, start: number, end: number, newText: string): void;
  /** Sends the changes as they are and mirrors them as LSP says. */
  change(uri: string, changes: readonly ContentChange[], version?: number): void;
  /** Types one character after the other at `offset`; calls `afterKey` with the cursor's offset. */
  type(
    uri: string,
    offset: number,
    keys: string,
    afterKey?: (offset: number) => Promise<void>,
  ): Promise<number>;
  close(uri: string): void;
  textOf(uri: string): string;
  versionOf(uri: string): number;
  position(uri: string, offset: number): Position;
  offset(uri: string, position: Position): number;
  request(method: string, params?: unknown): Promise<unknown>;
  complete(uri: string, offset: number, context?: unknown): Promise<readonly CompletionItemLike[]>;
  symbols(uri: string): Promise<readonly SymbolLike[]>;
  /** Findings of the newest text, pulled or pushed as the profile wants; waits until they are there. */
  findings(uri: string): Promise<readonly DiagnosticLike[]>;
  codeActions(uri: string, diagnostics: readonly DiagnosticLike[]): Promise<readonly unknown[]>;
  /** Applies the first text edit or edits of an item or action to the mirror and tells the server. */
  apply(uri: string, edits: readonly unknown[]): void;
  published(uri: string): readonly unknown[];
  /** Shuts down as an editor does and fails when the oracle has seen anything it dislikes. */
  end(): Promise<void>;
  /** For conversations that cannot end politely: checks what was seen, without asking for a clean end. */
  abandon(): Promise<void>;
}

export interface CompletionItemLike {
  readonly label: string;
  readonly kind?: number;
  readonly detail?: string;
  readonly filterText?: string;
  readonly sortText?: string;
  readonly textEdit?: {
    readonly range: { readonly start: Position; readonly end: Position };
    readonly newText: string;
  };
}

export interface SymbolLike {
  readonly name: string;
  readonly kind: number;
  readonly range?: { readonly start: Position; readonly end: Position };
  readonly selectionRange?: { readonly start: Position; readonly end: Position };
  readonly children?: readonly SymbolLike[];
}

export interface DiagnosticLike {
  readonly message: string;
  readonly range: { readonly start: Position; readonly end: Position };
  readonly code?: string | number;
  readonly severity?: number;
}

/** Starts a server in the mode and goes through the handshake. */
export async function startClient(options: ClientOptions): Promise<TestClient> {
  const client = await connectClient(options);
  await client.handshake();
  return client;
}

/** A client that has said nothing yet: for what comes before `initialize`. */
export async function connectClient(
  options: ClientOptions,
): Promise<TestClient & { handshake(): Promise<void> }> {
  const server = await options.mode.start();
  const connection = connect(server.stream);
  const of = options.profile ?? profile("vscode-like");
  const documents = new Map<string, { version: number; text: Text }>();
  let initializeResult: unknown;
  let encoding: PositionEncoding = "utf-16";

  const documentOf = (uri: string): { version: number; text: Text } => {
    const found = documents.get(uri);
    if (found === undefined) throw new Error(`the test has not opened ${uri}`);
    return found;
  };
  const request = (method: string, params?: unknown): Promise<unknown> =>
    resultOf(connection.send(method, params));

  const change = (uri: string, changes: readonly ContentChange[], version?: number): void => {
    const document = documentOf(uri);
    const next = version ?? document.version + 1;
    if (next > document.version) {
      document.text = applyChanges(document.text, changes, encoding).text;
      document.version = next;
    }
    connection.notify("textDocument/didChange", {
      textDocument: { uri, version: next },
      contentChanges: changes,
    });
  };
  const edit = (uri: string, start: number, end: number, newText: string): void => {
    const { text } = documentOf(uri);
    change(uri, [
      {
        range: { start: positionAt(text, start, encoding), end: positionAt(text, end, encoding) },
        text: newText,
      },
    ]);
  };
  const apply = (uri: string, edits: readonly unknown[]): void => {
    const { text } = documentOf(uri);
    const spans = edits.map((entry) => {
      const range = (at(entry, "range") ?? at(entry, "insert")) as { start: Position; end: Position };
      return {
        start: offsetAt(text, range.start, encoding),
        end: offsetAt(text, range.end, encoding),
        newText: textAt(entry, "newText") ?? "",
      };
    });
    // From the end of the text, so that earlier edits do not move later ones.
    for (const span of spans.sort((a, b) => b.start - a.start)) edit(uri, span.start, span.end, span.newText);
  };

  connection.onRequest((method, params) => {
    const own = options.answer?.(method, params);
    if (own !== undefined) return own;
    switch (method) {
      case "workspace/configuration":
        return listAt(params, "items").map((item) => {
          const section = textAt(item, "section");
          if (section === undefined) return options.settings ?? null;
          return at(options.settings, section) ?? null;
        });
      case "workspace/workspaceFolders":
        return foldersOf(options);
      case "workspace/applyEdit": {
        const edits = at(params, "edit.changes");
        for (const [uri, list] of Object.entries(isObject(edits) ? edits : {})) {
          if (Array.isArray(list)) apply(uri, list);
        }
        for (const entry of listAt(params, "edit.documentChanges")) {
          apply(textAt(entry, "textDocument.uri") ?? "", listAt(entry, "edits"));
        }
        return { applied: true };
      }
      case "client/registerCapability":
      case "client/unregisterCapability":
      case "window/workDoneProgress/create":
      case "window/showMessageRequest":
      case "workspace/diagnostic/refresh":
      case "workspace/codeLens/refresh":
      case "workspace/foldingRange/refresh":
        return null;
      case "window/showDocument":
        return { success: true };
      default:
        throw new Refusal(-32601, `the client does not know ${method}`);
    }
  });

  const published = (uri: string): readonly unknown[] =>
    connection.notes
      .filter((note) => note.method === "textDocument/publishDiagnostics" && at(note.params, "uri") === uri)
      .map((note) => note.params);

  const judge = (isClean: boolean): void => {
    connection.oracle.finish(isClean);
    recordTally(connection.oracle);
    const { violations } = connection.oracle;
    if (violations.length > 0)
      throw new Error(
        `${violations.length} protocol violations (${of.name}, ${options.mode.name}):\n${describeViolations(violations.slice(0, 12))}`,
      );
  };

  const client: TestClient & { handshake(): Promise<void> } = Object.assign(
    Object.create(connection, {
      initializeResult: { get: () => initializeResult },
      encoding: { get: () => encoding },
    }) as Connection & { readonly initializeResult: unknown; readonly encoding: PositionEncoding },
    {
      server,
      profile: of,
      async handshake(): Promise<void> {
        initializeResult = await request("initialize", initializeParamsOf(options, of));
        const announced = textAt(initializeResult, "capabilities.positionEncoding");
        if (announced === "utf-8" || announced === "utf-32") encoding = announced;
        connection.notify("initialized", {});
      },
      open(uri: string, content: string, languageId = "python"): void {
        documents.set(uri, { version: 1, text: createText(content) });
        connection.notify("textDocument/didOpen", {
          textDocument: { uri, languageId, version: 1, text: content },
        });
      },
      edit,
      change,
      async type(
        uri: string,
        offset: number,
        keys: string,
        afterKey?: (offset: number) => Promise<void>,
      ): Promise<number> {
        let cursor = offset;
        for (const key of keys) {
          edit(uri, cursor, cursor, key);
          cursor += key.length;
          await afterKey?.(cursor);
        }
        return cursor;
      },
      close(uri: string): void {
        documents.delete(uri);
        connection.notify("textDocument/didClose", { textDocument: { uri } });
      },
      textOf: (uri: string) => documentOf(uri).text.content,
      versionOf: (uri: string) => documentOf(uri).version,
      position: (uri: string, offset: number) => positionAt(documentOf(uri).text, offset, encoding),
      offset: (uri: string, position: Position) => offsetAt(documentOf(uri).text, position, encoding),
      request,
      async complete(uri: string, offset: number, context?: unknown): Promise<readonly CompletionItemLike[]> {
        const result = await request("textDocument/completion", {
          textDocument: { uri },
          position: positionAt(documentOf(uri).text, offset, encoding),
          ...(context === undefined ? {} : { context }),
        });
        const items = Array.isArray(result) ? result : listAt(result, "items");
        return items as readonly CompletionItemLike[];
      },
      async symbols(uri: string): Promise<readonly SymbolLike[]> {
        const result = await request("textDocument/documentSymbol", { textDocument: { uri } });
        return (result ?? []) as readonly SymbolLike[];
      },
      async findings(uri: string): Promise<readonly DiagnosticLike[]> {
        if (pullsDiagnostics(of) && isOn(initializeResult, "capabilities.diagnosticProvider")) {
          const result = await request("textDocument/diagnostic", { textDocument: { uri } });
          return listAt(result, "items") as readonly DiagnosticLike[];
        }
        const isVersioned = isOn(of.capabilities, "textDocument.publishDiagnostics.versionSupport");
        const newest = await until(`findings of ${uri} are pushed`, () => {
          const last = published(uri).at(-1);
          const isCurrent = !isVersioned || at(last, "version") === documentOf(uri).version;
          return last !== undefined && isCurrent ? last : undefined;
        });
        return listAt(newest, "diagnostics") as readonly DiagnosticLike[];
      },
      async codeActions(uri: string, diagnostics: readonly DiagnosticLike[]): Promise<readonly unknown[]> {
        const first = diagnostics[0];
        const whole = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
        const result = await request("textDocument/codeAction", {
          textDocument: { uri },
          range: first?.range ?? whole,
          context: { diagnostics },
        });
        return Array.isArray(result) ? result : [];
      },
      apply,
      published,
      async end(): Promise<void> {
        try {
          await request("shutdown");
          connection.notify("exit");
          const code = await within("the server exits", server.exited, DEADLINE_MS);
          if (code !== 0) throw new Error(`the server ended with ${code}: ${server.complaints()}`);
          judge(true);
        } finally {
          await server.destroy();
        }
      },
      async abandon(): Promise<void> {
        await server.destroy();
        judge(false);
      },
    },
  );
  return client;
}

function foldersOf(options: ClientOptions): readonly { uri: string; name: string }[] | null {
  if (options.folders === undefined || options.folders.length === 0) return null;
  return options.folders.map((uri) => ({ uri, name: uri.split("/").at(-1) ?? uri }));
}

function initializeParamsOf(options: ClientOptions, of: Profile): Readonly<Record<string, unknown>> {
  const folders = foldersOf(options);
  return {
    processId: process.pid,
    clientInfo: of.clientInfo,
    rootUri: folders?.[0]?.uri ?? null,
    ...(isOn(of.capabilities, "workspace.workspaceFolders") ? { workspaceFolders: folders } : {}),
    capabilities: of.capabilities,
    ...(options.initializationOptions === undefined
      ? {}
      : { initializationOptions: options.initializationOptions }),
    ...options.initializeParams,
  };
}
