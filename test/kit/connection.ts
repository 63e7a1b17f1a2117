// Our own small JSON-RPC connection for tests: it sends anything, also what no library would, under the oracle's eyes.
import { createFrameReader, encodeFrame } from "./frames.ts";
import { isObject } from "./json.ts";
import { createOracle } from "./oracle/oracle.ts";
import type { Oracle } from "./oracle/oracle.ts";
import type { RequestId, ResponseError } from "./oracle/traffic.ts";
import type { HoldableStream } from "./streams.ts";
import { DEADLINE_MS, until, within } from "./waiting.ts";

export type Answer =
  | { readonly result: unknown; readonly error?: undefined }
  | { readonly error: ResponseError; readonly result?: undefined };

export interface Note {
  readonly method: string;
  readonly params: unknown;
}

export interface SentRequest {
  readonly id: RequestId;
  readonly answer: Promise<Answer>;
}

export interface Connection {
  readonly oracle: Oracle;
  /** Notifications of the server, in order. */
  readonly notes: readonly Note[];
  /** Requests of the server, in order. */
  readonly serverRequests: readonly Note[];
  /** Answers that came with id null. */
  readonly nullAnswers: readonly ResponseError[];
  /** Answers whose id is that of no request made here. */
  readonly strays: readonly { readonly id: unknown; readonly answer: Answer }[];
  readonly isEnded: boolean;
  readonly unanswered: number;
  send(method: string, params?: unknown, id?: RequestId): SentRequest;
  notify(method: string, params?: unknown): void;
  cancel(id: RequestId): void;
  sendRaw(bytes: Uint8Array | string): Promise<void>;
  sendMessage(message: unknown): Promise<void>;
  /** Sends the pieces one after the other; what the client has to say meanwhile (answers to the server) waits. */
  sendPieces(pieces: Iterable<Uint8Array>): Promise<void>;
  /** Says how a request of the server is answered; a handler that throws `unanswered` leaves it waiting for ever. */
  onRequest(handler: (method: string, params: unknown) => unknown): void;
  /** Closes the client's side, as an editor that went away. */
  hangUp(): void;
  hold(): void;
  release(): void;
  whenEnded(deadlineMs?: number): Promise<void>;
}

/** Thrown by a request handler: the server never gets an answer. */
export const never: unique symbol = Symbol("never answered");

export class Refusal extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export function connect(stream: HoldableStream): Connection {
  const oracle = createOracle();
  const notes: Note[] = [];
  const serverRequests: Note[] = [];
  const nullAnswers: ResponseError[] = [];
  const strays: { readonly id: unknown; readonly answer: Answer }[] = [];
  const waiting = new Map<string, { readonly resolve: (answer: Answer) => void }[]>();
  let handler: (method: string, params: unknown) => unknown = (method) => {
    throw new Refusal(-32601, `the client does not know ${method}`);
  };
  let nextId = 1;
  let isEnded = false;

  const key = (id: unknown): string => `${typeof id} ${String(id)}`;
  const write = (bytes: Uint8Array): Promise<void> => {
    oracle.fromClient(bytes);
    return stream.write(bytes);
  };
  let heldBack: Uint8Array[] | undefined;
  const send = (message: unknown): void => {
    const frame = encodeFrame(message);
    if (heldBack === undefined) void write(frame);
    else heldBack.push(frame);
  };

  const answerServer = (id: RequestId, method: string, params: unknown): void => {
    serverRequests.push({ method, params });
    let result: unknown;
    try {
      result = handler(method, params);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(-32603, String(error));
      send({ jsonrpc: "2.0", id, error: { code: refusal.code, message: refusal.message } });
      return;
    }
    if (result === never) return;
    send({ jsonrpc: "2.0", id, result: result ?? null });
  };

  const take = (body: Buffer): void => {
    let message: unknown;
    try {
      message = JSON.parse(body.toString("utf8"));
    } catch {
      // The oracle has told it already.
      return;
    }
    if (!isObject(message)) return;
    const { id, method, params } = message;
    if (typeof method === "string") {
      if (typeof id === "string" || typeof id === "number") answerServer(id, method, params);
      else notes.push({ method, params });
      return;
    }
    const answer = (
      "error" in message ? { error: message["error"] } : { result: message["result"] }
    ) as Answer;
    if (id === null && answer.error !== undefined) nullAnswers.push(answer.error);
    const list = waiting.get(key(id)) ?? [];
    if (list.length === 0) strays.push({ id, answer });
    list.shift()?.resolve(answer);
    if (list.length === 0) waiting.delete(key(id));
  };

  const reader = createFrameReader({ onBody: take, onFault: () => undefined }, true);
  stream.listen(
    (chunk) => {
      oracle.fromServer(chunk);
      reader.push(chunk);
    },
    () => {
      isEnded = true;
    },
  );

  const sendRequest = (method: string, params: unknown, id: RequestId): SentRequest => {
    const answer = new Promise<Answer>((resolve) => {
      const list = waiting.get(key(id)) ?? [];
      list.push({ resolve });
      waiting.set(key(id), list);
    });
    send({ jsonrpc: "2.0", id, method, ...(params === undefined ? {} : { params }) });
    return { id, answer };
  };

  return {
    oracle,
    notes,
    serverRequests,
    nullAnswers,
    strays,
    get isEnded() {
      return isEnded;
    },
    get unanswered() {
      return [...waiting.values()].reduce((sum, list) => sum + list.length, 0);
    },
    send: (method, params, id = nextId++) => sendRequest(method, params, id),
    notify: (method, params) => send({ jsonrpc: "2.0", method, ...(params === undefined ? {} : { params }) }),
    cancel: (id) => send({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id } }),
    sendRaw: (bytes) => write(typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes),
    sendMessage: (message) => write(encodeFrame(message)),
    async sendPieces(pieces) {
      heldBack = [];
      for (const piece of pieces) await write(piece);
      const waitingFrames = heldBack;
      heldBack = undefined;
      for (const frame of waitingFrames) await write(frame);
    },
    onRequest(next) {
      handler = next;
    },
    hangUp: () => stream.end(),
    hold: () => stream.hold(),
    release: () => stream.release(),
    async whenEnded(deadlineMs = DEADLINE_MS) {
      await until("the server closes its side", () => isEnded || undefined, deadlineMs);
    },
  };
}

/** The result, or an error that carries the code. */
export async function resultOf(sent: SentRequest, deadlineMs: number = DEADLINE_MS): Promise<unknown> {
  const answer = await within(`the answer to request ${sent.id}`, sent.answer, deadlineMs);
  if (answer.error !== undefined) throw new Refusal(answer.error.code, answer.error.message);
  return answer.result;
}
