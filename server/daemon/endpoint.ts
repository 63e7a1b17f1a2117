// Where the daemon of this build listens, and whether that place is safe: a folder of this user's that nobody else can write.
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { describeError, fail, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import type { Paths } from "../platform/index.ts";

export interface Endpoint {
  readonly version: string;
  /** Changes with every build: another version of hearth gets a daemon of its own. */
  readonly build: string;
  readonly folder: string;
  /** What a client connects to: a socket file, or the name of a named pipe. */
  readonly socket: string;
  /** Held by the one process that is starting a daemon. */
  readonly lock: string;
  readonly isNamedPipe: boolean;
}

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, the final zero included; room is left for a suffix. */
const MAX_SOCKET_PATH_BYTES = 88;

/** `knownBuild` is the name that a forwarder chose when it started: the files may have been replaced since. */
export function resolveEndpoint(
  paths: Paths,
  knownBuild?: string,
  platform: string = process.platform,
): Endpoint {
  const version = readVersion(paths.packageRoot);
  const build = knownBuild ?? buildId(version, serverFolder(paths.packageRoot));
  const identity = { version, build };
  if (platform === "win32") {
    // Named pipes have no folder: the user and the place of the files are part of the name.
    const name = shortHash(`${userInfo().username}\n${paths.runtime}\n${build}`);
    return {
      ...identity,
      folder: paths.runtime,
      socket: `\\\\.\\pipe\\hearth-${name}`,
      lock: join(paths.runtime, `${build}.lock`),
      isNamedPipe: true,
    };
  }
  const wanted = join(paths.runtime, `${build}.sock`);
  const isTooLong = Buffer.byteLength(wanted) > MAX_SOCKET_PATH_BYTES;
  const folder = isTooLong ? shortFolder(paths.runtime) : paths.runtime;
  return {
    ...identity,
    folder,
    socket: join(folder, `${build}.sock`),
    lock: join(folder, `${build}.lock`),
    isNamedPipe: false,
  };
}

/** Makes the folder when it is not there. The failure is a sentence for people: what is wrong and what to do. */
export function secureFolder(folder: string, isNamedPipe: boolean): Result<undefined, string> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (isNamedPipe || process.platform === "win32") return succeed(undefined);
    const link = lstatSync(folder);
    const target = statSync(folder);
    const uid = userInfo().uid;
    if (link.uid !== uid || target.uid !== uid) {
      return fail(
        `${folder} belongs to another user (uid ${target.uid}), so hearth will not open its socket there: ` +
          "remove the folder, or set HEARTH_HOME to a folder of your own",
      );
    }
    if ((target.mode & 0o022) !== 0) {
      return fail(
        `${folder} can be written by other users (mode ${(target.mode & 0o777).toString(8)}), so hearth will not open ` +
          `its socket there: run chmod 700 ${folder}`,
      );
    }
    return succeed(undefined);
  } catch (error) {
    return fail(
      `${folder} cannot be used for hearth's socket: ${describeError(error)}. Set HEARTH_HOME to a folder that can be written`,
    );
  }
}

/** Named by a hash of the long folder, so that two homes do not meet. */
function shortFolder(folder: string): string {
  const name = `hearth-${userInfo().uid}-${shortHash(folder)}`;
  const inTemporary = join(tmpdir(), name);
  return Buffer.byteLength(inTemporary) <= MAX_SOCKET_PATH_BYTES - 20 ? inTemporary : join("/tmp", name);
}

/** dist/server or server: the folder that this very file runs from. */
function serverFolder(packageRoot: string): string {
  const here = dirname(import.meta.dirname);
  return here.startsWith(packageRoot) ? here : packageRoot;
}

function readVersion(packageRoot: string): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    version?: unknown;
  };
  return typeof manifest.version === "string" ? manifest.version : "0.0.0";
}

/** The version and the size and age of each file of the build: a rebuilt checkout differs, two equal installs do not. */
function buildId(version: string, folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => {
      const { size, mtimeMs } = statSync(file);
      return `${file.slice(folder.length)} ${size} ${Math.trunc(mtimeMs)}`;
    });
  return shortHash([version, ...files].join("\n"));
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
