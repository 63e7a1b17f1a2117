// Puts one session together: stream, gate, library connection, state, answers, and an end that happens once.
import type { InitializeResult } from "vscode-languageserver";
import { describeError } from "../kernel/index.ts";
import { readClientProfile } from "../protocol/index.ts";
import type { ClientProfile, InitializeParams } from "../protocol/index.ts";
import { createFrameDecoder } from "../wire/index.ts";
import { answerRequest } from "./answering.ts";
import { endEarly } from "./arrivals.ts";
import { createBreakers } from "./breakers.ts";
import { createClientCalls } from "./client-calls.ts";
import { createGate } from "./gate.ts";
import { openLibraryConnection } from "./library.ts";
import { createNotices } from "./notices.ts";
import { openState } from "./open-state.ts";
import type { OpenedState } from "./open-state.ts";
import { createOutbox } from "./outbox.ts";
import { createRequestLog } from "./request-log.ts";
import type { Offer, RequestContext } from "./route.ts";
import { notificationRoutes, requestRoutes, serverCapabilities } from "./routes.ts";
import type { OpenSession, SessionDeps } from "./session.ts";
import { createSupersession } from "./supersession.ts";

/** How long the last answers may take to leave when the session ends. */
const LAST_FLUSH_MS = 500;
/** How long `initialize` waits for settings files; a network folder that hangs must not keep an editor waiting. */
const SETTINGS_PATIENCE_MS = 1000;

