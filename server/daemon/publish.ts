// The daemon's address: bound under a name of its own, then moved to the name that clients know. Node unlinks the name it bound
// when it closes, so a daemon that was replaced can never remove the socket of the one that replaced it.
import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { connectToSocket, listenOnSocket } from "../platform/index.ts";
import type { Connection } from "../platform/index.ts";
import type { Endpoint } from "./endpoint.ts";

export interface PublishedSocket {
  /** True while the name that clients know leads to this process. */
  isReachable(): boolean;
  /** Takes the name away, if it is still ours, and stops accepting. */
  withdraw(): void;
}

const PROBE_TIMEOUT_MS = 2_000;

/** Undefined when another living daemon has the name. To be called under the start lock, which keeps two starters apart. */
export async function publishSocket(
  endpoint: Endpoint,
  onConnection: (connection: Connection) => void,
  onError: (error: unknown) => void,
): Promise<PublishedSocket | undefined> {
  if (await answers(endpoint.socket)) return undefined;
  if (endpoint.isNamedPipe) {
    // A pipe's name goes with its process: there is nothing stale and nothing to move.
    const server = await listenOnSocket(endpoint.socket, onConnection, onError);
    return { isReachable: () => true, withdraw: () => server.close() };
  }
  mkdirSync(endpoint.folder, { recursive: true, mode: 0o700 });
  const own = join(endpoint.folder, `${process.pid.toString(36)}.s`);
  rmSync(own, { force: true }); // Left by a dead process with our number.
  const server = await listenOnSocket(own, onConnection, onError);
  const { ino } = statSync(own);
  renameSync(own, endpoint.socket);
  const isReachable = (): boolean => statSync(endpoint.socket, { throwIfNoEntry: false })?.ino === ino;
  return {
    isReachable,
    withdraw() {
      if (isReachable()) rmSync(endpoint.socket, { force: true });
      server.close();
    },
  };
}

async function answers(socket: string): Promise<boolean> {
  const probe = await connectToSocket(socket, PROBE_TIMEOUT_MS);
  if (probe.ok) probe.value.destroy();
  // A daemon that is too busy to accept is alive all the same.
  return probe.ok || probe.failure.kind === "timeout";
}
