// A small server in the usual style of its library, with nothing of our own: it shows which checks a plain server trips.
import { PassThrough } from "node:stream";
import { createConnection } from "vscode-languageserver";
import {
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentSyncKind,
  TextDocuments,
  createProtocolConnection,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { ByteStream } from "../../server/session/index.ts";
import type { Mode, ServerUnderTest } from "./modes.ts";
import { createStreamPair } from "./streams.ts";

/** Serves one client; resolves with the exit code. */
function runToyServer(stream: ByteStream): Promise<number> {
  const input = new PassThrough();
  const output = new PassThrough();
  let isEnding = false;
  output.on("data", (chunk: Buffer) => void stream.write(chunk));
  return new Promise((resolve) => {
    const exit = (code: number): void => {
      if (isEnding) return;
      isEnding = true;
      resolve(code);
      setImmediate(() => stream.end());
    };
    let hasShutDown = false;
    const connection = createConnection(
      (logger) =>
        createProtocolConnection(new StreamMessageReader(input), new StreamMessageWriter(output), logger),
      {
        initialize: () => undefined,
        get shutdownReceived() {
          return hasShutDown;
        },
        set shutdownReceived(value: boolean) {
          hasShutDown = value;
        },
        exit,
      },
    );
    stream.listen(
      (chunk) => input.write(chunk),
      () => exit(1),
    );
    const documents = new TextDocuments(TextDocument);
    connection.onInitialize(() => ({
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        completionProvider: {},
        documentSymbolProvider: true,
      },
    }));
    connection.onCompletion(({ textDocument }) => {
      const words = documents.get(textDocument.uri)?.getText().match(/\w+/g) ?? [];
      return [...new Set(words)].map((label) => ({ label }));
    });
    connection.onDocumentSymbol(({ textDocument }) => {
      const document = documents.get(textDocument.uri);
      if (document === undefined) return [];
      return [...document.getText().matchAll(/^def (\w+)/gm)].map((match) => ({
        name: match[1] ?? "",
        kind: 12,
        location: {
          uri: textDocument.uri,
          range: {
            start: document.positionAt(match.index),
            end: document.positionAt(match.index + match[0].length),
          },
        },
      }));
    });
    documents.onDidChangeContent(({ document }) => {
      const at = document.getText().indexOf("TODO");
      const range = { start: document.positionAt(at), end: document.positionAt(at + 4) };
      void connection.sendDiagnostics({
        uri: document.uri,
        version: document.version,
        diagnostics: at < 0 ? [] : [{ range, message: "something is left to do" }],
      });
    });
    documents.listen(connection);
    connection.listen();
  });
}

export const toyMode: Mode = {
  name: "toy",
  start(): Promise<ServerUnderTest> {
    const { client, server } = createStreamPair();
    const exited = runToyServer(server);
    return Promise.resolve({
      stream: client,
      exited,
      destroy: async () => {
        client.end();
        await exited;
      },
      complaints: () => "",
      pid: undefined,
    });
  },
};