export const openSession: OpenSession = (id, stream, deps) => {
  const log = deps.log.child({ session: id });
  const { clock, bugs } = deps;
  const offer = offerOf(deps);
  const nobody: ClientProfile = readClientProfile("", {});
  let opened: OpenedState | undefined;
  let shutdownSeen = false;
  let isEnding = false;
  let finish: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    finish = resolve;
  });

  const outbox = createOutbox(stream, log, (reason) => close(1, reason));
  const calls = createClientCalls({ connection: () => library.connection, clock, log });
  const notices = createNotices({ calls, clock, log });
  const requestLog = createRequestLog(log, calls);
  const supersession = createSupersession();
  const breakers = createBreakers((method, language) =>
    notices.show(
      "warning",
      `${method} ${language === "" ? "" : `for ${language} `}failed several times and is switched off until the editor is restarted; \`hearth doctor\` shows why.`,
    ),
  );
  const gate = createGate({
    deliver: (message) => library.deliver(message),
    send: (message) => outbox.send(message),
    requestRoute(method) {
      const route = requestsByMethod.get(method);
      // What was not offered to this client does not exist for it.
      return route?.capability(client(), offer) === undefined ? undefined : route;
    },
    notificationRoute: (method) => notificationsByMethod.get(method),
    onArrival: (arrival) => supersession.arrived(arrival),
    onWaiting: () => deps.foreground.arrive(),
    onExit: () => outbox.close(),
    nowMs: () => clock.nowMs(),
    log,
  });
  const library = openLibraryConnection({
    release: (message) => gate.release(message),
    onExit: () => close(shutdownSeen ? 0 : 1, "the client sent exit"),
    log,
  });

  const client = (): ClientProfile => opened?.state.client ?? nobody;

  const contextFor = (uri: string, signal: AbortSignal): RequestContext | undefined => {
    const snapshot = opened?.state.documents.get(uri);
    if (opened === undefined || snapshot === undefined) return undefined;
    const { documents } = opened.state;
    return {
      deps,
      client: opened.state.client,
      settings: opened.settings.current(),
      snapshot,
      latest: () => documents.get(uri),
      openDocuments: documents.all(),
      editedAgoMs: opened.state.editTimes.sinceMs(snapshot.id),
      signal,
    };
  };

  const initialize = async (params: InitializeParams): Promise<InitializeResult> => {
    const next = openState(params, {
      id,
      deps: { ...deps, log },
      calls,
      notices,
      setTrace: (value) => requestLog.setTrace(value),
      onEdited: (uri, changes) => supersession.edited(uri, changes),
      onParentGone: () => close(shutdownSeen ? 0 : 1, "the process of the editor is gone"),
    });
    opened = next;
    await Promise.race([
      next.settled,
      new Promise<void>((resolve) => clock.schedule(SETTINGS_PATIENCE_MS, resolve)),
    ]);
    const { name, positionEncoding } = next.state.client;
    log.info({ client: name, encoding: positionEncoding }, "a client was initialized");
    return {
      capabilities: serverCapabilities(next.state.client, offer),
      serverInfo: { name: "hearth", version: deps.serverVersion },
    };
  };

  const close = (code: number, reason: string): void => {
    if (isEnding) return;
    isEnding = true;
    log.info({ code, reason }, "the session ended");
    for (const arrival of gate.unanswered()) {
      const { work } = arrival;
      gate.answer(arrival, work?.route.empty(client(), work.accepted.params));
      endEarly(arrival, "ended");
    }
    notices.close();
    opened?.dispose();
    calls.close();
    gate.end();
    const isFlushed = outbox.flush();
    library.dispose();
    const isLate = new Promise<void>((resolve) => clock.schedule(LAST_FLUSH_MS, resolve));
    void Promise.race([isFlushed, isLate]).then(() => {
      outbox.close();
      stream.end();
      finish(code);
    });
  };

  const { connection } = library;
  connection.onInitialize(() => {
    const params = gate.initialize();
    if (params === undefined) throw new Error("initialize came without its parameters");
    return initialize(params);
  });
  connection.onShutdown(async () => {
    shutdownSeen = true;
    for (const arrival of gate.unanswered()) endEarly(arrival, "ended");
    notices.close();
    opened?.dispose();
    calls.close();
    // Lets the answers that were just given leave first.
    await clock.yieldTurn();
  });
  connection.onRequest((_method: string, params: unknown, cancel) => {
    const arrival = gate.takeRequest(ticketOf(params));
    if (arrival === undefined) return null;
    if (cancel.isCancellationRequested) endEarly(arrival, "cancelled");
    cancel.onCancellationRequested(() => endEarly(arrival, "cancelled"));
    return answerRequest(arrival, {
      clock,
      log,
      bugs,
      client,
      contextFor,
      breakers,
      onAnswered(record) {
        supersession.answered(arrival);
        requestLog.answered(record);
      },
    });
  });
  const onNotification = (method: string, params: unknown): void => {
    const arrival = gate.takeNotification(ticketOf(params));
    if (arrival === undefined || opened === undefined) return;
    const startedMs = clock.nowMs();
    try {
      arrival.apply(opened.state);
    } catch (error) {
      bugs.report(`notification ${method}`, error);
      log.error({ method, error: describeError(error) }, "a notification failed");
    }
    requestLog.turn(method, clock.nowMs() - startedMs);
  };
  connection.onNotification(onNotification);
  // The one notification for which the library has a handler of its own; ours takes its place.
  connection.onNotification("$/setTrace", (params: unknown) => onNotification("$/setTrace", params));
  connection.listen();

  const decoder = createFrameDecoder();
  stream.listen(
    (bytes) => {
      for (const event of decoder.push(bytes)) {
        if (event.kind === "frame") {
          gate.receive(event.body);
          continue;
        }
        const reason = `the client's stream is broken: ${event.reason}`;
        if (gate.phase() === "running")
          calls.tell("window/logMessage", { type: 1, message: `hearth: ${reason}` });
        close(1, reason);
      }
    },
    (reason) => {
      // After `exit` the end of the stream says nothing new; the exit itself is still in the queue.
      if (gate.phase() === "exiting") return;
      const truncated = decoder.end();
      close(shutdownSeen ? 0 : 1, truncated?.kind === "broken" ? truncated.reason : reason);
    },
  );

  return {
    status: () => ({
      id,
      clientName: client().name,
      phase: statusPhase(gate.phase()),
      folders: opened?.state.folders.list().map((folder) => folder.uri) ?? [],
      openDocuments: opened?.state.documents.all().length ?? 0,
      requestsInFlight: gate.unanswered().length,
      settingsProblems: opened?.settings.problems() ?? [],
      latencies: requestLog.latencies(),
    }),
    ended,
    end: (reason) => close(shutdownSeen ? 0 : 1, reason),
  };
};

const requestsByMethod: ReadonlyMap<string, (typeof requestRoutes)[number]> = new Map(
  requestRoutes.map((route) => [route.method, route]),
);
const notificationsByMethod: ReadonlyMap<string, (typeof notificationRoutes)[number]> = new Map(
  notificationRoutes.map((route) => [route.method, route]),
);

function statusPhase(
  phase: ReturnType<ReturnType<typeof createGate>["phase"]>,
): "waiting" | "initializing" | "running" | "shut-down" | "ended" {
  return phase === "exiting" ? "ended" : phase;
}

function offerOf(deps: SessionDeps): Offer {
  const operators = deps.syntax.languages.all.flatMap((language) => language.memberOperators);
  return { triggerCharacters: [...new Set(operators.map((operator) => operator.slice(-1)))] };
}

function ticketOf(params: unknown): number {
  const ticket: unknown =
    typeof params === "object" && params !== null ? Reflect.get(params, "ticket") : undefined;
  return typeof ticket === "number" ? ticket : -1;
}
