// Real HTTP servers that speak OpenAI's completions or llama-server's own way, with the answers and the faults that a test decides.
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createServerCompletions,
  parsePromptFormats,
  readServerOptions,
} from "../../server/inference/index.ts";
import type {
  ServerCompletions,
  ServerCompletionsDeps,
  ServerSettings,
} from "../../server/inference/index.ts";
import { createHttpCalls, silentLog, systemClock } from "../../server/platform/index.ts";
import { modelData } from "./fixture.ts";

export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  // What a client sends is looked at field by field.
  readonly body: Record<string, unknown>;
  readonly response: ServerResponse;
  /** True once the client has closed the connection before the answer was whole. */
  readonly isClosed: () => boolean;
}

export interface CompletionServer {
  readonly url: string;
  readonly port: number;
  /** Completions that were asked for, in order. */
  readonly asked: readonly Asked[];
  /** Every request's method and path. */
  readonly seen: readonly string[];
  /** Answers a completion; the default repeats nothing and ends at once. */
  answer: (asked: Asked) => void | Promise<void>;
  /** Answers everything else first; true when it did. */
  intercept: (path: string, response: ServerResponse) => boolean;
  readonly connections: () => number;
  /** Closes the port and every connection at once, as a killed process does. */
  kill(): Promise<void>;
  /** Listens on the same port again. */
  revive(): Promise<void>;
}

export interface ServerShape {
  readonly owner: string;
  readonly model: string;
  /** llama-server: texts that are single tokens. */
  readonly vocabulary: readonly string[];
}

const started: CompletionServer[] = [];

/** For `afterEach`. */
export async function stopServers(): Promise<void> {
  await Promise.all(started.splice(0).map((server) => server.kill()));
}

export async function startCompletionServer(shape: Partial<ServerShape> = {}): Promise<CompletionServer> {
  const { owner = "vllm", model = "toy-model", vocabulary = ["<", "["] } = shape;
  const asked: Asked[] = [];
  const seen: string[] = [];
  let listening: Server | undefined;
  let port = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    seen.push(`${request.method} ${path}`);
    const body = await readBody(request);
    if (server.intercept(path, response)) return;
    if (path === "/v1/models") return json(response, 200, { data: [{ id: model, owned_by: owner }] });
    if (path === "/health") return json(response, 200, { status: "ok" });
    if (path === "/tokenize") {
      const pieces = String(body["content"]).split("\n");
      const tokens = pieces.flatMap((piece) =>
        vocabulary.includes(piece)
          ? [{ id: 1000 + vocabulary.indexOf(piece), piece }]
          : [{ id: 1, piece: "x" }],
      );
      return json(response, 200, { tokens });
    }
    if (path === "/v1/completions" || path === "/completion") {
      let isOpen = true;
      response.on("close", () => {
        isOpen = response.writableFinished;
      });
      const entry = { path, headers: request.headers, body, response, isClosed: () => !isOpen };
      asked.push(entry);
      await server.answer(entry);
      return;
    }
    json(response, 404, { error: { message: "not found" } });
  };

  const listen = async (): Promise<void> => {
    const next = createServer((request, response) => {
      handle(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    await new Promise<void>((resolve, reject) => {
      next.once("error", reject);
      next.listen(port, "127.0.0.1", resolve);
    });
    port = (next.address() as AddressInfo).port;
    listening = next;
  };

  const server: CompletionServer = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    get port() {
      return port;
    },
    asked,
    seen,
    answer: ({ response }) => sse(response, [openAiChunk("", "stop")]),
    intercept: () => false,
    connections: () => asked.filter((entry) => !entry.isClosed() && !entry.response.writableFinished).length,
    async kill() {
      const dying = listening;
      listening = undefined;
      if (dying === undefined) return;
      const closed = new Promise<void>((resolve) => dying.close(() => resolve()));
      dying.closeAllConnections();
      await closed;
    },
    revive: listen,
  };
  await listen();
  started.push(server);
  return server;
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const part of request) text += String(part);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

export function json(response: ServerResponse, status: number, value: unknown, headers: object = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}

export function openAiChunk(text: string, finish?: "stop" | "length", logProbability?: number): object {
  const logprobs =
    logProbability === undefined
      ? null
      : {
          tokens: [text],
          token_logprobs: [logProbability],
          top_logprobs: [{ [text]: logProbability }],
          text_offset: [0],
        };
  return {
    object: "text_completion",
    choices: [{ index: 0, text, logprobs, finish_reason: finish ?? null }],
  };
}

export function nativeChunk(content: string, logProbability = -0.05): object {
  return {
    content,
    stop: false,
    completion_probabilities: [
      {
        id: 5,
        token: content,
        bytes: [],
        logprob: logProbability,
        top_logprobs: [{ id: 5, token: content, bytes: [], logprob: logProbability }],
      },
    ],
    timings: { cache_n: 40, prompt_n: 2 },
  };
}

export const nativeEnd = {
  content: "",
  stop: true,
  stop_type: "word",
  timings: { cache_n: 40, prompt_n: 2 },
};

export function event(value: object | string): string {
  return `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
}

/** A whole answer, as an honest server gives it. */
export function sse(response: ServerResponse, chunks: readonly object[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const chunk of chunks) response.write(event(chunk));
  response.end("data: [DONE]\n\n");
}

export function words(...texts: readonly string[]): readonly object[] {
  return [...texts.map((text) => openAiChunk(text, undefined, -0.05)), openAiChunk("", "stop")];
}

export const serverDefaults: ServerSettings = {
  url: undefined,
  model: undefined,
  api: "auto",
  promptFormat: "auto",
  keyVariable: undefined,
  maxConcurrent: 2,
  timeoutMs: 20_000,
  allowInsecure: false,
};

const parsed = parsePromptFormats(modelData.read("prompt-formats.json") ?? "");
if (!parsed.ok) throw new Error(parsed.failure);
export const formats: ServerCompletionsDeps["formats"] = parsed.value;

const clients: ServerCompletions[] = [];

/** For `afterEach`. */
export function stopClients(): void {
  for (const client of clients.splice(0)) client.dispose();
}

export function connect(
  url: string,
  settings: Partial<ServerSettings> = {},
  changes: Partial<ServerCompletionsDeps> & { readonly environment?: Record<string, string> } = {},
): ServerCompletions {
  const { environment = {}, ...rest } = changes;
  const options = readServerOptions(
    { ...serverDefaults, url, ...settings },
    { environment, isOffline: false, formats: new Set(formats.keys()) },
  );
  if (options?.ok !== true) throw new Error(options?.failure ?? "no server is named");
  const client = createServerCompletions({
    options: options.value,
    calls: createHttpCalls(),
    clock: systemClock,
    log: silentLog,
    // Pauses are as short as they may be.
    random: () => 0,
    formats,
    formatOf: () => undefined,
    confidenceGate: 0.6,
    contextTokens: undefined,
    ...rest,
  });
  clients.push(client);
  return client;
}
