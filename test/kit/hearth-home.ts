// A home of its own for hearth's processes: starts forwarders there, looks at the daemon, and ends by id whatever is left.
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askStatus } from "../../server/daemon/control.ts";
import type { DaemonStatus } from "../../server/daemon/daemon-status.ts";
import { resolveEndpoint } from "../../server/daemon/endpoint.ts";
import { isProcessAlive } from "../../server/daemon/liveness.ts";
import { resolvePaths } from "../../server/platform/index.ts";
import type { Mode, ServerUnderTest } from "./modes.ts";
import { streamOfProcess } from "./streams.ts";
import { until } from "./waiting.ts";

const root = new URL("../..", import.meta.url).pathname;
export const mainFile: string = join(root, "dist/server/cli/main.js");

export interface Forwarder extends ServerUnderTest {
  readonly child: ChildProcessWithoutNullStreams;
  readonly pid: number;
}

export interface HearthHome {
  readonly folder: string;
  start(args?: readonly string[], environment?: NodeJS.ProcessEnv): Forwarder;
  /** The client's way in: a forwarder with these arguments. */
  mode(name: string, args?: readonly string[], environment?: NodeJS.ProcessEnv): Mode;
  /** A command for people, to its end. */
  command(
    args: readonly string[],
    environment?: NodeJS.ProcessEnv,
  ): { readonly exitCode: number | null; readonly output: string; readonly complaints: string };
  /** Status by the daemon that `build` names, or by the only one there. */
  status(build?: string): Promise<DaemonStatus | undefined>;
  /** Waits for a daemon that serves. */
  daemon(): Promise<DaemonStatus>;
  /** Builds that have a socket here. */
  builds(): readonly string[];
  log(): string;
  destroy(): Promise<void>;
}

export function createHearthHome(
  options: {
    readonly environment?: NodeJS.ProcessEnv;
    readonly folder?: string;
    readonly main?: string;
  } = {},
): HearthHome {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "hh-"));
  const main = options.main ?? mainFile;
  const environmentOf = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    ...process.env,
    HEARTH_HOME: folder,
    HEARTH_MODEL_ID: "none",
    ...options.environment,
    ...more,
  });
  const paths = resolvePaths({ HEARTH_HOME: folder });
  const started: ChildProcessWithoutNullStreams[] = [];
  const daemons = new Set<number>();

  const builds = (): readonly string[] => {
    const run = resolveEndpoint(paths, "x").folder;
    if (!existsSync(run)) return [];
    return readdirSync(run)
      .filter((file) => file.endsWith(".sock"))
      .map((file) => file.slice(0, -".sock".length));
  };
  const status = async (build?: string): Promise<DaemonStatus | undefined> => {
    const named = build ?? builds()[0];
    if (named === undefined) return undefined;
    const found = await askStatus(resolveEndpoint(paths, named));
    if (found !== undefined) daemons.add(found.pid);
    return found;
  };

  const start = (args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Forwarder => {
    const child = spawn(process.execPath, [main, ...args], {
      env: environmentOf(environment),
      stdio: ["pipe", "pipe", "pipe"],
    });
    started.push(child);
    let complaints = "";
    child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString("utf8")));
    const exited = new Promise<number>((resolve) =>
      child.once("exit", (code, signal) => resolve(code ?? (signal === null ? -1 : -2))),
    );
    return {
      child,
      pid: child.pid ?? -1,
      stream: streamOfProcess(child),
      exited,
      complaints: () => complaints,
      async destroy() {
        child.kill("SIGKILL");
        await exited;
      },
    };
  };

  return {
    folder,
    start,
    mode: (name, args, environment) => ({ name, start: () => Promise.resolve(start(args, environment)) }),
    command(args, environment) {
      const run = spawnSync(process.execPath, [main, ...args], {
        env: environmentOf(environment),
        encoding: "utf8",
        timeout: 60_000,
      });
      return { exitCode: run.status, output: run.stdout, complaints: run.stderr };
    },
    status,
    daemon: () => until("a daemon answers", () => status()),
    builds,
    log: () => readLog(folder),
    async destroy() {
      for (const child of started) {
        if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      }
      for (const build of builds()) await status(build);
      for (const pid of [...daemons, ...loggedDaemons(folder)]) {
        if (isProcessAlive(pid) && isHearth(pid)) process.kill(pid, "SIGKILL");
      }
      rmSync(folder, { recursive: true, force: true });
      rmSync(resolveEndpoint(paths, "x").folder, { recursive: true, force: true });
    },
  };
}

/** A test may have put a device in its place, which would never end. */
function readLog(folder: string): string {
  const file = join(folder, "state/daemon.log");
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(file, "utf8") : "";
}

/** Daemons that a test may have lost sight of, by their own log. */
function loggedDaemons(folder: string): readonly number[] {
  return [...readLog(folder).matchAll(/"pid":(\d+)/g)].map((match) => Number(match[1]));
}

/** A number from a log may belong to somebody else by now. */
function isHearth(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("\0daemon");
  } catch {
    // Gone between the two looks, or a system without /proc.
    return false;
  }
}

/** The same build in another place, one file of another age: what an update leaves beside a running daemon. Returns its main file. */
export function copyBuild(folder: string, shared: readonly string[]): string {
  cpSync(join(root, "dist/server"), join(folder, "dist/server"), { recursive: true });
  cpSync(join(root, "package.json"), join(folder, "package.json"));
  for (const name of shared) symlinkSync(join(root, name), join(folder, name));
  const main = join(folder, "dist/server/cli/main.js");
  utimesSync(main, new Date(0), new Date(0));
  return main;
}

/** Child processes of a process, on systems with /proc. */
export function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .split(" ")
      .filter((part) => part !== "")
      .map(Number);
  } catch {
    // The process is gone.
    return [];
  }
}
