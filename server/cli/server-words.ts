// The user's server in words: for `hearth status` and `hearth doctor`.
import type { InferenceStatus } from "../inference/index.ts";

type ServerStatus = NonNullable<InferenceStatus["server"]>;

/** One line: where, what, in which state, since when, and who answers meanwhile. */
export function describeServer({
  server,
  state,
}: Pick<InferenceStatus, "server" | "state">): string | undefined {
  if (server === undefined) return undefined;
  const { name, api, model, promptFormat, lastError, downSince, counts } = server;
  const what = [api, model, promptFormat === undefined ? undefined : `prompts: ${promptFormat}`].filter(
    (word) => word !== undefined && word !== "",
  );
  const told = `${name}${what.length === 0 ? "" : ` (${what.join(", ")})`}`;
  const totals = `${counts.answered} answered, ${counts.failed} failed, ${counts.retried} retried, ${counts.fellBack} by the local model instead`;
  const meanwhile =
    state.kind === "ready" || state.kind === "unloaded"
      ? "the local model answers"
      : `the local model is ${state.kind}`;
  const since = downSince === undefined ? "" : ` since ${downSince.slice(11, 19)} UTC`;
  const error = lastError === undefined ? "" : `; last error: it ${lastError}`;
  switch (server.state) {
    case "connecting":
      return `${told}: not asked yet`;
    case "up":
      return `${told}: up; ${totals}${error}`;
    case "trial":
      return `${told}: gave a sign of life, the next request tries it${since}; ${meanwhile}; ${totals}${error}`;
    case "down":
      return `${told}: down${since}; ${meanwhile}; ${totals}${error}`;
    case "unused":
      return `not used: ${lastError ?? "the settings do not allow it"}`;
  }
}

/** A sentence when the text around the cursor leaves the machine; undefined when it does not. */
export function describeReach({ name, isLoopback, isEncrypted, state }: ServerStatus): string | undefined {
  if (isLoopback || state === "unused") return undefined;
  const how = isEncrypted ? "encrypted" : "without encryption, as server.allowInsecure allows";
  return `the text around your cursor leaves this machine: it is sent to ${name} (${how}), because server.url says so`;
}
