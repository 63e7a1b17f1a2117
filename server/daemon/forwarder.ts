// What an editor starts: its standard streams on one side, a daemon on the other. The process that loads a model never owns the
// editor's standard output, so nothing that native code prints can reach the protocol.
import { resolvePaths, systemClock } from "../platform/index.ts";
import type { Environment, Paths } from "../platform/index.ts";
import { createFrameDecoder } from "../wire/index.ts";
import { succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import { DEATHS_PER_MINUTE } from "./circuit.ts";
import type { LinkMode } from "./circuit.ts";
import { resolveEndpoint } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { connectOrStart, greet } from "./link.ts";
import type { DaemonLink, LinkFailure } from "./link.ts";
import { createRelay } from "./relay.ts";

/** An editor that does not read must not keep us: what it has not taken by then is lost with it. */
const LAST_WRITE_MS = 1_000;

/** Runs until the editor is gone or has said `exit`; the promise is the exit code. */
export function runForwarder(options: { readonly isStandalone: boolean }): Promise<number> {
  const paths = resolvePaths(process.env);
  // Named once: the files of this build may be replaced while the editor runs.
  const endpoint = resolveEndpoint(paths);
  const editor = { input: process.stdin, output: process.stdout };
  const write = takeStandardOutput();
  return new Promise((resolve) => {
    const relay = createRelay({
      clock: systemClock,
      toEditor: (frame) => write(frame),
      openLink: (mode) => openLink(mode, paths, endpoint),
      holdEditor(isHeld) {
        if (isHeld) editor.input.pause();
        else if (editor.input.isPaused()) editor.input.resume();
      },
      say: (line) => void process.stderr.write(`hearth: ${line}\n`),
      finish: (exitCode) => void flush(write).then(() => resolve(exitCode)),
      startMode: options.isStandalone ? "private" : "shared",
      deathsPerMinute: deathsPerMinute(process.env),
    });
    const decoder = createFrameDecoder();
    editor.input.on("data", (chunk: Buffer) => {
      for (const event of decoder.push(chunk)) {
        if (event.kind === "frame") relay.fromEditor(event.body);
        else {
          process.stderr.write(`hearth: the editor's stream cannot be read: ${event.reason}\n`);
          relay.end();
        }
      }
    });
    editor.input.on("end", () => relay.end());
    editor.input.on("error", () => relay.end());
    editor.output.on("drain", () => relay.editorDrained());
    editor.output.on("error", () => relay.end());
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => relay.end());
    relay.start();
  });
}

type WriteFrame = (chunk: Uint8Array, onWritten?: () => void) => boolean;

/** The one writer of frames. Whatever else in this process prints goes to standard error from here on. */
function takeStandardOutput(): WriteFrame {
  const write: WriteFrame = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  return write;
}

function flush(write: WriteFrame): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LAST_WRITE_MS);
    write(new Uint8Array(0), () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function openLink(
  mode: LinkMode,
  paths: Paths,
  endpoint: Endpoint,
): Promise<Result<DaemonLink, LinkFailure>> {
  if (mode === "shared") {
    return connectOrStart({
      paths,
      endpoint,
      clock: systemClock,
      // Loaded only by the one forwarder that starts the daemon.
      startDaemon: async () => (await import("./spawn.ts")).spawnSharedDaemon(paths, endpoint.build),
    });
  }
  const { spawnPrivateDaemon } = await import("./spawn.ts");
  const { connection, child } = spawnPrivateDaemon(paths, { hasModel: mode === "private" });
  const greeted = await greet(connection);
  if (greeted.ok) return succeed({ ...greeted.value, abandon: () => void child.kill("SIGKILL") });
  child.kill("SIGKILL");
  return { ok: false, failure: { kind: "failed", reason: greeted.failure.reason } };
}

function deathsPerMinute(environment: Environment): number {
  const wanted = Number(environment["HEARTH_DEATHS_PER_MINUTE"]);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : DEATHS_PER_MINUTE;
}
