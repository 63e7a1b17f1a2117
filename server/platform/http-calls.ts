// The door to a server that answers bit by bit: one call, its status and its decoded body as it comes. No redirects, no proxies, no retries.
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Readable } from "node:stream";
import { constants, createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { HearthError, cancelled } from "../kernel/index.ts";

export interface HttpCall {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Aborting closes the connection at once, also in the middle of the answer. */
  readonly signal: AbortSignal;
  /** Called when a connection stands: a new one, encryption included, or a kept one. */
  readonly onConnect?: () => void;
}

export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name. */
  header(name: string): string | undefined;
  /** The decoded bytes as they come; throws when the connection breaks before the end. Read it or `discard` it. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the connection without reading the rest. */
  discard(): void;
}

export interface HttpCalls {
  /** Rejects when no answer came: name not found, refused, TLS, aborted. The error carries the system's `code`. */
  send(call: HttpCall): Promise<HttpAnswer>;
  /** Closes the connections that are kept for later calls. */
  close(): void;
}

/**
 * Node's http client and not its fetch: `destroy` closes the socket while a read is pending (fetch of Node 20 may leave it open), and
 * agents of our own never take a proxy from the environment.
 */
export function createHttpCalls(): HttpCalls {
  const options = { keepAlive: true, scheduling: "lifo" } as const;
  const plain = new HttpAgent(options);
  const encrypted = new HttpsAgent(options);

  const open = (call: HttpCall): ClientRequest => {
    const url = new URL(call.url);
    const shape = {
      method: call.method,
      headers: {
        "accept-encoding": "identity",
        ...call.headers,
        ...(call.body === undefined ? {} : { "content-length": String(Buffer.byteLength(call.body)) }),
      },
    };
    return url.protocol === "https:"
      ? httpsRequest(url, { ...shape, agent: encrypted })
      : httpRequest(url, { ...shape, agent: plain });
  };

  const attempt = (call: HttpCall): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      if (call.signal.aborted) {
        reject(cancelled());
        return;
      }
      const request = open(call);
      const onAbort = (): void => {
        request.destroy(cancelled());
      };
      call.signal.addEventListener("abort", onAbort, { once: true });
      request.on("close", () => call.signal.removeEventListener("abort", onAbort));
      request.on("socket", (socket) => {
        if (!socket.connecting) call.onConnect?.();
        else socket.once("encrypted" in socket ? "secureConnect" : "connect", () => call.onConnect?.());
      });
      request.on("response", (response) => resolve(answerOf(request, response, call.signal)));
      request.on("error", (error: NodeJS.ErrnoException) => {
        const isStale = request.reusedSocket && error.code === "ECONNRESET" && !call.signal.aborted;
        reject(isStale ? new StaleConnection() : error);
      });
      request.end(call.body);
    });

  return {
    async send(call) {
      for (;;) {
        try {
          return await attempt(call);
        } catch (error) {
          // The server closed a kept connection while the call was on its way: the next one gets another connection.
          if (!(error instanceof StaleConnection)) throw error;
        }
      }
    },
    close() {
      plain.destroy();
      encrypted.destroy();
    },
  };
}

/** Thrown and caught inside this file only. */
class StaleConnection extends Error {}

function answerOf(request: ClientRequest, response: IncomingMessage, signal: AbortSignal): HttpAnswer {
  return {
    status: response.statusCode ?? 0,
    header(name) {
      const value = response.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    body: bytesOf(request, response, signal),
    discard: () => {
      request.destroy();
    },
  };
}

async function* bytesOf(
  request: ClientRequest,
  response: IncomingMessage,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const body = decode(response);
  try {
    for await (const chunk of body) yield chunk as Uint8Array;
    if (!response.complete)
      throw new HearthError("unavailable", "the connection broke in the middle of the answer");
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  } finally {
    // After the whole answer the connection is kept; leaving early closes it.
    if (!response.complete) request.destroy();
  }
}

/** Bytes are handed on as soon as they can be decoded: an answer that is written bit by bit is also read so. */
function decode(response: IncomingMessage): Readable {
  const flush = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
  const encoding = response.headers["content-encoding"]?.trim().toLowerCase();
  const decoder =
    encoding === "gzip" || encoding === "x-gzip"
      ? createGunzip(flush)
      : encoding === "deflate"
        ? createInflate(flush)
        : encoding === "br"
          ? createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH })
          : undefined;
  if (decoder === undefined) return response;
  response.on("error", (error) => decoder.destroy(error));
  return response.pipe(decoder);
}
