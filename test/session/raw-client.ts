// A client without manners and without an oracle: sends what no editor would, and counts what comes back.
import { createFrameReader, encodeFrame } from "../kit/frames.ts";
import { isObject } from "../kit/json.ts";
import type { JsonObject } from "../kit/json.ts";
import { until } from "../kit/waiting.ts";
import type { SessionMode } from "./session-mode.ts";

export interface RawClient {
  readonly received: readonly JsonObject[];
  readonly exited: Promise<number>;
  send(message: unknown): void;
  sendBytes(bytes: Uint8Array): void;
  hold(): void;
  release(): void;
  hangUp(): void;
  /** The first message, come or to come, that fits. */
  message(what: string, fits: (message: JsonObject) => boolean): Promise<JsonObject>;
  initialize(capabilities?: object): Promise<void>;
  destroy(): Promise<void>;
}

export async function startRawClient(mode: SessionMode): Promise<RawClient> {
  const server = await mode.start();
  const received: JsonObject[] = [];
  const reader = createFrameReader(
    {
      onBody(body) {
        const message: unknown = JSON.parse(body.toString("utf8"));
        if (isObject(message)) received.push(message);
      },
      onFault(sentence) {
        throw new Error(sentence);
      },
    },
    true,
  );
  server.stream.listen(
    (chunk) => reader.push(chunk),
    () => undefined,
  );
  const client: RawClient = {
    received,
    exited: server.exited,
    send: (message) => void server.stream.write(encodeFrame(message)),
    sendBytes: (bytes) => void server.stream.write(bytes),
    hold: () => server.stream.hold(),
    release: () => server.stream.release(),
    hangUp: () => server.stream.end(),
    message: (what, fits) => until(what, () => received.find(fits)),
    async initialize(capabilities = {}) {
      client.send({
        jsonrpc: "2.0",
        id: "initialize",
        method: "initialize",
        params: { processId: null, rootUri: null, capabilities },
      });
      await client.message("the answer to initialize", (message) => message["id"] === "initialize");
      client.send({ jsonrpc: "2.0", method: "initialized", params: {} });
    },
    destroy: () => server.destroy(),
  };
  return client;
}
