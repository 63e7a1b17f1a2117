// A byte stream in memory and the client end of it, for sessions without any process or socket.
import { createFrameDecoder, encodeFrame } from "../../server/wire/index.ts";
import type { ByteStream } from "../../server/session/index.ts";

export interface ClientEnd {
  readonly stream: ByteStream;
  /** Everything the session sent so far, decoded, in order. */
  readonly received: readonly WireMessage[];
  send(message: object): void;
  sendBytes(bytes: Uint8Array | string): void;
  /** The client closes its side. */
  hangUp(): void;
  /** While paused, the session's writes stay pending, as with a client that never reads. */
  pauseReading(): void;
  resumeReading(): void;
  onMessage(listener: (message: WireMessage) => void): void;
  readonly isEnded: boolean;
}

export interface WireMessage {
  readonly jsonrpc: string;
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: ForeignValue;
  readonly result?: ForeignValue;
  readonly error?: { readonly code: number; readonly message: string };
}

export function createMemoryStream(): ClientEnd {
  const received: WireMessage[] = [];
  const listeners: ((message: WireMessage) => void)[] = [];
  const decoder = createFrameDecoder();
  let toSession: (bytes: Uint8Array) => void = () => undefined;
  let endSession: (reason: string) => void = () => undefined;
  let isEnded = false;
  let isPaused = false;
  let resume: (() => void)[] = [];

  const take = (chunk: Uint8Array): void => {
    for (const event of decoder.push(chunk)) {
      if (event.kind === "broken") throw new Error(`the session sent a broken frame: ${event.reason}`);
      const message = JSON.parse(new TextDecoder().decode(event.body));
      received.push(message);
      for (const listener of listeners) listener(message);
    }
  };

  const end: ClientEnd = {
    stream: {
      listen(onBytes, onEnd) {
        toSession = onBytes;
        endSession = onEnd;
      },
      async write(chunk) {
        if (isEnded) throw new Error("write after end");
        if (isPaused) await new Promise<void>((resolve) => resume.push(resolve));
        take(chunk);
      },
      end() {
        isEnded = true;
      },
    },
    received,
    send: (message) => end.sendBytes(encodeFrame(new TextEncoder().encode(JSON.stringify(message)))),
    sendBytes: (bytes) => toSession(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes),
    hangUp: () => endSession("the client closed the stream"),
    pauseReading() {
      isPaused = true;
    },
    resumeReading() {
      isPaused = false;
      const waiting = resume;
      resume = [];
      for (const go of waiting) go();
    },
    onMessage: (listener) => void listeners.push(listener),
    get isEnded() {
      return isEnded;
    },
  };
  return end;
}

/** Tests look into messages freely; what is not there fails the expectation. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type ForeignValue = any;
