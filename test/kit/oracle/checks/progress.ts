// Check 11: progress is created before it is used, begins once, ends once; partial results only where they were asked for.
import { at, isObject, textAt } from "../../json.ts";
import type { Check } from "../check.ts";

interface Token {
  state: "asked" | "created" | "refused" | "begun" | "ended";
  /** Tokens of the client live as long as the request that brought them. */
  readonly isOfClient: boolean;
}

export const progressCheck: Check = {
  number: 11,
  name: "progress",
  open: (session, report) => {
    const tokens = new Map<unknown, Token>();
    const partialOwner = (token: unknown) =>
      session.allPending("client").find((request) => at(request.params, "partialResultToken") === token);

    const inspectProgress = (params: unknown, message: unknown): void => {
      const token = at(params, "token");
      const owner = partialOwner(token);
      if (owner !== undefined) {
        owner.partials += 1;
        return;
      }
      const known = tokens.get(token);
      if (known === undefined) {
        report(`progress with the token ${String(token)}, which nobody made`, message);
        return;
      }
      const kind = textAt(at(params, "value"), "kind");
      if (known.state === "asked") report("progress before the client answered its create", message);
      else if (known.state === "refused") report("progress with a token that the client refused", message);
      else if (known.state === "ended") report("progress after its end", message);
      else if (kind === "begin" && known.state === "begun") report("progress that begins twice", message);
      else if (kind !== "begin" && known.state === "created") report("progress that does not begin", message);
      known.state = kind === "end" ? "ended" : "begun";
    };

    return {
      inspect(traffic) {
        if (traffic.kind === "request") {
          const { method, params } = traffic.request;
          if (traffic.from === "client") {
            const token = at(params, "workDoneToken");
            if (token !== undefined) tokens.set(token, { state: "created", isOfClient: true });
          } else if (method === "window/workDoneProgress/create") {
            const token = at(params, "token");
            if (tokens.has(token))
              report(`the progress token ${String(token)} is used a second time`, traffic.message);
            tokens.set(token, { state: "asked", isOfClient: false });
          }
        } else if (traffic.kind === "response") {
          const { method, params } = traffic.request;
          if (traffic.from === "client" && method === "window/workDoneProgress/create") {
            const token = tokens.get(at(params, "token"));
            if (token !== undefined) token.state = traffic.error === undefined ? "created" : "refused";
          } else if (traffic.from === "server") {
            if (traffic.request.partials > 0 && traffic.error === undefined && !isEmpty(traffic.result))
              report("a final result with content after partial results", traffic.message);
            const token = at(params, "workDoneToken");
            const known = tokens.get(token);
            if (known?.isOfClient === true && known.state === "begun")
              report("a request was answered before its progress ended", traffic.message);
            if (known?.isOfClient === true) tokens.delete(token);
          }
        } else if (traffic.from === "server" && traffic.method === "$/progress") {
          inspectProgress(traffic.params, traffic.message);
        }
      },
      finish() {
        for (const [token, { state }] of tokens) {
          if (state === "begun") report("progress that never ended", String(token));
        }
      },
    };
  },
};

function isEmpty(result: unknown): boolean {
  if (result === null) return true;
  if (Array.isArray(result)) return result.length === 0;
  if (!isObject(result)) return false;
  const items = result["items"];
  return Array.isArray(items) && items.length === 0;
}
