// Check 12: a cancelled request is still answered, soon, by a result or -32800; nothing is called cancelled that was not.
import type { Check } from "../check.ts";

const REQUEST_CANCELLED = -32800;
const SERVER_CANCELLED = -32802;
const MAY_BE_CANCELLED_BY_SERVER = /^(textDocument|workspace)\/(diagnostic|semanticTokens\/.*)$/;
/** An answer later than this is a hang to the user, on however busy a machine. */
const ANSWER_WITHIN_MS = 10_000;
/** Codes that say the request was refused on arrival, before there was anything to cancel. */
const REFUSALS = [-32002, -32600, -32601, -32602];

export const cancellationCheck: Check = {
  number: 12,
  name: "cancellation",
  open: (session, report) => ({
    inspect(traffic) {
      if (traffic.kind !== "response" || traffic.from !== "server") return;
      const { request, error } = traffic;
      if (error?.code === SERVER_CANCELLED && !MAY_BE_CANCELLED_BY_SERVER.test(request.method))
        report(`${request.method} does not allow -32802`, traffic.message);
      if (request.cancelledAtMs === undefined) {
        if (error?.code === REQUEST_CANCELLED)
          report(
            `${request.method} is answered as cancelled, but the client did not cancel it`,
            traffic.message,
          );
        return;
      }
      if (error !== undefined && ![REQUEST_CANCELLED, SERVER_CANCELLED, ...REFUSALS].includes(error.code))
        report(`a cancelled request is answered with ${error.code}`, traffic.message);
      if (traffic.atMs - request.cancelledAtMs > ANSWER_WITHIN_MS)
        report("a cancelled request was answered more than ten seconds later", traffic.message);
    },
    finish() {
      for (const request of session.allPending("client")) {
        if (request.cancelledAtMs !== undefined)
          report("a cancelled request was never answered", `${request.method} with id ${request.id}`);
      }
    },
  }),
};
