// Puts one session together: stream, gate, library connection, documents, answers, and an end that happens once.
import { createHistogram, describeError } from "../kernel/index.ts";
import type { Histogram } from "../kernel/index.ts";
import { readClientProfile } from "../protocol/index.ts";
import type { ClientProfile, InitializeParams } from "../protocol/index.ts";
import type { InitializeResult } from "vscode-languageserver";
import { createFrameDecoder } from "../wire/index.ts";
import { createDocumentStore } from "../workspace/index.ts";
import type { WorkspaceFolder } from "../workspace/index.ts";
import { answerRequest } from "./answering.ts";
import type { RequestRecord } from "./answering.ts";
import { endEarly } from "./arrivals.ts";
import type { RequestArrival } from "./arrivals.ts";
import { createDiagnosticsDelivery } from "./diagnostics-delivery.ts";
import { createGate } from "./gate.ts";
import { openLibraryConnection } from "./library.ts";
import { createOutbox } from "./outbox.ts";
import type { RequestContext } from "./route.ts";
import { notificationRoutes, requestRoutes, serverCapabilities } from "./routes.ts";
import type { OpenSession } from "./session.ts";
import type { SessionState } from "./state.ts";

/** How long the last answers may take to leave when the session ends. */
const LAST_FLUSH_MS = 500;
const LONG_TURN_MS = 50;

