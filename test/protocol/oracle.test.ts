// The oracle itself: each broken conversation is caught by exactly the intended check, and clean ones by none.
import { describe, expect, test } from "vitest";
import { connectClient, startClient } from "../kit/client.ts";
import { converse } from "../kit/conversation.ts";
import { describeViolations } from "../kit/oracle/oracle.ts";
import { metaModel } from "../kit/oracle/meta-model.ts";
import { findFault } from "../kit/oracle/schema.ts";
import { profiles, profile } from "../kit/profiles.ts";
import { toyMode } from "../kit/toy-server.ts";
import { baseControls } from "./controls/base-protocol.ts";
import { capabilityControls } from "./controls/capabilities.ts";
import { contentControls } from "./controls/content.ts";
import { flowControls } from "./controls/flow.ts";

const controls = [...baseControls, ...capabilityControls, ...contentControls, ...flowControls];

describe("a broken conversation is caught by the intended check alone", () => {
  test.each(controls.map((control) => [`${control.check}: ${control.name}`, control] as const))(
    "%s",
    (_name, control) => {
      const violations = converse(control, control.say);
      const numbers = [...new Set(violations.map((violation) => violation.check))];
      expect(numbers, describeViolations(violations)).toEqual([control.check]);
    },
  );

  test("every check has its control", () => {
    const covered = [...new Set(controls.map((control) => control.check))].sort((a, b) => a - b);
    expect(covered).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
    expect(new Set(controls.map((control) => control.name)).size).toBe(controls.length);
  });
});

describe("a clean conversation trips nothing", () => {
  test.each(profiles.map((entry) => [entry.name, entry] as const))("with %s", (_name, client) => {
    const uri = "file:///w/a.py";
    const position = { line: 1, character: 7 };
    const violations = converse(
      { client, server: { completionProvider: {}, hoverProvider: true } },
      (talk) => {
        talk.open(uri, "def f():\n    ret\n");
        talk.exchange("textDocument/completion", { textDocument: { uri }, position }, [
          {
            label: "return",
            kind: 14,
            textEdit: { range: { start: { line: 1, character: 4 }, end: position }, newText: "return" },
          },
        ]);
        const hover = talk.ask("textDocument/hover", { textDocument: { uri }, position });
        talk.tell("$/cancelRequest", { id: hover });
        talk.refuse(hover, -32800);
        talk.refuse(talk.ask("textDocument/hover", null), -32602);
        talk.refuse(talk.ask("$/unknown"), -32601);
        talk.tell("textDocument/didClose", { textDocument: { uri } });
        const shutdown = talk.ask("shutdown");
        const late = talk.ask("textDocument/hover", { textDocument: { uri }, position });
        talk.answer(shutdown, null);
        talk.refuse(late, -32600);
        talk.tell("exit");
        talk.finish();
      },
    );
    expect(describeViolations(violations)).toBe("");
  });

  test("progress, registration, edits and diagnostics in their proper form", () => {
    const uri = "file:///w/a.py";
    const violations = converse({ client: "coc", server: {} }, (talk) => {
      talk.demand("window/workDoneProgress/create", { token: 7 }, null);
      talk.say("$/progress", { token: 7, value: { kind: "begin", title: "loading", percentage: 0 } });
      talk.say("$/progress", { token: 7, value: { kind: "report", percentage: 50 } });
      talk.say("$/progress", { token: 7, value: { kind: "end" } });
      const registrations = [{ id: "1", method: "workspace/didChangeConfiguration", registerOptions: {} }];
      talk.demand("client/registerCapability", { registrations }, null);
      talk.open(uri, "x = (\n");
      const range = { start: { line: 0, character: 4 }, end: { line: 0, character: 5 } };
      talk.say("textDocument/publishDiagnostics", {
        uri,
        version: 1,
        diagnostics: [{ range, message: "unclosed" }],
      });
      talk.demand(
        "workspace/applyEdit",
        {
          edit: {
            documentChanges: [
              {
                textDocument: { uri, version: 1 },
                edits: [{ range: { start: range.end, end: range.end }, newText: ")" }],
              },
            ],
          },
        },
        { applied: true },
      );
      talk.bye();
    });
    expect(describeViolations(violations)).toBe("");
  });

  test("what a client sends wrong may be answered with id null", () => {
    const violations = converse({}, (talk) => {
      talk.raw("client", "Content-Length: 5\r\n\r\n{bad}");
      talk.fromServer({ jsonrpc: "2.0", id: null, error: { code: -32700, message: "could not be read" } });
      talk.raw("client", "Content-Length: 2\r\n\r\n[]");
      talk.fromServer({ jsonrpc: "2.0", id: null, error: { code: -32600, message: "a batch" } });
      talk.bye();
    });
    expect(describeViolations(violations)).toBe("");
  });
});

describe("the schemas", () => {
  test("every method compiles, strict and lenient", () => {
    for (const meta of metaModel.methods.values()) {
      for (const type of [
        meta.params,
        meta.result,
        meta.partialResult,
        meta.registrationOptions,
        meta.errorData,
      ]) {
        if (type === undefined) continue;
        for (const strictness of ["strict", "lenient"] as const) findFault(undefined, type, strictness);
      }
    }
    expect(metaModel.methods.size).toBe(95);
  });

  test("every recorded client's capabilities fit the protocol, lenient on what they add", () => {
    for (const client of profiles) {
      const fault = findFault(
        client.capabilities,
        { kind: "reference", name: "ClientCapabilities" },
        "lenient",
      );
      expect(fault?.isShape ?? false, `${client.name}: ${fault?.sentence ?? ""}`).toBe(false);
    }
  });
});

describe("a toy server of the usual make", () => {
  test("answers the fake client without a violation", async () => {
    const client = await startClient({ mode: toyMode, profile: profile("vscode") });
    const uri = "file:///w/a.py";
    client.open(uri, "def one():\n    pass  # TODO\n");
    expect((await client.findings(uri)).map((finding) => finding.message)).toEqual([
      "something is left to do",
    ]);
    const cursor = await client.type(uri, client.textOf(uri).length, "def two():\n");
    expect((await client.symbols(uri)).map((symbol) => symbol.name)).toEqual(["one", "two"]);
    expect((await client.complete(uri, cursor)).map((item) => item.label)).toContain("two");
    await client.end();
    expect(client.oracle.messagesChecked).toBeGreaterThan(20);
  });

  test("trips the phase checks that its library leaves to the server", async () => {
    const client = await connectClient({ mode: toyMode });
    const early = client.send("textDocument/documentSymbol", { textDocument: { uri: "file:///w/a.py" } });
    await early.answer;
    await client.handshake();
    await client.send("initialize", { processId: null, rootUri: null, capabilities: {} }).answer;
    await client.send("shutdown").answer;
    await client.send("textDocument/documentSymbol", { textDocument: { uri: "file:///w/a.py" } }).answer;
    await client.send("shutdown").answer;
    expect(client.oracle.violations.map((violation) => violation.check)).toEqual([4, 4, 4, 4]);
    await client.server.destroy();
  });
});
