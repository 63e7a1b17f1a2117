// The resident process: one session per connection, shared services, control requests, and an end when nobody needs it.
import { createBugRecorder, describeError } from "../kernel/index.ts";
import type { BugRecorder } from "../kernel/index.ts";
import {
  connectionFromFileDescriptor,
  openLog,
  resolvePaths,
  silentLog,
  systemClock,
} from "../platform/index.ts";
import type { Environment, LogLevel, LogSink, Paths } from "../platform/index.ts";
import { join } from "node:path";
import type { Composition } from "./compose.ts";
import type { DaemonStatus } from "./daemon-status.ts";
import { resolveEndpoint, secureFolder } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { encodeLine } from "./handshake.ts";
import { createReception } from "./reception.ts";
import { createSessionHost } from "./session-host.ts";
import type { SessionHost } from "./session-host.ts";
import { publishSocket } from "./publish.ts";
import type { PublishedSocket } from "./publish.ts";
import { PRIVATE_FD } from "./spawn.ts";
import { watchStalls } from "./stalls.ts";
import { tryStartLock } from "./start-lock.ts";

export interface DaemonOptions {
  /** One client, on an inherited descriptor; ends with it. */
  readonly isPrivate: boolean;
  /** The process that started this one holds the start lock. */
  readonly isLocked: boolean;
  readonly hasModel: boolean;
  /** The name under which the starter expects it; undefined takes that of the files on disk. */
  readonly build: string | undefined;
}

const SOCKET_CHECK_MS = 2_000;
const SESSIONS_END_MS = 1_000;
const NATIVE_END_MS = 2_000;

export async function runDaemon(options: DaemonOptions): Promise<number> {
  const paths = resolvePaths(process.env);
  const log = openDaemonLog(paths, process.env);
  const bugs = createBugRecorder((bug) =>
    log.error({ bug: bug.key, count: bug.count, stack: bug.stack }, bug.message),
  );
  process.on("uncaughtException", (error) => bugs.report("uncaught-exception", error));
  process.on("unhandledRejection", (error) => bugs.report("unhandled-rejection", error));
  process.title = "hearth-daemon";
  const endpoint = resolveEndpoint(paths, options.build);
  const daemon = createDaemon({ ...options, paths, endpoint, log, bugs });
  try {
    return await daemon.run();
  } catch (error) {
    // A broken installation: clients must find nobody here rather than somebody who never answers.
    bugs.report("daemon.start", error);
    process.stderr.write(`hearth: the daemon cannot start: ${describeError(error)}\n`);
    return 1;
  } finally {
    log.flush();
  }
}

interface DaemonParts extends DaemonOptions {
  readonly paths: Paths;
  readonly endpoint: Endpoint;
  readonly log: LogSink;
  readonly bugs: BugRecorder;
}

