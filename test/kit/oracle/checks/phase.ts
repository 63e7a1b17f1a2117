// Check 4: what may be said before `initialize`, during it, after `shutdown` and after `exit`.
import { at } from "../../json.ts";
import type { Check } from "../check.ts";

const NOT_INITIALIZED = -32002;
const INVALID_REQUEST = -32600;
const DURING_INITIALIZE = [
  "window/showMessage",
  "window/logMessage",
  "telemetry/event",
  "window/showMessageRequest",
];
const AFTER_SHUTDOWN = ["window/logMessage", "telemetry/event", "$/logTrace"];

export const phaseCheck: Check = {
  number: 4,
  name: "phase",
  open: (session, report) => ({
    inspect(traffic) {
      if (traffic.from === "client") return;
      if (traffic.kind === "response") {
        const { request, error } = traffic;
        const code = error?.code;
        if (request.method === "initialize") {
          if (request.phase !== "uninitialized" && code !== INVALID_REQUEST) {
            report("a second initialize must be refused with -32600", traffic.message);
          }
        } else if (request.phase === "uninitialized" && code !== NOT_INITIALIZED) {
          report(
            `a request before initialize must be refused with -32002, not ${code ?? "a result"}`,
            traffic.message,
          );
        } else if (request.phase === "initializing" && code === INVALID_REQUEST) {
          report("a request during initialize is answered or refused with -32002", traffic.message);
        } else if (
          (request.phase === "shutting-down" || request.phase === "shut-down") &&
          code !== INVALID_REQUEST
        ) {
          report(
            `a request after shutdown must be refused with -32600, not ${code ?? "a result"}`,
            traffic.message,
          );
        }
        return;
      }
      const method = traffic.kind === "request" ? traffic.request.method : traffic.method;
      switch (session.phase) {
        case "uninitialized":
          report(`${method} came before the client sent initialize`, traffic.message);
          return;
        case "initializing":
          if (DURING_INITIALIZE.includes(method) || isProgressOfInitialize(traffic, session.initializeParams))
            return;
          report(`${method} came before the answer to initialize`, traffic.message);
          return;
        case "shut-down":
        case "exited":
          if (!AFTER_SHUTDOWN.includes(method))
            report(`${method} came after the answer to shutdown`, traffic.message);
          return;
        case "running":
        case "shutting-down":
        case "left":
          return;
      }
    },
  }),
};

function isProgressOfInitialize(traffic: { readonly message: unknown }, initializeParams: unknown): boolean {
  const token = at(initializeParams, "workDoneToken");
  return (
    token !== undefined &&
    at(traffic.message, "method") === "$/progress" &&
    at(traffic.message, "params.token") === token
  );
}
