// What can go wrong with a server, as one short sentence each, and what follows from it: ask again, wait, give up.
import { isCancelled } from "../../../kernel/index.ts";

export interface ServerFailure {
  readonly kind:
    | "cancelled"
    /** No connection, or it broke. */
    | "unreachable"
    | "timeout"
    /** The server says so itself: too many requests, or still loading. */
    | "busy"
    /** The key is missing or wrong, or the model or the address does not exist: only a person can help. */
    | "misconfigured"
    /** Something in the request is not understood; another request may be. */
    | "bad-request"
    | "server-error"
    /** The answer is not what was asked for: cut off, no completion, not readable. */
    | "broken-answer";
  /** Half a sentence that follows the server's name; holds no key and no user's text. */
  readonly reason: string;
  /** Of a `busy` server that said so. */
  readonly retryAfterMs?: number;
}

/** Whether the same request, sent again a moment later, may succeed: nothing of an answer had come. */
export function mayRetry(failure: ServerFailure): boolean {
  return failure.kind === "unreachable" || failure.kind === "busy";
}

export function describeThrown(error: unknown): ServerFailure {
  if (isCancelled(error)) return { kind: "cancelled", reason: "was not waited for" };
  const code = codeOf(error);
  return {
    kind: "unreachable",
    reason:
      (code === undefined ? undefined : reasons[code]) ?? `cannot be reached (${code ?? messageOf(error)})`,
  };
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refuses connections: nothing listens there",
  ECONNRESET: "closed the connection",
  EPIPE: "closed the connection",
  ENOTFOUND: "has a name that is not known",
  EAI_AGAIN: "has a name that cannot be looked up now",
  ENETUNREACH: "cannot be reached: no way into its network",
  EHOSTUNREACH: "cannot be reached: no way to the host",
  ETIMEDOUT: "does not accept a connection",
  CERT_HAS_EXPIRED: "has a certificate that has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "has a certificate that it signed itself (NODE_EXTRA_CA_CERTS can name it)",
  SELF_SIGNED_CERT_IN_CHAIN: "has a certificate of an unknown authority (NODE_EXTRA_CA_CERTS can name it)",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "has a certificate of an unknown authority (NODE_EXTRA_CA_CERTS can name it)",
  ERR_TLS_CERT_ALTNAME_INVALID: "has a certificate for another name",
};

/** A status that is not 200, with what the server wrote beside it. */
export function describeStatus(
  status: number,
  body: string,
  retryAfterMs: number | undefined,
): ServerFailure {
  const words = wordsOf(body);
  const said = words === "" ? "" : `: ${words}`;
  if (status >= 300 && status < 400) {
    return {
      kind: "misconfigured",
      reason: `answers with a redirect (${status}), which is not followed: correct server.url`,
    };
  }
  if (status === 401 || status === 403) {
    return {
      kind: "misconfigured",
      reason: `does not accept the key (${status})${said}: check server.keyVariable`,
    };
  }
  if (status === 404 || status === 405) {
    return {
      kind: "misconfigured",
      reason: `has no such address or model (${status})${said}: check server.url and server.model`,
    };
  }
  if (status === 429 || status === 503) {
    const reason = status === 429 ? `has too many requests (429)${said}` : `is not ready (503)${said}`;
    return { kind: "busy", reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (status === 502 || status === 504)
    return { kind: "unreachable", reason: `is not there behind its gateway (${status})` };
  if (status >= 400 && (status < 500 || status === 501))
    return { kind: "bad-request", reason: `does not take the request (${status})${said}` };
  return { kind: "server-error", reason: `failed (${status})${said}` };
}

const LONGEST_WORDS = 160;

/** The message of an error object, or the title of a page; a server's own words are kept short. */
export function wordsOf(body: string): string {
  const found =
    messageInJson(body) ??
    /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1] ??
    (body.includes("<") ? "a page, no answer" : body);
  const line = found.replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, " ").trim();
  return line.length > LONGEST_WORDS ? `${line.slice(0, LONGEST_WORDS)}…` : line;
}

function messageInJson(body: string): string | undefined {
  try {
    return messageIn(JSON.parse(body));
  } catch {
    // Not JSON: the text itself is looked at.
    return undefined;
  }
}

/** `{error: {message}}`, `{error: "…"}`, `{message}`, `{detail}`: as the servers write them. */
export function messageIn(json: unknown): string | undefined {
  if (typeof json === "string") return json;
  if (typeof json !== "object" || json === null) return undefined;
  for (const name of ["error", "message", "detail"] as const) {
    const value: unknown = name in json ? Reflect.get(json, name) : undefined;
    if (typeof value === "string") return value;
    const inner = value === undefined || value === null ? undefined : messageIn(value);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Node hides the code of the addresses that it tried one after the other. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  if ("errors" in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
  return "cause" in error ? codeOf(error.cause) : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
