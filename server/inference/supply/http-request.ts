// One request with its redirects: encrypted hops only, the token to the host it is for, a time limit on silence.
import { cancelled } from "../../kernel/index.ts";
import type { Clock, DownloadResponse, Downloads } from "../../platform/index.ts";
import { isLoopback } from "./model-uri.ts";

/** What the model hub says about a large file before it redirects to its storage. */
export interface HubDeclaration {
  readonly sha256: string | undefined;
  readonly bytes: number | undefined;
}

export interface Answer {
  readonly response: DownloadResponse;
  readonly declared: HubDeclaration;
  /** True when another host than the one asked answered. */
  readonly isRedirected: boolean;
  /** The host that answered, for messages. */
  readonly host: string;
}

/** A redirect that must not be followed. */
export class RedirectProblem extends Error {}

/** No byte came for too long. */
class StallProblem extends Error {}

const MAX_REDIRECTS = 8;

interface Watchdog {
  readonly signal: AbortSignal;
  /** Something came: the time begins anew. */
  feed(): void;
  /** What the caller should see in place of an abort that this watchdog caused. */
  explain(error: unknown): unknown;
  dispose(): void;
}

/** Ends what runs under its signal after `stallMs` of silence, or when `outer` aborts. */
export function createWatchdog(clock: Clock, outer: AbortSignal, stallMs: number): Watchdog {
  const controller = new AbortController();
  let isStalled = false;
  let unschedule: () => void = () => undefined;
  const onAbort = (): void => controller.abort(cancelled());
  const feed = (): void => {
    unschedule();
    unschedule = clock.schedule(stallMs, () => {
      isStalled = true;
      controller.abort(cancelled());
    });
  };
  outer.addEventListener("abort", onAbort, { once: true });
  if (outer.aborted) onAbort();
  feed();
  return {
    signal: controller.signal,
    feed,
    explain(error) {
      if (outer.aborted) return cancelled();
      return isStalled ? new StallProblem(`nothing came for ${Math.round(stallMs / 1000)} seconds`) : error;
    },
    dispose() {
      unschedule();
      outer.removeEventListener("abort", onAbort);
    },
  };
}

export async function sendFollowing(
  downloads: Downloads,
  request: {
    readonly method: "GET" | "HEAD";
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Sent to the host of `url` only. */
    readonly token: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<Answer> {
  const first = new URL(request.url);
  let url = first;
  let declared: HubDeclaration = { sha256: undefined, bytes: undefined };
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const isFirstHost = url.origin === first.origin;
    const authorization =
      request.token !== undefined && isFirstHost ? { authorization: `Bearer ${request.token}` } : {};
    const response = await downloads.send({
      method: request.method,
      url: url.href,
      headers: { "user-agent": "hearth", ...request.headers, ...authorization },
      signal: request.signal,
    });
    if (isFirstHost) declared = { ...declared, ...readDeclaration(response) };
    if (![301, 302, 303, 307, 308].includes(response.status)) {
      return { response, declared, isRedirected: !isFirstHost, host: url.host };
    }
    response.discard();
    const target = response.header("location");
    if (target === undefined || !URL.canParse(target, url.href)) {
      throw new RedirectProblem(`${url.host} redirects to nowhere`);
    }
    const next = new URL(target, url);
    const isAllowed =
      next.protocol === "https:" || (next.protocol === "http:" && isLoopback(next) && isLoopback(first));
    if (!isAllowed) throw new RedirectProblem(`${url.host} redirects to an address that is not encrypted`);
    url = next;
  }
  throw new RedirectProblem(`${first.host} redirects without end`);
}

function readDeclaration(response: DownloadResponse): Partial<HubDeclaration> {
  const hash = /^"?([0-9a-f]{64})"?$/.exec(response.header("x-linked-etag") ?? "")?.[1];
  const size = /^\d+$/.exec(response.header("x-linked-size") ?? "")?.[0];
  return {
    ...(hash === undefined ? {} : { sha256: hash }),
    ...(size === undefined ? {} : { bytes: Number(size) }),
  };
}
