// Conversations broken on purpose, each in one way: framing, envelope, schema and phase. The number is the only check that may object.
import { profile } from "../../kit/profiles.ts";
import {
  uri,
  doc,
  text,
  range,
  at,
  completion,
  item,
  opened,
  complete,
  publish,
  without,
  progress,
} from "./parts.ts";
import type { Control } from "./parts.ts";

export const baseControls: readonly Control[] = [
  // 1: framing
  { check: 1, name: "text before a frame", say: (talk) => talk.raw("server", "loading model\n") },
  {
    check: 1,
    name: "a length in characters instead of bytes",
    say: (talk) => {
      const body = '{"jsonrpc":"2.0","method":"window/logMessage","params":{"type":3,"message":"äöü"}}';
      talk.raw("server", `Content-Length: ${body.length}\r\n\r\n${body}`);
      talk.raw("server", "Content-Length: 2\r\n\r\n");
    },
  },
  {
    check: 1,
    name: "a body that is not JSON",
    say: (talk) => talk.raw("server", "Content-Length: 3\r\n\r\n{a}"),
  },
  {
    check: 1,
    name: "a header of its own",
    say: (talk) => talk.raw("server", "Content-Size: 2\r\n\r\n{}"),
  },
  {
    check: 1,
    name: "a negative length",
    say: (talk) => talk.raw("server", "Content-Length: -2\r\n\r\n{}"),
  },
  {
    check: 1,
    name: "an end in the middle of a frame",
    say: (talk) => {
      talk.raw("server", "Content-Length: 20\r\n\r\n{");
      talk.finish();
    },
  },
  {
    check: 1,
    name: "bytes that are not UTF-8",
    say: (talk) => {
      const bytes = Buffer.from(
        '{"jsonrpc":"2.0","method":"window/logMessage","params":{"type":3,"message":"?"}}',
      );
      bytes[bytes.indexOf("?")] = 0xff;
      talk.raw("server", Buffer.concat([Buffer.from(`Content-Length: ${bytes.length}\r\n\r\n`), bytes]));
    },
  },
  // 2: envelope
  {
    check: 2,
    name: "two answers to one request",
    server: { hoverProvider: true },
    say: (talk) => {
      const id = talk.ask("textDocument/hover", at);
      talk.answer(id, null);
      talk.answer(id, null);
    },
  },
  { check: 2, name: "an answer to nothing", say: (talk) => talk.answer(99, null) },
  {
    check: 2,
    name: "an id of another type",
    server: { hoverProvider: true },
    say: (talk) => talk.answer(String(talk.ask("textDocument/hover", at)), null),
  },
  {
    check: 2,
    name: "result and error together",
    server: { hoverProvider: true },
    say: (talk) => {
      const id = talk.ask("textDocument/hover", at);
      talk.fromServer({ jsonrpc: "2.0", id, result: null, error: { code: 1, message: "" } });
    },
  },
  {
    check: 2,
    name: "neither result nor error",
    server: { hoverProvider: true },
    say: (talk) => talk.fromServer({ jsonrpc: "2.0", id: talk.ask("textDocument/hover", at) }),
  },
  {
    check: 2,
    name: "an error without a message",
    server: { hoverProvider: true },
    say: (talk) =>
      talk.fromServer({ jsonrpc: "2.0", id: talk.ask("textDocument/hover", at), error: { code: -32603 } }),
  },
  {
    check: 2,
    name: "no jsonrpc version",
    say: (talk) => talk.fromServer({ method: "window/logMessage", params: { type: 3, message: "" } }),
  },
  { check: 2, name: "a batch", say: (talk) => talk.fromServer([]) },
  {
    check: 2,
    name: "a request id that is in use",
    say: (talk) => {
      const id = talk.demand("workspace/workspaceFolders", undefined);
      talk.fromServer({ jsonrpc: "2.0", id, method: "workspace/workspaceFolders" });
    },
  },
  {
    check: 2,
    name: "a request left unanswered",
    server: { hoverProvider: true },
    say: (talk) => {
      talk.ask("textDocument/hover", at);
      talk.bye();
    },
  },
  {
    check: 2,
    name: "an answer with id null without a cause",
    say: (talk) =>
      talk.fromServer({ jsonrpc: "2.0", id: null, error: { code: -32700, message: "could not be read" } }),
  },
  {
    check: 2,
    name: "a stray field beside the message",
    say: (talk) =>
      talk.fromServer({ jsonrpc: "2.0", method: "telemetry/event", params: {}, server: "of its own" }),
  },
  // 3: schema
  {
    check: 3,
    name: "a field that the protocol does not know",
    server: completion,
    say: complete(item({ score: 1 })),
  },
  { check: 3, name: "a field missing", server: completion, say: complete({ kind: 3 }) },
  {
    check: 3,
    name: "a negative position",
    server: { definitionProvider: true },
    say: opened("textDocument/definition", at, { uri, range: range(0, -1, 0, 2) }),
  },
  {
    check: 3,
    name: "a server capability of its own",
    isBare: true,
    say: (talk) =>
      talk.exchange(
        "initialize",
        { processId: 1, rootUri: null, capabilities: {} },
        {
          capabilities: { astProvider: true },
        },
      ),
  },
  {
    check: 3,
    name: "a notification with wrong params",
    say: (talk) => publish(talk, { uri, diagnostics: [{ message: "no range" }] }),
  },
  { check: 3, name: "a notification of its own", say: (talk) => talk.say("hearth/hello", {}) },
  {
    check: 3,
    name: "a client's method sent by the server",
    say: (talk) => talk.say("textDocument/didSave", doc),
  },
  {
    check: 3,
    name: "registration options that do not fit",
    say: (talk) =>
      talk.demand(
        "client/registerCapability",
        {
          registrations: [
            { id: "1", method: "workspace/didChangeWatchedFiles", registerOptions: { watchers: [{}] } },
          ],
        },
        null,
      ),
  },
  {
    check: 3,
    name: "a partial result that does not fit",
    server: { documentSymbolProvider: true },
    say: (talk) => {
      talk.open(uri, text);
      const id = talk.ask("textDocument/documentSymbol", { ...doc, partialResultToken: "p" });
      progress(talk, "p", [{ name: "total" }]);
      talk.answer(id, []);
    },
  },
  {
    check: 3,
    name: "a progress value that is none",
    say: (talk) => {
      talk.demand("window/workDoneProgress/create", { token: "t" }, null);
      progress(talk, "t", { kind: "begin" });
    },
  },
  {
    check: 3,
    name: "null params answered",
    server: { hoverProvider: true },
    say: (talk) => talk.exchange("textDocument/hover", null, null),
  },
  {
    check: 3,
    name: "null params refused with an internal error",
    server: { hoverProvider: true },
    say: (talk) => talk.refuse(talk.ask("textDocument/hover", null), -32603),
  },
  {
    check: 3,
    name: "an unknown method of the protocol's own space answered",
    say: (talk) => talk.exchange("$/unknown", {}, null),
  },
  // 4: phase
  {
    check: 4,
    name: "a request answered before initialize",
    isBare: true,
    say: (talk) => talk.exchange("textDocument/hover", at, null),
  },
  {
    check: 4,
    name: "a request before initialize refused as unknown",
    isBare: true,
    say: (talk) => talk.refuse(talk.ask("textDocument/hover", at), -32601),
  },
  {
    check: 4,
    name: "a log line before initialize",
    isBare: true,
    say: (talk) => talk.say("window/logMessage", { type: 3, message: "hello" }),
  },
  {
    check: 4,
    name: "a registration before the answer to initialize",
    isBare: true,
    say: (talk) => {
      talk.ask("initialize", {
        processId: 1,
        rootUri: null,
        capabilities: profile("vscode-like").capabilities,
      });
      talk.demand("client/registerCapability", { registrations: [] });
    },
  },
  {
    check: 4,
    name: "a second initialize answered",
    say: (talk) =>
      talk.exchange("initialize", { processId: 1, rootUri: null, capabilities: {} }, { capabilities: {} }),
  },
  {
    check: 4,
    name: "a request after shutdown answered",
    server: { hoverProvider: true },
    say: (talk) => {
      talk.exchange("shutdown", undefined, null);
      talk.exchange("textDocument/hover", at, null);
    },
  },
  {
    check: 4,
    name: "a second shutdown answered",
    say: (talk) => {
      talk.exchange("shutdown", undefined, null);
      talk.exchange("shutdown", undefined, null);
    },
  },
  {
    check: 4,
    name: "diagnostics after shutdown",
    ...without({ textDocument: { diagnostic: undefined } }),
    say: (talk) => {
      talk.exchange("shutdown", undefined, null);
      publish(talk, { uri, diagnostics: [] });
    },
  },
  {
    check: 4,
    name: "a message box after exit",
    say: (talk) => {
      talk.exchange("shutdown", undefined, null);
      talk.tell("exit");
      talk.say("window/showMessage", { type: 3, message: "bye" });
    },
  },
];
