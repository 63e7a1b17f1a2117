// Where hearth keeps its files, by the platform's conventions; every place can be moved by one environment variable.
import { homedir, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Paths {
  /** Sockets and locks; lives as long as the login. */
  readonly runtime: string;
  /** Downloaded models. */
  readonly data: string;
  /** Logs, poison list, what can be lost without harm to the user's work. */
  readonly state: string;
  readonly config: string;
  /** The installed package: holds grammars/, models/ and package.json. */
  readonly packageRoot: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** `HEARTH_HOME` puts everything below one folder: tests and portable installs use it. */
export function resolvePaths(environment: Environment, platform: string = process.platform): Paths {
  const packageRoot = findPackageRoot();
  const home = environment["HEARTH_HOME"];
  if (home !== undefined && home !== "") {
    return {
      runtime: join(home, "run"),
      data: join(home, "data"),
      state: join(home, "state"),
      config: join(home, "config"),
      packageRoot,
    };
  }
  const user = homedir();
  if (platform === "win32") {
    const local = environment["LOCALAPPDATA"] ?? join(user, "AppData", "Local");
    return {
      runtime: join(local, "hearth", "run"),
      data: join(local, "hearth", "data"),
      state: join(local, "hearth", "state"),
      config: join(local, "hearth", "config"),
      packageRoot,
    };
  }
  if (platform === "darwin") {
    const support = join(user, "Library", "Application Support", "hearth");
    return {
      runtime: join(tmpdir(), `hearth-${userInfo().uid}`),
      data: support,
      state: join(user, "Library", "Logs", "hearth"),
      config: support,
      packageRoot,
    };
  }
  const fromXdg = (variable: string, ...fallback: string[]): string =>
    join(environment[variable] ?? join(user, ...fallback), "hearth");
  const runtimeBase = environment["XDG_RUNTIME_DIR"];
  return {
    runtime:
      runtimeBase === undefined ? join(tmpdir(), `hearth-${userInfo().uid}`) : join(runtimeBase, "hearth"),
    data: fromXdg("XDG_DATA_HOME", ".local", "share"),
    state: fromXdg("XDG_STATE_HOME", ".local", "state"),
    config: fromXdg("XDG_CONFIG_HOME", ".config"),
    packageRoot,
  };
}

/** The nearest folder above this file that holds a package.json: the same from source and from dist/. */
function findPackageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) return folder;
    folder = parent;
  }
  return folder;
}
