// The ways in which a server is reached: in memory, standalone on stdio, forwarder and daemon. One scenario body runs in all of them.
import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createBugRecorder } from "../../server/kernel/index.ts";
import type { BugRecorder } from "../../server/kernel/index.ts";
import { resolvePaths, silentLog, systemClock } from "../../server/platform/index.ts";
import type { Composition } from "../../server/daemon/compose.ts";
import { createStreamPair, streamOfProcess } from "./streams.ts";
import type { HoldableStream } from "./streams.ts";
import { within } from "./waiting.ts";

/** A running server and the client's end of its stream. */
export interface ServerUnderTest {
  readonly stream: HoldableStream;
  /** The exit code that the editor would see. */
  readonly exited: Promise<number>;
  /** Ends what is left, by force; for the end of a test. */
  destroy(): Promise<void>;
  /** What it wrote beside the protocol, and bugs that it recorded. */
  readonly complaints: () => string;
  /** The process that the editor started, where there is one. */
  readonly pid: number | undefined;
}

export interface Mode {
  readonly name: string;
  start(): Promise<ServerUnderTest>;
}

/** A mode with a home folder of its own, which lives until `dispose`. */
interface OwnedMode extends Mode {
  readonly environment: NodeJS.ProcessEnv;
  dispose(): Promise<void>;
}

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));
const mainFile: string = join(packageRoot, "dist", "server", "cli", "main.js");

/** No model, no network, no logs that nobody reads: what most scenarios want. Tests of suggestions say otherwise. */
const WITHOUT_MODEL: Readonly<Record<string, string>> = { HEARTH_MODEL_ID: "none" };

export type Variables = Readonly<Record<string, string>>;

/** All three, each with a home of its own. */
export function createModes(variables: Variables = WITHOUT_MODEL): readonly OwnedMode[] {
  return [createMemoryMode(variables), createStandaloneMode(variables), createDaemonMode(variables)];
}

/** Sessions of one composition in this process, over streams in memory. */
function createMemoryMode(variables: Variables = WITHOUT_MODEL): OwnedMode {
  const home = createHome(variables);
  const bugs: BugRecorder = createBugRecorder();
  let composed: Promise<Composition> | undefined;
  let nextId = 1;
  const composition = async (): Promise<Composition> => {
    const environment = await home();
    const { compose } = await import("../../server/daemon/compose.ts");
    return compose({
      paths: resolvePaths(environment),
      environment,
      clock: systemClock,
      log: silentLog,
      bugs,
      version: "test",
      hasModel: true,
    });
  };
  return {
    name: "memory",
    environment: home.environment,
    async start() {
      const { openSession, session: deps } = await (composed ??= composition());
      const { client, server } = createStreamPair();
      const session = openSession(nextId++, server, deps);
      return {
        stream: client,
        exited: session.ended,
        async destroy() {
          client.release();
          client.end();
          await within("the session ends", session.ended);
        },
        complaints: () => JSON.stringify(bugs.list()),
        pid: undefined,
      };
    },
    async dispose() {
      await (await composed)?.dispose();
      await home.remove();
    },
  };
}

function createStandaloneMode(variables: Variables = WITHOUT_MODEL): OwnedMode {
  const home = createHome(variables);
  return {
    name: "standalone",
    environment: home.environment,
    start: async () => startProcess(["--standalone"], await home()),
    dispose: () => home.remove(),
  };
}

/** Forwarders of one daemon; the daemon is stopped by `dispose`. */
function createDaemonMode(variables: Variables = WITHOUT_MODEL): OwnedMode {
  const home = createHome(variables);
  return {
    name: "daemon",
    environment: home.environment,
    start: async () => startProcess([], await home()),
    async dispose() {
      await runHearth(["stop"], await home());
      await home.remove();
    },
  };
}

interface Home {
  (): Promise<NodeJS.ProcessEnv>;
  /** Filled when the home is first used. */
  readonly environment: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

/** A short path: the name of a unix socket has room for about a hundred bytes. */
function createHome(variables: Variables): Home {
  const environment: NodeJS.ProcessEnv = { ...process.env, ...variables };
  let made: Promise<string> | undefined;
  const open = async (): Promise<NodeJS.ProcessEnv> => {
    environment["HEARTH_HOME"] = await (made ??= mkdtemp(join(tmpdir(), "hearth-")));
    return environment;
  };
  return Object.assign(open, {
    environment,
    async remove() {
      if (made !== undefined) await rm(await made, { recursive: true, force: true, maxRetries: 5 });
    },
  });
}

function startProcess(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<ServerUnderTest> {
  const child = spawnHearth(args, environment);
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString("utf8");
  });
  const exited = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? (signal === null ? 1 : 128)));
  });
  return Promise.resolve({
    stream: streamOfProcess(child),
    exited,
    async destroy() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      child.stdout.resume();
      await within("the process ends", exited);
    },
    complaints: () => complaints,
    pid: child.pid,
  });
}

function spawnHearth(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): ChildProcessWithoutNullStreams {
  if (!existsSync(mainFile)) throw new Error("dist/ is missing: run `npm run build` before these tests");
  return spawn(process.execPath, [mainFile, ...args], { env: environment, stdio: "pipe" });
}

/** Runs a command of hearth to its end and gives back what it printed. */
async function runHearth(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const child = spawnHearth(args, environment);
  child.stdin.end();
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString("utf8")));
  const code = await within(
    `hearth ${args.join(" ")}`,
    new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (ended) => resolve(ended ?? 1));
    }),
  );
  return { code, out, err };
}
