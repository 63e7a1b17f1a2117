// Check 5: a server uses only what the client declared, answers what it advertised, advertises what it answers.
import { at, isOn, listAt, textAt } from "../../json.ts";
import type { Check, Report } from "../check.ts";
import { contentOf } from "../check.ts";
import { metaModel } from "../meta-model.ts";
import type { SessionModel } from "../session-model.ts";
import { gateActions } from "./gates/actions.ts";
import { gateCommands } from "./gates/commands.ts";
import { gateDiagnostics } from "./gates/diagnostics.ts";
import { gateServerCapabilities } from "./gates/server-capabilities.ts";
import { gateShapes } from "./gates/shapes.ts";

const METHOD_NOT_FOUND = -32601;
/** Part of the protocol since before there were capabilities for them. */
const ALWAYS_ALLOWED = ["window/showMessage", "window/showMessageRequest", "textDocument/publishDiagnostics"];
const ALWAYS_ANSWERED = ["initialize", "shutdown"];

export const capabilitiesCheck: Check = {
  number: 5,
  name: "capabilities",
  open: (session, report) => ({
    inspect(traffic) {
      if (traffic.from === "client") return;
      if (traffic.kind === "response") {
        const { method } = traffic.request;
        const meta = metaModel.methods.get(method);
        if (meta?.messageDirection === "clientToServer" && !ALWAYS_ANSWERED.includes(method)) {
          const isAdvertised = session.isAdvertised(method);
          if (isAdvertised && traffic.error?.code === METHOD_NOT_FOUND) {
            report(`${method} is advertised but answered with -32601`, traffic.message);
          }
          if (!isAdvertised && traffic.error === undefined) {
            report(`${method} is answered but was never advertised`, traffic.message);
          }
        }
      } else {
        const method = traffic.kind === "request" ? traffic.request.method : traffic.method;
        gateMethod(method, session, report, traffic.message);
        if (method === "client/registerCapability") gateRegistrations(traffic.message, session, report);
        if (method === "client/unregisterCapability") gateUnregistrations(traffic.message, session, report);
      }
      const content = contentOf(traffic);
      if (content === undefined) return;
      if (content.isReply && content.method === "initialize") {
        gateServerCapabilities(content, session, report);
        return;
      }
      gateActions(content, session, report);
      gateCommands(content, session, report);
      gateDiagnostics(content, session, report);
      gateShapes(content, session, report);
    },
  }),
};

function gateMethod(method: string, session: SessionModel, report: Report, message: unknown): void {
  if (ALWAYS_ALLOWED.includes(method)) return;
  const declared = metaModel.methods.get(method)?.clientCapability;
  const path = method === "workspace/codeLens/refresh" ? "workspace.codeLens.refreshSupport" : declared;
  if (path !== undefined && !session.supports(path))
    report(`${method} was sent to a client without ${path}`, message);
}

function gateRegistrations(message: unknown, session: SessionModel, report: Report): void {
  const seen = new Set<string>();
  for (const entry of listAt(message, "params.registrations")) {
    const id = textAt(entry, "id") ?? "";
    const method = textAt(entry, "method") ?? "";
    if (session.registrations.has(id) || seen.has(id)) report(`the registration id ${id} is in use`, message);
    seen.add(id);
    const path = dynamicPathOf(method);
    if (path !== undefined && !session.supports(path))
      report(`${method} was registered at a client without ${path}`, message);
    if (isStaticallyOffered(method, session))
      report(`${method} is registered although it is in the server's capabilities`, message);
  }
}

function isStaticallyOffered(method: string, session: SessionModel): boolean {
  const path = metaModel.methods.get(method)?.serverCapability;
  // One sync option covers several methods; a registration may refine a part of it.
  if (path === undefined || path.startsWith("textDocumentSync") || path.startsWith("workspace."))
    return false;
  return isOn(session.serverCapabilities, path);
}

function gateUnregistrations(message: unknown, session: SessionModel, report: Report): void {
  for (const entry of listAt(message, "params.unregisterations")) {
    const id = textAt(entry, "id") ?? "";
    const known = session.registrations.get(id);
    if (known === undefined) report(`the registration id ${id} is unknown`, message);
    else if (known.method !== at(entry, "method"))
      report(`the registration ${id} is of ${known.method}`, message);
  }
}

/** Where a client says that it lets `method` be registered; undefined when there is no such flag. */
function dynamicPathOf(method: string): string | undefined {
  if (method === "workspace/didChangeWorkspaceFolders") return "workspace.workspaceFolders";
  if (method.startsWith("notebookDocument/")) return "notebookDocument.synchronization.dynamicRegistration";
  if (method.startsWith("workspace/will") || /^workspace\/did(Create|Rename|Delete)Files$/.test(method))
    return "workspace.fileOperations.dynamicRegistration";
  const meta =
    metaModel.methods.get(method) ??
    [...metaModel.methods.values()].find((known) => known.registrationMethod === method);
  const parts = meta?.clientCapability?.split(".") ?? [];
  if (parts.length < 2) return undefined;
  return `${parts.slice(0, 2).join(".")}.dynamicRegistration`;
}
