// The protocol oracle: sees the bytes of both directions, keeps a model of the session, and collects violations of 17 checks.
import { createFrameReader } from "../frames.ts";
import { brief, isObject } from "../json.ts";
import { cancellationCheck } from "./checks/cancellation.ts";
import { capabilitiesCheck } from "./checks/capabilities.ts";
import { completionCheck } from "./checks/completion.ts";
import { editsCheck } from "./checks/edits.ts";
import { inlineCompletionCheck } from "./checks/inline-completion.ts";
import { phaseCheck } from "./checks/phase.ts";
import { positionsCheck } from "./checks/positions.ts";
import { progressCheck } from "./checks/progress.ts";
import { pullDiagnosticsCheck } from "./checks/pull-diagnostics.ts";
import { schemaCheck } from "./checks/schema-fit.ts";
import { semanticTokensCheck } from "./checks/semantic-tokens.ts";
import { structureCheck } from "./checks/structure.ts";
import { urisCheck } from "./checks/uris.ts";
import { versionsCheck } from "./checks/versions.ts";
import type { Check, CheckRun, Violation } from "./check.ts";
import { metaModel } from "./meta-model.ts";
import { findFault } from "./schema.ts";
import { createSessionModel } from "./session-model.ts";
import type { SessionModel } from "./session-model.ts";
import type { RequestId, ResponseError, Side, Traffic } from "./traffic.ts";

/** Checks 1 and 2 are the reading itself; 3 and 4 decide whether the content may be looked at. */
const FRAMING = 1;
const ENVELOPE = 2;
const IDLE = 17;
const contentChecks: readonly Check[] = [
  capabilitiesCheck,
  positionsCheck,
  versionsCheck,
  editsCheck,
  completionCheck,
  inlineCompletionCheck,
  progressCheck,
  cancellationCheck,
  pullDiagnosticsCheck,
  semanticTokensCheck,
  structureCheck,
  urisCheck,
];

export interface OracleOptions {
  readonly nowMs?: () => number;
  readonly onViolation?: (violation: Violation) => void;
}

export interface Oracle {
  fromClient(chunk: Uint8Array): void;
  fromServer(chunk: Uint8Array): void;
  /** Until `endQuiet` the server has nothing to say: any message of its own is a violation of check 17. */
  beginQuiet(): void;
  endQuiet(): void;
  /** `isClean`: the conversation ended by shutdown and exit, so that nothing may be left unanswered or open. */
  finish(isClean: boolean): void;
  readonly violations: readonly Violation[];
  /** Messages of both sides that were checked. */
  readonly messagesChecked: number;
  readonly session: SessionModel;
}

