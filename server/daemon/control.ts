// The command line's side of the daemon's socket: one question, one answer, never a start.
import { connectToSocket, openFolderFiles, resolvePaths } from "../platform/index.ts";
import type { DaemonStatus } from "./daemon-status.ts";
import { resolveEndpoint } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { shakeHands } from "./handshake.ts";
import type { ControlCommand } from "./handshake.ts";
import { isProcessAlive } from "./liveness.ts";

const CONNECT_TIMEOUT_MS = 2_000;
const ANSWER_TIMEOUT_MS = 10_000;
/** The daemon gives its sessions one second and native code two. */
const STOP_TIMEOUT_MS = 8_000;

/** Undefined when no daemon of this build runs. */
export async function askStatus(endpoint: Endpoint = ownEndpoint()): Promise<DaemonStatus | undefined> {
  const answer = await ask("status", endpoint);
  return answer?.["status"] as DaemonStatus | undefined;
}

/** The process that was stopped; undefined when none ran. Resolves when it has ended. */
export async function stopDaemon(endpoint: Endpoint = ownEndpoint()): Promise<number | undefined> {
  const answer = await ask("stop", endpoint);
  const pid = answer?.["pid"];
  if (typeof pid !== "number") return undefined;
  const deadlineMs = performance.now() + STOP_TIMEOUT_MS;
  while (isProcessAlive(pid) && performance.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return pid;
}

/** Forgets the crashes of models, in the running daemon or, when there is none, on disk. */
export async function retryModels(endpoint: Endpoint = ownEndpoint()): Promise<boolean> {
  if ((await ask("retry-models", endpoint)) !== undefined) return true;
  openFolderFiles(resolvePaths(process.env).state).remove("model-crashes.json");
  return false;
}

function ownEndpoint(): Endpoint {
  return resolveEndpoint(resolvePaths(process.env));
}

async function ask(
  command: ControlCommand,
  endpoint: Endpoint,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const connected = await connectToSocket(endpoint.socket, CONNECT_TIMEOUT_MS);
  if (!connected.ok) return undefined;
  const shaken = await shakeHands(
    connected.value,
    { role: "control", pid: process.pid, command },
    ANSWER_TIMEOUT_MS,
  );
  if (!shaken.ok) return undefined;
  shaken.value.connection.destroy();
  return shaken.value.value;
}