export const openSession: OpenSession = (id, stream, deps) => {
  const log = deps.log.child({ session: id });
  const outbox = createOutbox(stream, log);
  const latencies = new Map<string, Histogram>();
  const requestsByMethod = new Map(requestRoutes.map((route) => [route.method, route]));
  const notificationsByMethod = new Map(notificationRoutes.map((route) => [route.method, route]));
  /** The newest unanswered request per method and document, of those that supersede each other. */
  const newest = new Map<string, RequestArrival>();

  let client: ClientProfile = readClientProfile("", {});
  let clientName = "";
  let folders: readonly WorkspaceFolder[] = [];
  let state: SessionState | undefined;
  let shutdownSeen = false;
  let finish: (code: number) => void = () => undefined;
  let isEnding = false;
  const ended = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const documents = createDocumentStore({ syntax: deps.syntax, owner: String(id), folders: () => folders });

  const onArrival = (arrival: RequestArrival): void => {
    const { work } = arrival;
    if (work === undefined || !work.route.supersedes) return;
    const key = `${arrival.method} ${work.accepted.uri}`;
    const older = newest.get(key);
    newest.set(key, arrival);
    if (older !== undefined) endEarly(older, "superseded");
  };

  const onAnswered = (record: RequestRecord): void => {
    noteTurn(record.method, record.turnMs);
    let histogram = latencies.get(record.method);
    if (histogram === undefined) latencies.set(record.method, (histogram = createHistogram()));
    histogram.record(record.queueMs + record.runMs);
    log.info(
      {
        method: record.method,
        class: record.executionClass,
        queueMs: round(record.queueMs),
        runMs: round(record.runMs),
        outcome: record.outcome,
      },
      "request",
    );
  };

  const noteTurn = (method: string, turnMs: number): void => {
    if (turnMs > LONG_TURN_MS) log.warn({ method, turnMs: round(turnMs) }, "the event loop was held");
  };

  const gate = createGate({
    deliver: (message) => library.deliver(message),
    send: (message) => outbox.send(message),
    requestRoute: (method) => requestsByMethod.get(method),
    notificationRoute: (method) => notificationsByMethod.get(method),
    onArrival,
    onExit: () => outbox.close(),
    nowMs: () => deps.clock.nowMs(),
    log,
  });
  const library = openLibraryConnection({
    release: (message) => gate.release(message),
    onExit: (code) => close(shutdownSeen ? 0 : code, "the client sent exit"),
    log,
  });
  const { connection } = library;

  const contextFor = (uri: string, signal: AbortSignal): RequestContext | undefined => {
    const snapshot = documents.get(uri);
    if (snapshot === undefined) return undefined;
    return {
      deps,
      client,
      settings: deps.settings.current(),
      snapshot,
      latest: () => documents.get(uri),
      signal,
    };
  };

  const initialize = (params: InitializeParams): InitializeResult => {
    clientName = params.clientInfo?.name ?? "";
    client = readClientProfile(clientName, params.capabilities);
    folders = foldersOf(params);
    state = {
      client,
      documents,
      folders: { list: () => folders, replace: (next) => (folders = next) },
      delivery: client.pullDiagnostics
        ? undefined
        : createDiagnosticsDelivery({
            feature: deps.diagnostics,
            client,
            clock: deps.clock,
            bugs: deps.bugs,
            isEnabled: () => deps.settings.current().diagnostics.enabled,
            publish: (published) => void connection.sendDiagnostics(published),
          }),
      warming: deps.warming,
      log,
    };
    log.info({ client: clientName, encoding: client.positionEncoding }, "a client was initialized");
    return {
      capabilities: serverCapabilities(client, { triggerCharacters: triggerCharacters() }),
      serverInfo: { name: "hearth", version: deps.serverVersion },
    };
  };

  const triggerCharacters = (): readonly string[] => [
    ...new Set(
      deps.syntax.languages.all.flatMap((language) =>
        language.memberOperators.map((operator) => operator.slice(-1)),
      ),
    ),
  ];

  const answerAllEarly = (): void => {
    for (const arrival of gate.unanswered()) endEarly(arrival, "ended");
  };

  const close = (code: number, reason: string): void => {
    if (isEnding) return;
    isEnding = true;
    log.info({ code, reason }, "the session ended");
    for (const arrival of gate.unanswered()) {
      const { work } = arrival;
      gate.answer(arrival, work?.route.empty(client, work.accepted.params));
      endEarly(arrival, "ended");
    }
    gate.end();
    state?.delivery?.dispose();
    library.dispose();
    documents.dispose();
    void outboxGone().then(() => {
      outbox.close();
      stream.end();
      finish(code);
    });
  };

  const outboxGone = (): Promise<void> =>
    new Promise((resolve) => {
      const stop = deps.clock.schedule(LAST_FLUSH_MS, resolve);
      void outbox.flush().then(() => {
        stop();
        resolve();
      });
    });

  connection.onInitialize(() => {
    const params = gate.initialize();
    if (params === undefined) throw new Error("initialize came without its parameters");
    return initialize(params);
  });
  connection.onShutdown(() => {
    shutdownSeen = true;
    answerAllEarly();
    state?.delivery?.dispose();
  });
  connection.onRequest((_method: string, params: unknown, cancel) => {
    const arrival = gate.takeRequest(ticketOf(params));
    if (arrival === undefined) return null;
    if (cancel.isCancellationRequested) endEarly(arrival, "cancelled");
    cancel.onCancellationRequested(() => endEarly(arrival, "cancelled"));
    return answerRequest(arrival, {
      clock: deps.clock,
      log,
      bugs: deps.bugs,
      client: () => client,
      contextFor,
      onAnswered,
    });
  });
  connection.onNotification((method: string, params: unknown) => {
    const arrival = gate.takeNotification(ticketOf(params));
    if (arrival === undefined || state === undefined) return;
    const startedMs = deps.clock.nowMs();
    try {
      arrival.apply(state);
    } catch (error) {
      deps.bugs.report(`notification ${method}`, error);
      log.error({ method, error: describeError(error) }, "a notification failed");
    }
    noteTurn(method, deps.clock.nowMs() - startedMs);
  });
  connection.listen();

  const decoder = createFrameDecoder();
  stream.listen(
    (bytes) => {
      for (const event of decoder.push(bytes)) {
        if (event.kind === "frame") gate.receive(event.body);
        else close(1, `the client's stream is broken: ${event.reason}`);
      }
    },
    (reason) => {
      const truncated = decoder.end();
      close(shutdownSeen ? 0 : 1, truncated?.kind === "broken" ? truncated.reason : reason);
    },
  );

  return {
    status: () => ({
      id,
      clientName,
      phase: gate.phase(),
      folders: folders.map((folder) => folder.uri),
      openDocuments: documents.all().length,
      requestsInFlight: gate.unanswered().length,
      latencies: Object.fromEntries(
        [...latencies].map(([method, histogram]) => [method, histogram.summary()]),
      ),
    }),
    ended,
    end: (reason) => close(shutdownSeen ? 0 : 1, reason),
  };
};

/** Without folders the root counts as one; without a root there is none, and everything works on documents alone. */
function foldersOf(params: InitializeParams): readonly WorkspaceFolder[] {
  if (params.workspaceFolders !== undefined) return params.workspaceFolders;
  return params.rootUri === undefined ? [] : [{ uri: params.rootUri, name: "" }];
}

function ticketOf(params: unknown): number {
  const ticket: unknown =
    typeof params === "object" && params !== null ? Reflect.get(params, "ticket") : undefined;
  return typeof ticket === "number" ? ticket : -1;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
