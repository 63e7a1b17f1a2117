// The ways in which a server is reached; one scenario body runs in all of them.
import type { HoldableStream } from "./streams.ts";

/** A running server and the client's end of its stream. */
export interface ServerUnderTest {
  readonly stream: HoldableStream;
  /** The exit code that the editor would see. */
  readonly exited: Promise<number>;
  /** Ends what is left, by force; for the end of a test. */
  destroy(): Promise<void>;
  /** What it wrote beside the protocol. */
  readonly complaints: () => string;
  /** The process that the editor started, where there is one. */
  readonly pid: number | undefined;
}

export interface Mode {
  readonly name: string;
  start(): Promise<ServerUnderTest>;
}
