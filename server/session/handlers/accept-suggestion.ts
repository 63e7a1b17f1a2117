// workspace/executeCommand: the one command there is says that a suggestion was accepted.
import { ACCEPT_COMMAND, acceptParams, runsAcceptCommand } from "../../protocol/index.ts";
import { documentRequest } from "../route.ts";
import type { RequestRoute } from "../route.ts";

export const acceptSuggestion: RequestRoute = documentRequest({
  method: "workspace/executeCommand",
  executionClass: "background",
  readiness: "open",
  deadlineMs: 2000,
  supersedes: false,
  empty: () => null,
  capability: (client) =>
    runsAcceptCommand(client) ? { executeCommandProvider: { commands: [ACCEPT_COMMAND] } } : undefined,
  params: acceptParams,
  handle({ deps }, { suggestion }) {
    deps.acceptance.accepted(suggestion);
    return null;
  },
});
