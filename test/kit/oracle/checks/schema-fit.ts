// Check 3: params, results, error data, partial results, progress values and registration options fit the meta model, to the last field.
import { at, brief, isObject, listAt, textAt } from "../../json.ts";
import type { Check, Report } from "../check.ts";
import { metaModel } from "../meta-model.ts";
import type { MetaType } from "../meta-model.ts";
import { findFault } from "../schema.ts";
import type { SessionModel } from "../session-model.ts";
import type { Traffic } from "../traffic.ts";

const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;

export const schemaCheck: Check = {
  number: 3,
  name: "schema",
  open: (session, report) => ({
    inspect(traffic) {
      if (traffic.from === "client") return;
      if (traffic.kind === "response") inspectResponse(traffic, report);
      else inspectOwn(traffic, session, report);
    },
  }),
};

function inspectResponse(traffic: Traffic & { kind: "response" }, report: Report): void {
  const { request, result, error, message } = traffic;
  const meta = metaModel.methods.get(request.method);
  if (meta === undefined || meta.messageDirection === "serverToClient" || !meta.isRequest) {
    // Methods of our own, with no dollar and no standard prefix, answer as they like.
    const isKnown = meta !== undefined || request.method.startsWith("$/");
    if (isKnown && error?.code !== METHOD_NOT_FOUND) {
      report(`${request.method} is no request to a server: it must be refused with -32601`, message);
    }
    return;
  }
  if (error !== undefined) {
    if (error.data !== undefined && meta.errorData !== undefined)
      fits(error.data, meta.errorData, "error data");
    if (request.paramsFault !== undefined && request.phase === "running" && error.code !== INVALID_PARAMS) {
      // Refused as unknown is as good when the method was never offered, and so is a cancelled one.
      if (error.code === METHOD_NOT_FOUND || request.cancelledAtMs !== undefined) return;
      // A second initialize is refused for coming at all, whatever it says.
      if (request.method === "initialize" && error.code === INVALID_REQUEST) return;
      report(
        `params that do not fit (${request.paramsFault}) must be refused with -32602, not ${error.code}`,
        message,
      );
    }
    return;
  }
  if (request.paramsFault !== undefined) {
    report(`a request with params that do not fit was answered: ${request.paramsFault}`, message);
    return;
  }
  if (meta.result !== undefined) fits(result, meta.result, `the result of ${request.method}`);

  function fits(value: unknown, type: MetaType, what: string): void {
    const fault = findFault(value, type);
    if (fault !== undefined) report(`${what}: ${fault.sentence}`, message);
  }
}

function inspectOwn(
  traffic: Traffic & { kind: "request" | "notification" },
  session: SessionModel,
  report: Report,
): void {
  const isRequest = traffic.kind === "request";
  const method = isRequest ? traffic.request.method : traffic.method;
  const params = isRequest ? traffic.request.params : traffic.params;
  const meta = metaModel.methods.get(method);
  if (meta === undefined) {
    report(`${method} is no method of the protocol`, traffic.message);
    return;
  }
  if (meta.messageDirection === "clientToServer" || meta.isRequest !== isRequest) {
    report(`${method} is not sent by servers in this form`, traffic.message);
    return;
  }
  if (meta.params === undefined) {
    if (params !== undefined && params !== null) report(`${method} has no params`, traffic.message);
  } else {
    const fault = findFault(params, meta.params);
    if (fault !== undefined) {
      report(`the params of ${method}: ${fault.sentence}`, traffic.message);
      return;
    }
  }
  if (method === "$/progress") inspectProgress(params, session, report, traffic.message);
  if (method === "client/registerCapability") {
    for (const entry of listAt(params, "registrations")) inspectRegistration(entry, report, traffic.message);
  }
}

function inspectProgress(params: unknown, session: SessionModel, report: Report, message: unknown): void {
  const token = at(params, "token");
  const value = at(params, "value");
  const owner = session
    .allPending("client")
    .find((request) => at(request.params, "partialResultToken") === token);
  if (owner !== undefined) {
    const type = metaModel.methods.get(owner.method)?.partialResult;
    const fault = type === undefined ? undefined : findFault(value, type);
    if (fault !== undefined) report(`the partial result of ${owner.method}: ${fault.sentence}`, message);
    return;
  }
  const kind = textAt(value, "kind");
  const names: Readonly<Record<string, string>> = {
    begin: "WorkDoneProgressBegin",
    report: "WorkDoneProgressReport",
    end: "WorkDoneProgressEnd",
  };
  const name = kind === undefined ? undefined : names[kind];
  if (name === undefined) {
    report("a progress value that is neither begin, report nor end", message);
    return;
  }
  const fault = findFault(value, { kind: "reference", name });
  if (fault !== undefined) report(`the progress value: ${fault.sentence}`, message);
}

function inspectRegistration(entry: unknown, report: Report, message: unknown): void {
  const method = textAt(entry, "method") ?? "";
  const options = at(entry, "registerOptions");
  const meta =
    metaModel.methods.get(method) ??
    [...metaModel.methods.values()].find((known) => known.registrationMethod === method);
  if (meta === undefined) {
    report(`a registration for ${method}, which is no method`, message);
    return;
  }
  if (meta.registrationOptions === undefined) return;
  if (options === undefined || (isObject(options) && Object.keys(options).length === 0)) {
    const isNeeded = findFault({}, meta.registrationOptions);
    if (isNeeded !== undefined)
      report(`a registration of ${method} without the options it needs: ${isNeeded.sentence}`, message);
    return;
  }
  const fault = findFault(options, meta.registrationOptions);
  if (fault !== undefined)
    report(`the registration options of ${method}: ${fault.sentence} in ${brief(options, 200)}`, message);
}
