// Starting a daemon: a process of its own that outlives the editor, or a private one on a pipe that ends with it.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, renameSync, statSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectionOf } from "../platform/index.ts";
import type { Connection, Paths } from "../platform/index.ts";

/** The descriptor on which a private daemon finds its one client. */
export const PRIVATE_FD = 3;
const MAX_OUTPUT_BYTES = 5 * 1024 * 1024;

/** Own session, no terminal, no pipe to the editor; its standard output and error go to a file in the state folder. */
export function spawnSharedDaemon(paths: Paths, build: string): ChildProcess {
  const output = openOutput(paths);
  try {
    const child = spawn(process.execPath, nodeArguments(["daemon", "--locked", `--build=${build}`]), {
      detached: true,
      windowsHide: true,
      stdio: ["ignore", output, output],
      cwd: paths.packageRoot,
      env: daemonEnvironment(process.env),
    });
    child.unref();
    return child;
  } finally {
    if (typeof output === "number") closeSync(output);
  }
}

/** Whatever native code writes to descriptor 1 or 2 goes to the file: the protocol has a descriptor that only it knows. */
export function spawnPrivateDaemon(
  paths: Paths,
  options: { readonly hasModel: boolean },
): { readonly child: ChildProcess; readonly connection: Connection } {
  const output = openOutput(paths);
  try {
    const child = spawn(
      process.execPath,
      nodeArguments(["daemon", "--private", ...(options.hasModel ? [] : ["--no-model"])]),
      {
        windowsHide: true,
        stdio: ["ignore", output, output, "pipe"],
        cwd: paths.packageRoot,
        env: daemonEnvironment(process.env),
      },
    );
    child.on("error", () => child.stdio[PRIVATE_FD]?.destroy());
    return { child, connection: connectionOf(child.stdio[PRIVATE_FD] as Socket) };
  } finally {
    if (typeof output === "number") closeSync(output);
  }
}

export function outputFile(paths: Paths): string {
  return join(paths.state, "daemon-output.log");
}

function nodeArguments(own: readonly string[]): string[] {
  return [fileURLToPath(new URL("../cli/main.js", import.meta.url)), ...own];
}

const PROXY_VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

function daemonEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const hasProxy = PROXY_VARIABLES.some((name) => (environment[name] ?? "") !== "");
  return {
    ...environment,
    // Node 22.21 and 24 follow the user's proxy when told so; Node 20 has no such switch.
    ...(hasProxy ? { NODE_USE_ENV_PROXY: environment["NODE_USE_ENV_PROXY"] ?? "1" } : {}),
    // Inference occupies libuv's pool; with the default of 4 threads file access waits for seconds. Read when Node starts.
    UV_THREADPOOL_SIZE: environment["UV_THREADPOOL_SIZE"] ?? "16",
    // Where gdb is installed, an abort of llama.cpp would wait for its backtrace (50 s measured) before the process ends.
    GGML_NO_BACKTRACE: environment["GGML_NO_BACKTRACE"] ?? "1",
    NODE_LLAMA_CPP_SKIP_DOWNLOAD: "true",
  };
}

/** A full or read-only disk costs the output, not the daemon. */
function openOutput(paths: Paths): number | "ignore" {
  const file = outputFile(paths);
  try {
    mkdirSync(paths.state, { recursive: true, mode: 0o700 });
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MAX_OUTPUT_BYTES) renameSync(file, `${file}.1`);
    return openSync(file, "a", 0o600);
  } catch {
    // Said again by `hearth doctor`, which tries to write there.
    return "ignore";
  }
}
