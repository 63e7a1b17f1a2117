// What the oracle knows of one session: phase, capabilities, registrations, open documents' texts over time, requests.
import { applyChanges, createText } from "../../../server/text/index.ts";
import type { ContentChange, PositionEncoding, Text } from "../../../server/text/index.ts";
import { at, isObject, isOn, listAt, numberAt, textAt } from "../json.ts";
import { metaModel } from "./meta-model.ts";
import { findFault } from "./schema.ts";
import type { RequestId, RequestRecord, Side, Traffic } from "./traffic.ts";

/** `exited` follows a proper shutdown; after `left`, an exit without one, what the server had sent may still be under way. */
export type Phase =
  "uninitialized" | "initializing" | "running" | "shutting-down" | "shut-down" | "exited" | "left";

/** One text of one document: `generation` counts its openings, `moment` orders it among all messages. */
export interface Revision {
  readonly generation: number;
  readonly version: number;
  readonly text: Text;
  readonly moment: number;
}

export interface TrackedDocument {
  /** As the client spelled it. */
  readonly uri: string;
  readonly revisions: readonly Revision[];
  readonly isOpen: boolean;
}

export interface Registration {
  readonly id: string;
  readonly method: string;
  readonly options: unknown;
}

/** Texts kept per document: enough for every reply that may still be under way. */
const REVISIONS_KEPT = 400;
const CHARACTERS_KEPT = 20_000_000;

export interface SessionModel {
  readonly phase: Phase;
  readonly clientCapabilities: unknown;
  readonly serverCapabilities: unknown;
  readonly initializeParams: unknown;
  readonly encoding: PositionEncoding;
  readonly registrations: ReadonlyMap<string, Registration>;
  /** Bodies from the client that are no message: each may be answered with an error under id null. */
  readonly clientFaults: number;
  /** Counts messages of both sides. */
  readonly moment: number;
  takeClientFault(): boolean;
  noteClientFault(): void;
  document(uri: string): TrackedDocument | undefined;
  openDocuments(): readonly TrackedDocument[];
  /** Texts that a reply to a request of `moment` may speak of: the one of that moment and all newer ones. */
  revisionsSince(uri: string, moment: number): readonly Revision[];
  /** Whether the server said, statically or by registration, that it answers `method`. */
  isAdvertised(method: string): boolean;
  pending(from: Side, id: RequestId): RequestRecord | undefined;
  allPending(from: Side): readonly RequestRecord[];
  supports(path: string): boolean;
  update(traffic: Traffic): void;
}

