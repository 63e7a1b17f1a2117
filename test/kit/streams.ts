// Byte streams for tests: a pair in memory with back pressure, and the pipes of a child process.
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { ByteStream } from "../../server/session/index.ts";

/** A stream whose reader can stop reading, as a client that hangs does. */
export interface HoldableStream extends ByteStream {
  hold(): void;
  release(): void;
}

/** Two ends; what one writes the other hears in a later turn. A held end keeps its peer's writes waiting. */
export function createStreamPair(): { readonly client: HoldableStream; readonly server: HoldableStream } {
  const toServer = createPipe();
  const toClient = createPipe();
  return { client: joinPipes(toClient, toServer), server: joinPipes(toServer, toClient) };
}

interface Pipe {
  listen(onBytes: (chunk: Uint8Array) => void, onEnd: (reason: string) => void): void;
  write(chunk: Uint8Array): Promise<void>;
  end(reason: string): void;
  hold(isHeld: boolean): void;
}

function createPipe(): Pipe {
  const waiting: {
    readonly chunk: Uint8Array | undefined;
    readonly reason: string;
    readonly done: () => void;
  }[] = [];
  let handlers: { onBytes: (chunk: Uint8Array) => void; onEnd: (reason: string) => void } | undefined;
  let isHeld = false;
  let isEnded = false;
  let isScheduled = false;

  const pump = (): void => {
    isScheduled = false;
    while (!isHeld && handlers !== undefined) {
      const next = waiting.shift();
      if (next === undefined) return;
      if (next.chunk !== undefined) handlers.onBytes(next.chunk);
      else handlers.onEnd(next.reason);
      next.done();
    }
  };
  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(pump);
  };

  return {
    listen(onBytes, onEnd) {
      handlers = { onBytes, onEnd };
      schedule();
    },
    write(chunk) {
      // Like a socket whose other side is gone: the bytes are lost, the writer lives.
      if (isEnded) return Promise.resolve();
      // The writer may reuse its buffer.
      const copy = Uint8Array.from(chunk);
      return new Promise((done) => {
        waiting.push({ chunk: copy, reason: "", done });
        schedule();
      });
    },
    end(reason) {
      if (isEnded) return;
      isEnded = true;
      waiting.push({ chunk: undefined, reason, done: () => undefined });
      schedule();
    },
    hold(value) {
      isHeld = value;
      if (!value) schedule();
    },
  };
}

function joinPipes(incoming: Pipe, outgoing: Pipe): HoldableStream {
  return {
    listen: (onBytes, onEnd) => incoming.listen(onBytes, onEnd),
    write: (chunk) => outgoing.write(chunk),
    end: () => outgoing.end("the other side ended"),
    hold: () => incoming.hold(true),
    release: () => incoming.hold(false),
  };
}

/** The client's end of a child that speaks on its standard streams. */
export function streamOfProcess(child: ChildProcessWithoutNullStreams): HoldableStream {
  // A child that is gone breaks the pipe; the test sees the exit instead.
  child.stdin.on("error", () => undefined);
  return {
    listen(onBytes, onEnd) {
      child.stdout.on("data", onBytes);
      child.stdout.on("end", () => onEnd("the process closed its output"));
    },
    write: (chunk) =>
      new Promise((done) => {
        child.stdin.write(chunk, () => done());
      }),
    end: () => child.stdin.end(),
    hold: () => child.stdout.pause(),
    release: () => child.stdout.resume(),
  };
}
