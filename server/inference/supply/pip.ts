// Fetches one wheel with the machine's own pip, so that its index, proxy and certificates hold and no host is named here.
import { join } from "node:path";
import type { Clock, Files, Processes } from "../../platform/index.ts";
import { give } from "./supply-error.ts";

export interface Pip {
  /**
   * Downloads the wheel of exactly this version into `folder` (made when missing) and returns its path. Nothing of the package runs: no
   * dependency, no source build. `onBytes` hears how much has come.
   */
  downloadWheel(request: {
    readonly package: string;
    readonly version: string;
    readonly folder: string;
    /** Of the wheel, where known: for the message when the disk is full. */
    readonly expectedBytes: number | undefined;
    readonly signal: AbortSignal;
    readonly onBytes: (bytes: number) => void;
  }): Promise<string>;
}

const REMEDY =
  "install Python 3 with pip (for example `apt install python3-pip`, `brew install python`, python.org), or choose a model from another source.";
const PROBE_TIMEOUT_MS = 20_000;
const POLL_MS = 250;

export function createPip(deps: {
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Clock;
}): Pip {
  const { files, processes, clock } = deps;
  let known: readonly string[] | undefined;

  /** The first form of pip that answers; remembered, since each probe starts an interpreter. */
  async function findPip(folder: string, signal: AbortSignal): Promise<readonly string[]> {
    if (known !== undefined) return known;
    const python = processes.platform === "win32" ? [["py", "-3"], ["python"]] : [["python3"], ["python"]];
    for (const form of [...python.map((words) => [...words, "-m", "pip"]), ["pip3"], ["pip"]]) {
      const [command = "", ...args] = form;
      // An empty folder of ours: `python -m pip` would take a pip.py in the working folder for pip.
      const options = { folder, signal, timeoutMs: PROBE_TIMEOUT_MS };
      const probe = await processes.run(command, [...args, "--version"], options);
      if (probe.kind === "ended" && probe.exitCode === 0) return (known = form);
    }
    throw give({ kind: "missing-tool", tool: "pip", remedy: REMEDY });
  }

  return {
    async downloadWheel(request) {
      const { folder, signal } = request;
      // pip writes to TMPDIR first: beside the target, so that the disk whose free space was checked is the one that fills.
      const temporary = join(folder, "tmp");
      const wheels = join(folder, "wheels");
      await files.makeFolder(temporary);
      await files.makeFolder(wheels);
      const [command = "", ...args] = await findPip(wheels, signal);
      const watch = watchFolder(temporary, request.onBytes);
      let result;
      try {
        result = await processes.run(
          command,
          [
            ...args,
            "download",
            "--no-deps",
            "--only-binary=:all:",
            "--no-input",
            "--no-cache-dir",
            "--progress-bar=off",
            "--disable-pip-version-check",
            "--ignore-requires-python",
            `--dest=${wheels}`,
            `${request.package}==${request.version}`,
          ],
          { folder: wheels, signal, environment: { TMPDIR: temporary, TEMP: temporary, TMP: temporary } },
        );
      } finally {
        await watch.stop();
      }
      if (result.kind === "not-found") throw give({ kind: "missing-tool", tool: "pip", remedy: REMEDY });
      if (result.kind === "timed-out" || result.exitCode !== 0) {
        if (/No space left on device|Errno 28|not enough space/i.test(result.errors)) {
          const freeBytes = (await files.freeBytes(folder)) ?? 0;
          throw give({
            kind: "no-space",
            neededBytes: request.expectedBytes ?? freeBytes + 1,
            freeBytes,
            folder,
          });
        }
        throw give({
          kind: "unreachable",
          reason: `pip could not download ${request.package}==${request.version}: ${lastWords(result.errors)}`,
        });
      }
      const wheel = (await files.list(wheels)).find((name) => name.endsWith(".whl"));
      if (wheel === undefined) {
        throw give({ kind: "invalid-file", reason: `pip brought no wheel of ${request.package}.` });
      }
      return join(wheels, wheel);
    },
  };

  /** pip before 24.1 tells no progress to a program: the growth of its temporary files does. */
  function watchFolder(folder: string, onBytes: (bytes: number) => void): { stop(): Promise<void> } {
    let isStopped = false;
    let running: Promise<void> = Promise.resolve();
    let unschedule: () => void = () => undefined;
    const look = async (): Promise<void> => {
      const bytes = await folderBytes(folder, 2);
      if (!isStopped) onBytes(bytes);
      if (!isStopped) unschedule = clock.schedule(POLL_MS, start);
    };
    const start = (): void => {
      // Only progress hangs on this: a folder that cannot be read ends the watching, not the download.
      running = look().catch(() => {
        isStopped = true;
      });
    };
    start();
    return {
      async stop() {
        isStopped = true;
        unschedule();
        await running;
      },
    };
  }

  async function folderBytes(folder: string, depth: number): Promise<number> {
    let sum = 0;
    for (const name of await files.list(folder)) {
      const found = await files.stat(join(folder, name));
      if (found === undefined) continue;
      if (!found.isFolder) sum += found.bytes;
      else if (depth > 0) sum += await folderBytes(join(folder, name), depth - 1);
    }
    return sum;
  }
}

/** The line of pip's complaint that says most, without addresses: they may carry a password of the user's index. */
function lastWords(errors: string): string {
  const lines = errors.split(/\r?\n/).map((line) => line.trim());
  const said = lines.filter((line) => line.startsWith("ERROR:")).at(-1) ?? lines.filter(Boolean).at(-1);
  if (said === undefined) return "it gave no reason.";
  return `${said
    .replace(/^ERROR: */, "")
    .replace(/\b[a-z]+:\/\/\S+/gi, "<address>")
    .slice(0, 400)}.`.replace(/\.\.$/, ".");
}