export function createSessionModel(): SessionModel {
  let phase: Phase = "uninitialized";
  let clientCapabilities: unknown = {};
  let serverCapabilities: unknown = {};
  let initializeParams: unknown;
  let encoding: PositionEncoding = "utf-16";
  let clientFaults = 0;
  let moment = 0;
  const registrations = new Map<string, Registration>();
  const documents = new Map<string, { uri: string; revisions: Revision[]; isOpen: boolean }>();
  const requests: Record<Side, Map<string, RequestRecord[]>> = { client: new Map(), server: new Map() };

  const key = (id: RequestId): string => `${typeof id} ${id}`;

  const addRevision = (uri: string, version: number, text: Text, isOpening: boolean): void => {
    const document = documents.get(uri) ?? { uri, revisions: [], isOpen: true };
    document.isOpen = true;
    documents.set(uri, document);
    const last = document.revisions.at(-1);
    const generation = (last?.generation ?? 0) + (isOpening ? 1 : 0);
    document.revisions.push({ generation, version, text, moment });
    let characters = document.revisions.reduce((sum, entry) => sum + entry.text.content.length, 0);
    while (
      document.revisions.length > REVISIONS_KEPT ||
      (characters > CHARACTERS_KEPT && document.revisions.length > 2)
    ) {
      characters -= document.revisions.shift()?.text.content.length ?? 0;
    }
  };

  const trackText = (method: string, params: unknown): void => {
    const meta = metaModel.methods.get(method);
    if (meta?.params === undefined || findFault(params, meta.params, "lenient") !== undefined) return;
    const uri = textAt(params, "textDocument.uri") ?? "";
    const version = numberAt(params, "textDocument.version") ?? 0;
    const document = documents.get(uri);
    if (method === "textDocument/didOpen") {
      addRevision(uri, version, createText(textAt(params, "textDocument.text") ?? ""), true);
    } else if (method === "textDocument/didChange") {
      const last = document?.revisions.at(-1);
      // A change of a closed document or with a version that does not grow is refused: the text stays.
      if (document?.isOpen !== true || last === undefined || version <= last.version) return;
      const changes = listAt(params, "contentChanges");
      // A whole-text change may carry anything else, but a range that is none spoils the notification.
      if (!changes.every(isChange)) return;
      addRevision(uri, version, applyChanges(last.text, changes, encoding).text, false);
    } else if (method === "textDocument/didClose" && document !== undefined) {
      document.isOpen = false;
    }
  };

  const updateRequest = (request: RequestRecord): void => {
    const list = requests[request.from].get(key(request.id)) ?? [];
    list.push(request);
    requests[request.from].set(key(request.id), list);
    if (request.from === "client") {
      if (request.method === "initialize" && phase === "uninitialized") {
        phase = "initializing";
        initializeParams = request.params;
        clientCapabilities = at(request.params, "capabilities") ?? {};
      } else if (request.method === "shutdown" && phase === "running") phase = "shutting-down";
    } else if (request.method === "client/registerCapability") {
      for (const entry of listAt(request.params, "registrations")) {
        const id = textAt(entry, "id") ?? "";
        const method = textAt(entry, "method") ?? "";
        registrations.set(id, { id, method, options: at(entry, "registerOptions") });
      }
    } else if (request.method === "client/unregisterCapability") {
      for (const entry of listAt(request.params, "unregisterations")) {
        registrations.delete(textAt(entry, "id") ?? "");
      }
    }
  };

  const updateResponse = (request: RequestRecord, result: unknown, isError: boolean): void => {
    const list = requests[request.from].get(key(request.id)) ?? [];
    const rest = list.filter((entry) => entry !== request);
    if (rest.length === 0) requests[request.from].delete(key(request.id));
    else requests[request.from].set(key(request.id), rest);
    if (request.from !== "client") return;
    if (request.method === "initialize" && request.phase === "uninitialized") {
      phase = isError ? "uninitialized" : "running";
      if (isError) return;
      serverCapabilities = at(result, "capabilities") ?? {};
      const announced = textAt(result, "capabilities.positionEncoding");
      if (announced === "utf-8" || announced === "utf-32") encoding = announced;
    } else if (request.method === "shutdown" && phase === "shutting-down" && !isError) phase = "shut-down";
  };

  return {
    get phase() {
      return phase;
    },
    get clientCapabilities() {
      return clientCapabilities;
    },
    get serverCapabilities() {
      return serverCapabilities;
    },
    get initializeParams() {
      return initializeParams;
    },
    get encoding() {
      return encoding;
    },
    get clientFaults() {
      return clientFaults;
    },
    get moment() {
      return moment;
    },
    registrations,
    takeClientFault() {
      if (clientFaults === 0) return false;
      clientFaults -= 1;
      return true;
    },
    noteClientFault() {
      clientFaults += 1;
    },
    document: (uri) => documents.get(uri),
    openDocuments: () => [...documents.values()].filter((document) => document.isOpen),
    revisionsSince(uri, since) {
      const revisions = documents.get(uri)?.revisions ?? [];
      const first = revisions.findLastIndex((revision) => revision.moment <= since);
      return first < 0 ? revisions : revisions.slice(first);
    },
    isAdvertised(method) {
      const meta = metaModel.methods.get(method);
      if (meta === undefined) return false;
      const path = advertisedAt(method, meta.serverCapability);
      if (path !== undefined && isOn(serverCapabilities, path)) return true;
      const registeredAs = registrationMethodOf(method);
      const rest = path?.split(".").slice(1).join(".") ?? "";
      return [...registrations.values()].some(
        (entry) => entry.method === registeredAs && (rest === "" || isOn(entry.options, rest)),
      );
    },
    pending: (from, id) => requests[from].get(key(id))?.[0],
    allPending: (from) => [...requests[from].values()].flat(),
    supports: (path) => isOn(clientCapabilities, path),
    update(traffic) {
      moment += 1;
      if (traffic.kind === "request") updateRequest(traffic.request);
      else if (traffic.kind === "response") {
        updateResponse(traffic.request, traffic.result, traffic.error !== undefined);
      } else if (traffic.from === "client") {
        if (traffic.method === "exit") phase = phase === "shut-down" ? "exited" : "left";
        if (traffic.method === "$/cancelRequest") cancelPending(traffic.params, traffic.atMs);
        if (phase === "running") trackText(traffic.method, traffic.params);
      }
    },
  };

  function cancelPending(params: unknown, atMs: number): void {
    const id = isObject(params) ? params["id"] : undefined;
    if (typeof id !== "string" && typeof id !== "number") return;
    for (const request of requests.client.get(key(id)) ?? []) request.cancelledAtMs ??= atMs;
  }
}

function isChange(value: unknown): value is ContentChange {
  const range = at(value, "range");
  return (
    range === undefined || findFault(range, { kind: "reference", name: "Range" }, "lenient") === undefined
  );
}

/** The meta model names the provider; for these methods the flag inside it is what says yes. */
function advertisedAt(method: string, fromModel: string | undefined): string | undefined {
  if (method === "textDocument/semanticTokens/full") return "semanticTokensProvider.full";
  if (method.startsWith("typeHierarchy/")) return "typeHierarchyProvider";
  return fromModel;
}

/** Follow-up methods come with the registration of their parent. */
function registrationMethodOf(method: string): string {
  if (method.endsWith("/resolve") && method !== "workspaceSymbol/resolve") {
    const parent = method.slice(0, -"/resolve".length);
    return parent === "completionItem" ? "textDocument/completion" : `textDocument/${parent}`;
  }
  if (method === "workspaceSymbol/resolve") return "workspace/symbol";
  if (method === "workspace/diagnostic") return "textDocument/diagnostic";
  if (method === "textDocument/prepareRename") return "textDocument/rename";
  if (method.startsWith("callHierarchy/")) return "textDocument/prepareCallHierarchy";
  if (method.startsWith("typeHierarchy/")) return "textDocument/prepareTypeHierarchy";
  return metaModel.methods.get(method)?.registrationMethod ?? method;
}