function createDaemon(parts: DaemonParts): { run(): Promise<number> } {
  const { paths, endpoint, log, bugs } = parts;
  const clock = systemClock;
  const startedMs = clock.nowMs();
  let idleExitMs = 0;
  const stalls = watchStalls(clock);
  let composition: Composition | undefined;
  let host: SessionHost | undefined;
  let published: PublishedSocket | undefined;
  let isUnreachable = false;
  let stopIdleTimer: () => void = () => undefined;
  let resolveEnd: (exitCode: number) => void = () => undefined;
  const end = new Promise<number>((resolve) => (resolveEnd = resolve));
  let isStopping = false;

  const stop = async (reason: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    const stopStartedMs = clock.nowMs();
    log.info({ reason, sessions: host?.size ?? 0 }, "daemon stops");
    // No new client may meet a daemon on its way out.
    published?.withdraw();
    await host?.endAll(reason, SESSIONS_END_MS);
    await Promise.race([
      composition?.dispose(),
      new Promise<void>((resolve) => clock.schedule(NATIVE_END_MS, resolve)),
    ]);
    log.info({ stopMs: Math.round(clock.nowMs() - stopStartedMs) }, "daemon ended");
    resolveEnd(0);
  };
  const stopSoon = (reason: string): void => {
    stop(reason).catch((error: unknown) => {
      bugs.report("daemon.stop", error);
      resolveEnd(1);
    });
  };
  const whenEmpty = (): void => {
    if (parts.isPrivate || isUnreachable) return stopSoon("the last session ended");
    stopIdleTimer();
    if (!Number.isFinite(idleExitMs)) return;
    stopIdleTimer = clock.schedule(idleExitMs, () => {
      if (host?.size === 0) stopSoon("idle");
    });
  };

  const status = (): DaemonStatus | undefined => {
    if (composition === undefined || host === undefined) return undefined;
    const memory = process.memoryUsage();
    return {
      pid: process.pid,
      version: endpoint.version,
      build: endpoint.build,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      socket: parts.isPrivate ? undefined : endpoint.socket,
      uptimeMs: Math.round(clock.nowMs() - startedMs),
      memory: { residentBytes: memory.rss, heapBytes: memory.heapUsed, externalBytes: memory.external },
      longestStallMs: Math.round(stalls.longestMs()),
      idleExitMs: Number.isFinite(idleExitMs) ? idleExitMs : null,
      sessions: host.list(),
      inference: composition.session.inference.status(),
      completion: composition.completionTotals(),
      syntax: composition.session.syntax.status(),
      bugs: bugs.list(),
      settingsProblems: composition.settings.problems(),
      logFile: logFile(paths),
    };
  };

  const reception = createReception({
    clock,
    log,
    openSession(connection, peer) {
      stopIdleTimer();
      connection.write(encodeLine({ ok: true, pid: process.pid }));
      composition?.session.inference.prepare();
      host?.open(connection, peer);
    },
    status,
    stop: () => stopSoon("asked to stop"),
    retryModels: () => composition?.session.inference.switchOn(),
  });

  const openRooms = async (): Promise<void> => {
    const { compose } = await import("./compose.ts");
    composition = await compose({
      paths,
      environment: process.env,
      clock,
      log,
      bugs,
      version: endpoint.version,
      hasModel: parts.hasModel,
    });
    idleExitMs = readIdleExit(process.env, composition.settings.current().daemon.exitAfterMinutes);
    host = createSessionHost({ composition, onEmpty: whenEmpty });
    reception.open();
    log.info(
      { pid: process.pid, build: endpoint.build, startMs: Math.round(clock.nowMs() - startedMs) },
      "daemon ready",
    );
  };

  const bind = async (): Promise<boolean> => {
    const safe = secureFolder(endpoint.folder, endpoint.isNamedPipe);
    if (!safe.ok) throw new Error(safe.failure);
    const lock = parts.isLocked ? undefined : tryStartLock(endpoint.lock);
    if (!parts.isLocked && lock === undefined) return false;
    try {
      published = await publishSocket(
        endpoint,
        (connection) => reception.welcome(connection),
        (error) => bugs.report("daemon.socket", error),
      );
    } finally {
      lock?.release();
    }
    return published !== undefined;
  };

  const watchSocket = (): void => {
    clock.schedule(SOCKET_CHECK_MS, () => {
      if (isStopping) return;
      if (published?.isReachable() !== true) {
        isUnreachable = true;
        log.warn(
          { socket: endpoint.socket },
          "the socket leads elsewhere: this daemon ends with its last session",
        );
        if (host?.size === 0) return stopSoon("unreachable");
        return;
      }
      watchSocket();
    });
  };

  return {
    async run() {
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stopSoon(signal));
      // A closed terminal is no reason to end: the daemon belongs to the login, not to a window.
      process.on("SIGHUP", () => undefined);
      if (parts.isPrivate) {
        reception.welcome(connectionFromFileDescriptor(PRIVATE_FD));
      } else if (!(await bind())) {
        log.info({ socket: endpoint.socket }, "another daemon serves already");
        process.stderr.write(`hearth: another daemon serves already at ${endpoint.socket}\n`);
        return 0;
      }
      // Timers of the clock keep no process alive; without a client on a pipe nothing else would.
      const keepAlive = setInterval(() => undefined, 60_000);
      await openRooms();
      if (!parts.isPrivate) {
        watchSocket();
        whenEmpty();
      }
      const exitCode = await end;
      clearInterval(keepAlive);
      return exitCode;
    },
  };
}

function logFile(paths: Paths): string {
  return join(paths.state, "daemon.log");
}

function openDaemonLog(paths: Paths, environment: Environment): LogSink {
  const levels: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];
  const level = levels.find((known) => known === environment["HEARTH_LOG_LEVEL"]) ?? "info";
  try {
    return openLog(logFile(paths), level);
  } catch {
    // No place for a log: the daemon serves all the same, and `hearth doctor` says so.
    return silentLog;
  }
}

/** `HEARTH_IDLE_EXIT_MS` is finer than the setting: for tests. 0 minutes keep the daemon running. */
function readIdleExit(environment: Environment, minutes: number): number {
  const wanted = Number(environment["HEARTH_IDLE_EXIT_MS"]);
  if (Number.isFinite(wanted) && wanted > 0) return wanted;
  return minutes === 0 ? Number.POSITIVE_INFINITY : minutes * 60_000;
}
