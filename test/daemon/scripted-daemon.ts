// A relay between a recorded editor and daemons that a test scripts: what each heard, what it says, when it dies.
import { applyChanges, createText } from "../../server/text/index.ts";
import type { ContentChange, PositionEncoding, Text } from "../../server/text/index.ts";
import { createConnectionPair, createManualClock } from "../../server/platform/index.ts";
import type { Connection, ManualClock } from "../../server/platform/index.ts";
import type { LinkMode } from "../../server/daemon/circuit.ts";
import { createRelay } from "../../server/daemon/relay.ts";
import type { Relay } from "../../server/daemon/relay.ts";
import { encodeMessage, memberOf, parseMessage } from "../../server/daemon/rpc.ts";
import type { RpcMessage } from "../../server/daemon/rpc.ts";
import { createFrameDecoder, encodeFrame } from "../../server/wire/index.ts";

export interface ScriptedDaemon {
  readonly mode: LinkMode;
  readonly heard: readonly RpcMessage[];
  /** Documents as this daemon has them, by its own reading of what it heard. */
  readonly documents: ReadonlyMap<string, { version: number; text: Text }>;
  say(message: object): Promise<void>;
  sayRaw(bytes: Uint8Array): Promise<void>;
  die(): Promise<void>;
}

export interface Stage {
  readonly relay: Relay;
  readonly clock: ManualClock;
  readonly daemons: readonly ScriptedDaemon[];
  readonly editorSaw: readonly RpcMessage[];
  readonly complaints: readonly string[];
  readonly exitCodes: readonly number[];
  /** The newest daemon, which must have been opened. */
  daemon(): ScriptedDaemon;
  /** A message of the editor. */
  send(message: object): Promise<void>;
  /** Lets everything that was said arrive; time moves far enough for any retry. */
  settle(): Promise<void>;
  answersTo(id: number | string): readonly RpcMessage[];
}

export interface StageOptions {
  readonly encoding?: PositionEncoding;
  readonly deathsPerMinute?: number;
  /** What a daemon does with a message beyond the lifecycle; returns a result to answer with, undefined for silence. */
  readonly answer?: (message: RpcMessage, daemon: ScriptedDaemon) => unknown;
  readonly answersShutdown?: boolean;
  readonly answersInitialize?: (nth: number) => boolean;
  /** Whether the nth try to reach a daemon works. */
  /** Whether the nth try ends with an exception. */
  readonly throws?: (nth: number) => boolean;
  readonly opens?: (nth: number) => boolean;
}

export function createStage(options: StageOptions = {}): Stage {
  const clock = createManualClock();
  const daemons: (ScriptedDaemon & { readonly heard: RpcMessage[] })[] = [];
  const editorSaw: RpcMessage[] = [];
  const complaints: string[] = [];
  const exitCodes: number[] = [];
  const decoder = createFrameDecoder();
  let tries = 0;

  const openDaemon = (mode: LinkMode): Connection => {
    const [own, far] = createConnectionPair();
    const heard: RpcMessage[] = [];
    const documents = new Map<string, { version: number; text: Text }>();
    const frames = createFrameDecoder();
    const nth = daemons.length;
    const daemon = {
      mode,
      heard,
      documents,
      say: async (message: object) => {
        far.write(encodeFrame(encodeMessage(message)));
        await turns();
      },
      sayRaw: async (bytes: Uint8Array) => {
        far.write(bytes);
        await turns();
      },
      die: async () => {
        far.destroy();
        await turns();
      },
    };
    daemons.push(daemon);
    far.listen({
      onBytes(chunk) {
        for (const event of frames.push(chunk)) {
          if (event.kind !== "frame") continue;
          const message = parseMessage(event.body);
          if (message === undefined) continue;
          heard.push(message);
          follow(documents, message, options.encoding ?? "utf-16");
          const isHeld = message.method === "initialize" && options.answersInitialize?.(nth) === false;
          const result = isHeld
            ? undefined
            : (options.answer?.(message, daemon) ?? usualAnswer(message, options));
          if (result !== undefined && message.id !== undefined) {
            far.write(encodeFrame(encodeMessage({ id: message.id, result })));
          }
        }
      },
      onEnd: () => undefined,
    });
    return own;
  };

  const relay = createRelay({
    clock,
    toEditor(frame) {
      for (const event of decoder.push(frame)) {
        const message = event.kind === "frame" ? parseMessage(event.body) : undefined;
        if (message === undefined) throw new Error("the editor got bytes that are no frame");
        editorSaw.push(message);
      }
      return true;
    },
    openLink(mode) {
      tries += 1;
      if (options.throws?.(tries) === true) return Promise.reject(new Error("no process can be made"));
      if (options.opens?.(tries) === false) {
        return Promise.resolve({ ok: false, failure: { kind: "failed", reason: "scripted" } });
      }
      return Promise.resolve({
        ok: true,
        value: { connection: openDaemon(mode), pid: 1000 + daemons.length },
      });
    },
    holdEditor: () => undefined,
    say: (line) => void complaints.push(line),
    finish: (code) => void exitCodes.push(code),
    startMode: "shared",
    deathsPerMinute: options.deathsPerMinute ?? 5,
  });

  const settle = async (): Promise<void> => {
    for (let round = 0; round < 4; round += 1) {
      clock.advance(0);
      await turns();
      clock.advance(round === 0 ? 60 : 600);
      await turns();
    }
  };
  return {
    relay,
    clock,
    daemons,
    editorSaw,
    complaints,
    exitCodes,
    daemon() {
      const newest = daemons.at(-1);
      if (newest === undefined) throw new Error("no daemon was opened");
      return newest;
    },
    async send(message) {
      relay.fromEditor(encodeMessage(message));
      await turns();
    },
    settle,
    answersTo: (id) => editorSaw.filter((message) => message.id === id && message.method === undefined),
  };
}

/** The handshake of an editor, to the end. */
export async function initialize(stage: Stage, params: object = { capabilities: {} }): Promise<void> {
  stage.relay.start();
  await stage.settle();
  await stage.send({ id: 1, method: "initialize", params });
  await stage.settle();
  await stage.send({ method: "initialized", params: {} });
}

function usualAnswer(message: RpcMessage, options: StageOptions): unknown {
  if (message.method === "initialize") {
    return {
      capabilities: { positionEncoding: options.encoding ?? "utf-16" },
      serverInfo: { name: "scripted" },
    };
  }
  return message.method === "shutdown" && options.answersShutdown !== false ? null : undefined;
}

function follow(
  documents: Map<string, { version: number; text: Text }>,
  message: RpcMessage,
  encoding: PositionEncoding,
): void {
  const document = memberOf(message.params, "textDocument");
  const uri = String(memberOf(document, "uri"));
  const version = Number(memberOf(document, "version"));
  switch (message.method ?? "") {
    case "textDocument/didOpen":
      documents.set(uri, { version, text: createText(String(memberOf(document, "text"))) });
      return;
    case "textDocument/didChange": {
      const known = documents.get(uri);
      if (known === undefined || version <= known.version) return;
      const changes = memberOf(message.params, "contentChanges") as readonly ContentChange[];
      documents.set(uri, { version, text: applyChanges(known.text, changes, encoding).text });
      return;
    }
    case "textDocument/didClose":
      documents.delete(uri);
      return;
    default:
      return;
  }
}

/** In-memory connections deliver in microtasks and one another's turns. */
async function turns(): Promise<void> {
  for (let round = 0; round < 12; round += 1) await Promise.resolve();
}
