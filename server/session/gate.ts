// The lifecycle guard in front of the library: decides for each body whether it is let in, answered here, or dropped.
import { isRecord } from "../kernel/index.ts";
import { errorCodes, initializeParams, cancelRequestParams, parseWith } from "../protocol/index.ts";
import type { InitializeParams } from "../protocol/index.ts";
import type { Log } from "../platform/index.ts";
import type { NotificationArrival, RequestArrival, RequestId } from "./arrivals.ts";
import type { OutgoingMessage } from "./outbox.ts";
import type { NotificationRoute, RequestRoute } from "./route.ts";
import type { SessionStatus } from "./session.ts";

/** `exiting`: the client said that it will not read any more; what it said before is still handled. */
export type Phase = SessionStatus["phase"] | "exiting";

export interface GateDeps {
  /** Hands a message to the library, which keeps the order. */
  readonly deliver: (message: Deliverable) => void;
  /** Sends straight to the client, past the library. */
  readonly send: (message: OutgoingMessage) => void;
  readonly requestRoute: (method: string) => RequestRoute | undefined;
  readonly notificationRoute: (method: string) => NotificationRoute | undefined;
  /** Sees every routed request at the moment when it arrives, before those that wait in the library's queue are run. */
  readonly onArrival: (arrival: RequestArrival) => void;
  /** A message was handed to the library; what is returned is called when its turn has come, or never will. */
  readonly onWaiting: () => () => void;
  /** `exit` was let in: nothing may be sent any more. */
  readonly onExit: () => void;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** What the library gets to see: tickets instead of params, so that nothing foreign reaches its code. */
export interface Deliverable {
  readonly jsonrpc: "2.0";
  readonly method?: string;
  readonly id?: number | string;
  readonly params?: object;
  readonly result?: unknown;
  readonly error?: unknown;
}

export interface Gate {
  receive(body: Uint8Array): void;
  /** Everything that the library sends passes here: ids are mapped back, each request is answered at most once. */
  release(message: OutgoingMessage): void;
  takeRequest(ticket: number): RequestArrival | undefined;
  takeNotification(ticket: number): NotificationArrival | undefined;
  /** Valid while `initialize` is being answered. */
  initialize(): InitializeParams | undefined;
  /** Requests that have no answer yet, oldest first. */
  unanswered(): readonly RequestArrival[];
  /** Answers a request here, past the library; its later answer is dropped. */
  answer(arrival: RequestArrival, result: unknown): void;
  phase(): Phase;
  end(): void;
}

export function createGate(deps: GateDeps): Gate {
  let phase: Phase = "waiting";
  let lastTicket = 0;
  let initializing: InitializeParams | undefined;
  const waiting = new Map<number, RequestArrival>();
  const tickets = new Map<RequestId, number>();
  const notifications = new Map<number, NotificationArrival>();
  const asked = new Set<unknown>();
  /** Messages in the library's queue, by ticket. */
  const queued = new Map<number, () => void>();
  const dequeue = (ticket: number): void => {
    queued.get(ticket)?.();
    queued.delete(ticket);
  };

  const refuse = (id: RequestId | null, code: number, message: string): void => {
    deps.log.info({ code, id: id === null ? "none" : "given" }, `refused: ${message}`);
    deps.send({ jsonrpc: "2.0", id, error: { code, message } });
  };

  const admitRequest = (id: RequestId, method: string, params: unknown): void => {
    if (tickets.has(id)) {
      refuse(
        id,
        errorCodes.invalidRequest,
        `a request with the id ${JSON.stringify(id)} is still being answered`,
      );
      return;
    }
    const problem = phaseProblem(phase, method);
    if (problem !== undefined) {
      refuse(id, problem.code, problem.message);
      return;
    }
    let work: RequestArrival["work"];
    if (method === "initialize") {
      const parsed = parseWith(initializeParams, params);
      if (!parsed.ok) {
        refuse(id, errorCodes.invalidParams, parsed.failure);
        return;
      }
      initializing = parsed.value;
      phase = "initializing";
    } else if (method === "shutdown") {
      phase = "shut-down";
    } else {
      const route = deps.requestRoute(method);
      if (route === undefined) {
        refuse(id, errorCodes.methodNotFound, `hearth has no method ${JSON.stringify(method)}`);
        return;
      }
      const accepted = route.accept(params);
      if (!accepted.ok) {
        refuse(id, errorCodes.invalidParams, accepted.failure);
        return;
      }
      work = { route, accepted: accepted.value };
    }
    lastTicket += 1;
    const arrival: RequestArrival = {
      kind: "request",
      ticket: lastTicket,
      clientId: id,
      method,
      arrivedMs: deps.nowMs(),
      work,
      earlyEnd: undefined,
      onEarlyEnd: undefined,
    };
    waiting.set(arrival.ticket, arrival);
    tickets.set(id, arrival.ticket);
    if (work !== undefined) queued.set(arrival.ticket, deps.onWaiting());
    deps.onArrival(arrival);
    deps.deliver({
      jsonrpc: "2.0",
      id: arrival.ticket,
      method,
      params: libraryParams(arrival, initializing),
    });
  };

  const admitNotification = (method: string, params: unknown): void => {
    if (method === "exit") {
      phase = "exiting";
      deps.onExit();
      deps.deliver({ jsonrpc: "2.0", method, params: {} });
      return;
    }
    if (phase !== "running") {
      deps.log.info({ method, phase }, "dropped: a notification outside the running phase");
      return;
    }
    if (method === "$/cancelRequest") {
      const parsed = parseWith(cancelRequestParams, params);
      const ticket = parsed.ok ? tickets.get(parsed.value.id) : undefined;
      if (ticket !== undefined) deps.deliver({ jsonrpc: "2.0", method, params: { id: ticket } });
      return;
    }
    const route = deps.notificationRoute(method);
    if (route === undefined) {
      deps.log.debug({ method }, "dropped: an unknown notification");
      return;
    }
    const accepted = route.accept(params);
    if (!accepted.ok) {
      deps.log.warn({ method, problem: accepted.failure }, "dropped: a notification of the wrong shape");
      return;
    }
    lastTicket += 1;
    notifications.set(lastTicket, {
      kind: "notification",
      route,
      arrivedMs: deps.nowMs(),
      apply: accepted.value,
    });
    queued.set(lastTicket, deps.onWaiting());
    deps.deliver({ jsonrpc: "2.0", method, params: { ticket: lastTicket } });
  };

  const admitResponse = (id: unknown, message: Readonly<Record<string, unknown>>): void => {
    if (!asked.delete(id)) {
      deps.log.info({}, "dropped: a response to a request that was never sent");
      return;
    }
    const error = message["error"];
    const isError = isRecord(error) && typeof error["code"] === "number";
    deps.deliver({
      jsonrpc: "2.0",
      id: typeof id === "number" ? id : String(id),
      ...(isError
        ? { error: { code: error["code"], message: String(error["message"]) } }
        : { result: message["result"] ?? null }),
    });
  };

  const admit = (message: unknown): void => {
    if (!isRecord(message)) {
      const reason = Array.isArray(message)
        ? "LSP has no batches: send the messages one by one"
        : "a message must be a JSON object";
      refuse(null, errorCodes.invalidRequest, reason);
      return;
    }
    const { method, id, params } = message;
    if (typeof method === "string") {
      if (id === undefined) admitNotification(method, params);
      else if (isRequestId(id)) admitRequest(id, method, params);
      else refuse(null, errorCodes.invalidRequest, "the id of a request must be a string or an integer");
    } else if (isRequestId(id) && (message["result"] !== undefined || message["error"] !== undefined)) {
      admitResponse(id, message);
    } else {
      // Its id may be that of an answer gone wrong, so it is not answered under it.
      refuse(
        null,
        errorCodes.invalidRequest,
        "a message that is neither a request, nor a notification, nor an answer",
      );
    }
  };

  const settle = (arrival: RequestArrival): void => {
    waiting.delete(arrival.ticket);
    dequeue(arrival.ticket);
    if (tickets.get(arrival.clientId) === arrival.ticket) tickets.delete(arrival.clientId);
  };

  return {
    receive(body) {
      if (phase === "ended" || phase === "exiting") return;
      let message: unknown;
      try {
        message = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
      } catch (error) {
        refuse(null, errorCodes.parseError, `a body that is not JSON in UTF-8: ${shorten(String(error))}`);
        return;
      }
      admit(message);
    },

    release(message) {
      if (message.method !== undefined) {
        if (message.id !== undefined) asked.add(message.id);
        deps.send(message);
        return;
      }
      const arrival = waiting.get(Number(message.id));
      if (arrival === undefined) return;
      settle(arrival);
      if (arrival.method === "initialize" && phase === "initializing") {
        initializing = undefined;
        phase = Reflect.has(message, "error") ? "waiting" : "running";
      }
      deps.send({ ...message, id: arrival.clientId });
    },

    takeRequest(ticket) {
      dequeue(ticket);
      return waiting.get(ticket);
    },
    takeNotification(ticket) {
      dequeue(ticket);
      const arrival = notifications.get(ticket);
      notifications.delete(ticket);
      return arrival;
    },
    initialize: () => initializing,
    unanswered: () => [...waiting.values()],
    answer(arrival, result) {
      if (!waiting.has(arrival.ticket)) return;
      settle(arrival);
      deps.send({ jsonrpc: "2.0", id: arrival.clientId, result: result ?? null });
    },
    phase: () => phase,
    end() {
      phase = "ended";
      for (const ticket of [...queued.keys()]) dequeue(ticket);
    },
  };
}

function phaseProblem(
  phase: Phase,
  method: string,
): { readonly code: number; readonly message: string } | undefined {
  switch (phase) {
    case "waiting":
      return method === "initialize"
        ? undefined
        : { code: errorCodes.serverNotInitialized, message: "hearth waits for initialize" };
    case "initializing":
      return method === "initialize"
        ? { code: errorCodes.invalidRequest, message: "initialize may be sent once" }
        : { code: errorCodes.serverNotInitialized, message: "hearth is still answering initialize" };
    case "running":
      return method === "initialize"
        ? { code: errorCodes.invalidRequest, message: "initialize may be sent once" }
        : undefined;
    case "shut-down":
    case "exiting":
    case "ended":
      return { code: errorCodes.invalidRequest, message: "the session was shut down" };
  }
}

/** The library reads `initialize` itself: it gets what it needs and no capabilities, so that it adds nothing of its own. */
function libraryParams(arrival: RequestArrival, initializing: InitializeParams | undefined): object {
  if (arrival.method !== "initialize") return { ticket: arrival.ticket };
  return { processId: null, rootUri: null, capabilities: {}, trace: initializing?.trace ?? "off" };
}

function isRequestId(id: unknown): id is RequestId {
  return typeof id === "string" || (typeof id === "number" && Number.isInteger(id));
}

function shorten(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 120)}…`;
}
