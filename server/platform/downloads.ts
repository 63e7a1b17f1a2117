// The door to HTTP: one request, its status, headers and body as a stream. Follows no redirect and retries nothing: that is policy.
import { cancelled } from "../kernel/index.ts";

export interface DownloadRequest {
  readonly method: "GET" | "HEAD";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborting ends the request at once, also in the middle of the body. */
  readonly signal: AbortSignal;
}

export interface DownloadResponse {
  readonly status: number;
  /** By lower-case name. */
  header(name: string): string | undefined;
  /** The bytes as they come; throws when the connection breaks. Read it or `discard` it. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of the connection without reading the rest of the body. */
  discard(): void;
}

export interface Downloads {
  /** Rejects when no answer came: name not found, refused, TLS, aborted. */
  send(request: DownloadRequest): Promise<DownloadResponse>;
}

/**
 * Node's own fetch. It honours NODE_EXTRA_CA_CERTS; the proxy variables (HTTPS_PROXY, NO_PROXY) only from Node 22.21 and 24.0 on, and
 * there only when the process was started with NODE_USE_ENV_PROXY=1.
 */
export const systemDownloads: Downloads = {
  async send({ method, url, headers, signal }) {
    if (signal.aborted) throw cancelled();
    const response = await fetch(url, {
      method,
      // A compressed body would make byte ranges and lengths meaningless.
      headers: { "accept-encoding": "identity", ...headers },
      redirect: "manual",
      signal,
    });
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body: bytesOf(response.body, signal),
      discard: () => letGo(response.body),
    };
  },
};

/**
 * The signal is watched here too: after the last byte has come, fetch may forget to end a pending read when it is aborted
 * (seen with Node 20: the read then never settles).
 */
async function* bytesOf(
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  let endRead: (error: Error) => void = () => undefined;
  const onAbort = (): void => endRead(cancelled());
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      const step = await new Promise<Awaited<ReturnType<typeof reader.read>>>((resolve, reject) => {
        endRead = reject;
        if (signal.aborted) reject(cancelled());
        else reader.read().then(resolve, reject);
      });
      if (step.done) return;
      yield step.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    reader.releaseLock();
    // Leaving early (a break or an error) must close the connection; after the end this does nothing.
    letGo(body);
  }
}

function letGo(body: ReadableStream<Uint8Array> | null): void {
  // It rejects when the connection is broken already, or when a reader has the body: both need nothing more.
  body?.cancel().catch(() => undefined);
}
