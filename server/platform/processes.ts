// The door to other programs: runs one to its end with a deadline, an output limit and cancellation that reaches its children.
import { spawn } from "node:child_process";
import { cancelled } from "../kernel/index.ts";
import type { Environment } from "./paths.ts";

export interface RunOptions {
  readonly folder?: string;
  /** Added to this process's environment; undefined removes a variable. */
  readonly environment?: Environment;
  /** Aborting ends the program and its children and rejects with the cancelled error. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export type RunResult =
  | {
      readonly kind: "ended";
      readonly exitCode: number;
      /** The last 64 KiB of each stream. */
      readonly output: string;
      readonly errors: string;
    }
  /** No such program, or it may not be run. */
  | { readonly kind: "not-found" }
  | { readonly kind: "timed-out"; readonly output: string; readonly errors: string };

export interface Processes {
  /** This process: written into locks. */
  readonly ownId: number;
  readonly environment: Environment;
  /** "linux", "darwin", "win32". */
  readonly platform: string;
  /** "x64", "arm64". */
  readonly architecture: string;
  isAlive(processId: number): boolean;
  /** Runs a program without a shell, without input. Rejects only when cancelled. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
}

const KEPT_OUTPUT_BYTES = 64 * 1024;

export const systemProcesses: Processes = {
  ownId: process.pid,
  environment: process.env,
  platform: process.platform,
  architecture: process.arch,
  isAlive,
  run,
};

function isAlive(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { signal, timeoutMs } = options;
  if (signal?.aborted === true) return Promise.reject(cancelled());
  return new Promise<RunResult>((resolve, reject) => {
    // A group of its own lets the end reach grandchildren too; Windows has no groups.
    const isGroupLeader = process.platform !== "win32";
    const child = spawn(command, [...args], {
      cwd: options.folder,
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: isGroupLeader,
      windowsHide: true,
    });
    const output = keepTail();
    const errors = keepTail();
    child.stdout.on("data", (chunk: Buffer) => output.add(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.add(chunk));
    let outcome: "running" | "timed-out" | "cancelled" = "running";
    const stop = (reason: "timed-out" | "cancelled"): void => {
      if (outcome !== "running") return;
      outcome = reason;
      if (child.pid === undefined) return;
      if (!isGroupLeader) {
        child.kill("SIGKILL");
        return;
      }
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // The group ended by itself in the meantime; `close` follows.
        child.kill("SIGKILL");
      }
    };
    const onAbort = (): void => stop("cancelled");
    signal?.addEventListener("abort", onAbort, { once: true });
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop("timed-out"), timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    child.on("error", () => {
      settle();
      resolve({ kind: "not-found" });
    });
    child.on("close", (code) => {
      settle();
      const texts = { output: output.text(), errors: errors.text() };
      if (outcome === "cancelled") reject(cancelled());
      else if (outcome === "timed-out") resolve({ kind: "timed-out", ...texts });
      else resolve({ kind: "ended", exitCode: code ?? -1, ...texts });
    });
  });
}

function keepTail(): { add(chunk: Buffer): void; text(): string } {
  let kept: Buffer = Buffer.alloc(0);
  return {
    add(chunk) {
      kept = Buffer.concat([kept, chunk]);
      if (kept.length > KEPT_OUTPUT_BYTES) kept = kept.subarray(kept.length - KEPT_OUTPUT_BYTES);
    },
    text: () => kept.toString("utf8"),
  };
}
