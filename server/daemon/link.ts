// One way to a daemon: the shared one behind its socket, started when none answers, or a private one on a pipe.
import type { ChildProcess } from "node:child_process";
import { describeError, fail, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import { connectToSocket } from "../platform/index.ts";
import type { Clock, Connection, Paths } from "../platform/index.ts";
import { secureFolder } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { readWelcome, shakeHands } from "./handshake.ts";
import type { Hello } from "./handshake.ts";
import { readOwner, tryStartLock } from "./start-lock.ts";
import type { StartLock } from "./start-lock.ts";

export interface DaemonLink {
  readonly connection: Connection;
  readonly pid: number;
  /** Ends a process that is nobody else's, when its conversation is given up. */
  readonly abandon?: () => void;
}

export type LinkFailure =
  /** No socket can be had here at all; the reason is a sentence for people. */
  | { readonly kind: "unusable"; readonly reason: string }
  /** It should have worked: try again later. */
  | { readonly kind: "failed"; readonly reason: string };

const CONNECT_TIMEOUT_MS = 5_000;
/** A daemon that is loading its rooms does not read for up to a second, on a busy machine for several. */
const HANDSHAKE_TIMEOUT_MS = 15_000;
/** From the first try to a daemon that answers; a start takes about half a second on a quiet machine. */
const START_DEADLINE_MS = 30_000;
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 100;

export interface LinkDeps {
  readonly paths: Paths;
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  readonly startDaemon: () => Promise<ChildProcess>;
}

export async function connectOrStart(deps: LinkDeps): Promise<Result<DaemonLink, LinkFailure>> {
  const { endpoint, clock } = deps;
  const isSafe = secureFolder(endpoint.folder, endpoint.isNamedPipe);
  if (!isSafe.ok) return fail({ kind: "unusable", reason: isSafe.failure });
  const deadlineMs = clock.nowMs() + START_DEADLINE_MS;
  const watch = createLockWatch(clock);
  for (
    let waitMs = FIRST_WAIT_MS;
    clock.nowMs() < deadlineMs;
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  ) {
    const link = await connect(endpoint);
    if (link.ok || link.failure.kind !== "nobody") return asLink(link);
    let lock: StartLock | undefined;
    try {
      lock = tryStartLock(endpoint.lock, watch.distrusted(readOwner(endpoint.lock)?.token));
    } catch (error) {
      return fail({
        kind: "unusable",
        reason: `hearth cannot write to ${endpoint.folder}: ${describeError(error)}`,
      });
    }
    if (lock !== undefined) {
      try {
        return await startUnderLock(deps, deadlineMs);
      } finally {
        lock.release();
      }
    }
    await pause(waitMs);
  }
  return fail({ kind: "failed", reason: `no daemon answered within ${START_DEADLINE_MS / 1000} s` });
}

async function startUnderLock(deps: LinkDeps, deadlineMs: number): Promise<Result<DaemonLink, LinkFailure>> {
  // Another forwarder may have started one between our failed try and our lock.
  const already = await connect(deps.endpoint);
  if (already.ok || already.failure.kind !== "nobody") return asLink(already);
  const child = await deps.startDaemon();
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code, signal) => (ended = `it ended with ${signal ?? `code ${code ?? "?"}`}`));
  while (deps.clock.nowMs() < deadlineMs) {
    await pause(FIRST_WAIT_MS);
    const link = await connect(deps.endpoint);
    if (link.ok || link.failure.kind !== "nobody") return asLink(link);
    if (ended !== undefined) {
      return fail({
        kind: "failed",
        reason: `the daemon did not start: ${ended}. Its output is in ${deps.paths.state}`,
      });
    }
  }
  return fail({ kind: "failed", reason: "the daemon was started and does not answer" });
}

type TryFailure = { readonly kind: "nobody" | "forbidden" | "refused"; readonly reason: string };

async function connect(endpoint: Endpoint): Promise<Result<DaemonLink, TryFailure>> {
  const connected = await connectToSocket(endpoint.socket, CONNECT_TIMEOUT_MS);
  if (!connected.ok) {
    const { kind, reason } = connected.failure;
    return fail({ kind: kind === "timeout" ? "refused" : kind, reason });
  }
  return greet(connected.value);
}

/** The handshake of a session, on any connection. */
export async function greet(connection: Connection): Promise<Result<DaemonLink, TryFailure>> {
  const hello: Hello = { role: "session", pid: process.pid, parentPid: process.ppid };
  const shaken = await shakeHands(connection, hello, HANDSHAKE_TIMEOUT_MS);
  // A daemon that was on its way out closes without a word: to the caller that is nobody.
  if (!shaken.ok) {
    const kind = shaken.failure.kind === "closed" ? "nobody" : "refused";
    return fail({ kind, reason: shaken.failure.reason });
  }
  const welcome = readWelcome(shaken.value.value);
  if (!welcome.ok) {
    shaken.value.connection.destroy();
    return fail({ kind: "refused", reason: welcome.reason });
  }
  return succeed({ connection: shaken.value.connection, pid: welcome.pid });
}

function asLink(link: Result<DaemonLink, TryFailure>): Result<DaemonLink, LinkFailure> {
  if (link.ok) return link;
  const { kind, reason } = link.failure;
  if (kind === "nobody") return fail({ kind: "failed", reason });
  return fail({ kind: "unusable", reason: `hearth's socket cannot be used: ${reason}` });
}

/** A lock whose owner outlived any start is not believed: its process id was given to another process. */
function createLockWatch(clock: Clock): { distrusted(token: string | undefined): string | undefined } {
  let seen: { readonly token: string; readonly sinceMs: number } | undefined;
  return {
    distrusted(token) {
      if (token === undefined) seen = undefined;
      else if (seen?.token !== token) seen = { token, sinceMs: clock.nowMs() };
      if (seen === undefined || clock.nowMs() - seen.sinceMs < START_DEADLINE_MS / 2) return undefined;
      return seen.token;
    },
  };
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