export function createOracle(options: OracleOptions = {}): Oracle {
  const nowMs = options.nowMs ?? (() => performance.now());
  const session = createSessionModel();
  const violations: Violation[] = [];
  let messagesChecked = 0;
  let isQuiet = false;
  let isFinished = false;

  const report = (check: number, sentence: string, message: unknown): void => {
    const violation = { check, sentence, message };
    violations.push(violation);
    options.onViolation?.(violation);
  };
  const open = (check: Check): CheckRun =>
    check.open(session, (sentence, message) => report(check.number, sentence, message));
  const schema = open(schemaCheck);
  const phase = open(phaseCheck);
  const runs = contentChecks.map(open);

  const take = (traffic: Traffic): void => {
    messagesChecked += 1;
    if (isQuiet && traffic.from === "server" && traffic.kind !== "response") {
      report(IDLE, "the server sent a message of its own while there was nothing to say", traffic.message);
    }
    const before = violations.length;
    // A message of the wrong time or shape is judged once; looking into it would only raise echoes.
    phase.inspect(traffic);
    if (violations.length === before) schema.inspect(traffic);
    if (violations.length === before) for (const run of runs) run.inspect(traffic);
    session.update(traffic);
  };

  const read = (from: Side, body: Buffer): void => {
    const text = body.toString("utf8");
    const isUtf8 = Buffer.from(text, "utf8").equals(body);
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch (error) {
      if (from === "client") session.noteClientFault();
      else report(FRAMING, `a body that is not JSON: ${String(error)}`, brief(text));
      return;
    }
    if (!isUtf8) {
      if (from === "client") session.noteClientFault();
      else report(FRAMING, "a body that is not UTF-8", brief(text));
    }
    const traffic = classify(from, message);
    if (traffic !== undefined) take(traffic);
  };

  const classify = (from: Side, message: unknown): Traffic | undefined => {
    const broken = (sentence: string): undefined => {
      if (from === "client") session.noteClientFault();
      else {
        messagesChecked += 1;
        report(ENVELOPE, sentence, message);
      }
    };
    if (!isObject(message)) return broken("a message that is not an object");
    // A server may be lenient here; whether it is, its answers tell.
    if (message["jsonrpc"] !== "2.0" && from === "server") return broken('a message without jsonrpc "2.0"');
    const { id, method } = message;
    const common = { from, message, atMs: nowMs() };
    const stray = Object.keys(message).find(
      (name) => !["jsonrpc", "id", "method", "params", "result", "error"].includes(name),
    );
    if (stray !== undefined && from === "server") return broken(`a message with the stray field ${stray}`);
    if (method !== undefined) {
      if (typeof method !== "string") return broken("a method that is not a string");
      if ("result" in message || "error" in message)
        return broken("a message that is both request and response");
      const params = message["params"];
      if (!("id" in message)) return { ...common, kind: "notification", method, params };
      if (typeof id !== "string" && !Number.isInteger(id))
        return broken("a request id that is neither integer nor string");
      const requestId = id as RequestId;
      if (session.pending(from, requestId) !== undefined && from === "server")
        return broken("a request id that is in use");
      const meta = metaModel.methods.get(method);
      const fault = meta?.params === undefined ? undefined : findFault(params, meta.params, "lenient");
      return {
        ...common,
        kind: "request",
        request: {
          id: requestId,
          from,
          method,
          params,
          phase: session.phase,
          moment: session.moment,
          sentAtMs: common.atMs,
          cancelledAtMs: undefined,
          partials: 0,
          paramsFault: fault?.isShape === true ? fault.sentence : undefined,
        },
      };
    }
    if (!("id" in message)) return broken("a message that is neither request, notification nor response");
    const hasResult = "result" in message;
    const hasError = "error" in message;
    if (hasResult === hasError) return broken("a response must have either a result or an error");
    const error = message["error"];
    if (hasError && !isResponseError(error)) return broken("an error without an integer code and a message");
    if (id === null) {
      const code = isResponseError(error) ? error.code : undefined;
      if (from === "server" && (!session.takeClientFault() || (code !== -32700 && code !== -32600))) {
        return broken("a response with id null, though every message of the client could be read");
      }
      messagesChecked += 1;
      return undefined;
    }
    if (!isId(id)) return broken("a response id of a type that ids do not have");
    const request = session.pending(from === "server" ? "client" : "server", id);
    if (request === undefined) {
      return broken("a response to a request that was never made or is already answered");
    }
    return {
      ...common,
      kind: "response",
      request,
      result: message["result"],
      error: isResponseError(error) ? error : undefined,
    };
  };

  const clientReader = createFrameReader(
    { onBody: (body) => read("client", body), onFault: () => session.noteClientFault() },
    false,
  );
  const serverReader = createFrameReader(
    {
      onBody: (body) => read("server", body),
      onFault: (sentence) => report(FRAMING, sentence, sentence),
    },
    true,
  );

  return {
    fromClient: (chunk) => clientReader.push(chunk),
    fromServer: (chunk) => serverReader.push(chunk),
    beginQuiet() {
      isQuiet = true;
    },
    endQuiet() {
      isQuiet = false;
    },
    finish(isClean) {
      if (isFinished) return;
      isFinished = true;
      if (!isClean) return;
      if (serverReader.pendingBytes > 0) {
        report(
          FRAMING,
          "the stream ended in the middle of a frame",
          `${serverReader.pendingBytes} bytes left`,
        );
      }
      for (const request of session.allPending("client")) {
        // A cancelled request that stays unanswered is told by the check on cancellation.
        if (request.cancelledAtMs === undefined)
          report(ENVELOPE, "a request was never answered", describe(request));
      }
      for (const run of runs) run.finish?.(isClean, nowMs());
    },
    violations,
    get messagesChecked() {
      return messagesChecked;
    },
    session,
  };
}

function describe(request: { readonly id: RequestId; readonly method: string }): string {
  return `${request.method} with id ${request.id}`;
}

function isId(id: unknown): id is RequestId {
  return typeof id === "string" || typeof id === "number";
}

function isResponseError(error: unknown): error is ResponseError {
  return isObject(error) && Number.isInteger(error["code"]) && typeof error["message"] === "string";
}

/** The violations as lines for a failed test. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations
    .map((violation) => `check ${violation.check}: ${violation.sentence}\n    ${brief(violation.message)}`)
    .join("\n");
}
