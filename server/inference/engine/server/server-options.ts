// What the user says about a server, checked: where it is, which key it gets, and whether the network may be used for it at all.
import { fail, succeed } from "../../../kernel/index.ts";
import type { Result } from "../../../kernel/index.ts";

export interface ServerSettings {
  readonly url: string | undefined;
  readonly model: string | undefined;
  readonly api: "auto" | "openai" | "llama-server";
  readonly promptFormat: string;
  /** The name of an environment variable. */
  readonly keyVariable: string | undefined;
  readonly maxConcurrent: number;
  readonly timeoutMs: number;
  readonly allowInsecure: boolean;
}

export interface ServerOptions {
  /** Without a slash at its end: /health, /completion and /tokenize of llama-server follow it. */
  readonly root: string;
  /** Where the OpenAI addresses lie: /models and /completions follow it. */
  readonly openai: string;
  /** For people: no credentials, no query. */
  readonly name: string;
  readonly isLoopback: boolean;
  readonly isEncrypted: boolean;
  readonly key: string | undefined;
  readonly model: string | undefined;
  readonly api: ServerSettings["api"];
  /** Undefined: found out. */
  readonly promptFormat: string | undefined;
  readonly maxConcurrent: number;
  readonly timeoutMs: number;
}

/** Undefined: no server is wanted. A failure is one sentence for people; it never repeats a key. */
export function readServerOptions(
  settings: ServerSettings,
  deps: {
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly isOffline: boolean;
    readonly formats: ReadonlySet<string>;
  },
): Result<ServerOptions, string> | undefined {
  if (settings.url === undefined) return undefined;
  const url = readUrl(settings.url);
  if (!url.ok) return url;
  const { protocol, hostname, host } = url.value;
  const isLoopback = isLoopbackHost(hostname);
  const isEncrypted = protocol === "https:";
  if (deps.isOffline && !isLoopback) {
    return fail(`server.url names ${host}, which is not this machine, and "offline" forbids the network`);
  }
  if (!isLoopback && !isEncrypted && !settings.allowInsecure) {
    return fail(
      `server.url is not encrypted: your code would cross the network to ${host} in the clear; use https, or set server.allowInsecure where you trust that network`,
    );
  }
  const key = readKey(settings.keyVariable, deps.environment);
  if (!key.ok) return key;
  const { promptFormat } = settings;
  if (promptFormat !== "auto" && !deps.formats.has(promptFormat)) {
    return fail(
      `server.promptFormat: there is no format "${promptFormat.slice(0, 40)}"; there are ${[...deps.formats].join(", ")}`,
    );
  }
  const base = `${url.value.origin}${url.value.pathname.replace(/\/+$/, "")}`;
  return succeed({
    root: base.replace(/\/v1$/, ""),
    openai: /\/v1$/.test(base) ? base : `${base}/v1`,
    name: base,
    isLoopback,
    isEncrypted,
    key: key.value,
    model: settings.model,
    api: settings.api,
    promptFormat: promptFormat === "auto" ? undefined : promptFormat,
    maxConcurrent: settings.maxConcurrent,
    timeoutMs: settings.timeoutMs,
  });
}

function readUrl(text: string): Result<URL, string> {
  if (!URL.canParse(text)) return fail("server.url is not a valid address, such as http://127.0.0.1:8080");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return fail("server.url must begin with http:// or https://");
  if (url.username !== "" || url.password !== "") {
    return fail(
      "server.url holds a name or a password: put the key into an environment variable and name it in server.keyVariable",
    );
  }
  if (url.search !== "" || url.hash !== "") return fail("server.url must end with the path: no ? and no #");
  return succeed(url);
}

function readKey(
  variable: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Result<string | undefined, string> {
  if (variable === undefined) return succeed(undefined);
  // Somebody may have put the key itself here: it is not repeated.
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) {
    return fail("server.keyVariable must be the name of an environment variable, not the key itself");
  }
  const key = environment[variable]?.trim();
  if (key === undefined || key === "") {
    return fail("the environment variable that server.keyVariable names is not set where the daemon runs");
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    return fail(
      "the environment variable that server.keyVariable names holds blanks or characters that no key has",
    );
  }
  return succeed(key);
}

/** Addresses of this machine itself; a name that merely resolves to it is not believed. */
function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
