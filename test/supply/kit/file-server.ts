// A local HTTP server that serves one file and misbehaves on request: each test says what the next answers do.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly authorization: string | undefined;
}

/** Takes the place of the normal answer; the last one of the list is not repeated. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface FileServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** What is served, with its strong ETag; undefined ETag sends none. */
  serve(bytes: Buffer, etag?: string): void;
  /** The next requests, in order. */
  next(...misbehaviours: readonly (Misbehaviour | "normal")[]): void;
  /** Every request from now on that `next` does not cover. */
  always(misbehaviour: Misbehaviour | "normal"): void;
  /** The normal answer, from within a misbehaviour. */
  answer(request: IncomingMessage, response: ServerResponse, options?: AnswerOptions): void;
  close(): Promise<void>;
}

export interface AnswerOptions {
  /** Bytes of the body after which the connection is cut. */
  readonly cutAfter?: number;
  /** Bytes of the body after which nothing comes any more. */
  readonly stallAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function startFileServer(): Promise<FileServer> {
  let bytes = Buffer.alloc(0);
  let etag: string | undefined = '"one"';
  const requests: SeenRequest[] = [];
  let planned: (Misbehaviour | "normal")[] = [];
  let standing: Misbehaviour | "normal" = "normal";

  const answer: FileServer["answer"] = (request, response, options = {}) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
    const ifRange = request.headers["if-range"];
    const isResumed = range !== undefined && (ifRange === undefined || ifRange === etag);
    const start = isResumed ? Number(range) : 0;
    if (isResumed && start >= bytes.length) {
      response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
      return;
    }
    const body = bytes.subarray(start);
    response.writeHead(isResumed ? 206 : 200, {
      "content-type": "application/octet-stream",
      "content-length": String(body.length),
      ...(etag === undefined ? {} : { etag }),
      ...(isResumed ? { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
      ...options.headers,
    });
    if (request.method === "HEAD") response.end();
    else if (options.cutAfter !== undefined) {
      response.write(body.subarray(0, options.cutAfter), () => response.destroy());
    } else if (options.stallAfter !== undefined) response.write(body.subarray(0, options.stallAfter));
    else response.end(body);
  };

  const server = createServer((request, response) => {
    requests.push({
      method: request.method ?? "",
      path: request.url ?? "",
      range: request.headers.range,
      ifRange: request.headers["if-range"] as string | undefined,
      authorization: request.headers.authorization,
    });
    const behaviour = planned.shift() ?? standing;
    if (behaviour === "normal") answer(request, response);
    else void behaviour(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    serve(served, tag) {
      bytes = Buffer.from(served);
      etag = tag;
    },
    next(...misbehaviours) {
      planned = [...planned, ...misbehaviours];
    },
    always(misbehaviour) {
      standing = misbehaviour;
    },
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
