// Fetches the sources of one pinned package with the registry's ordinary client, so that the user's index, proxy and certificates hold.
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { unpackZip } from "./zip.ts";

const run = promisify(execFile);

/** Reads a file of the unpacked package; `archive.zip!inner/path` looks into a zip file of the package. */
export type PackageReader = (path: string) => Promise<Buffer | undefined>;

/**
 * `npm:name@version`, `pypi:name==version`, `go:module@version`, `crate:name@version` or `maven:group:artifact:version`
 * (the sources' archive). Nothing of a package is run or built. Throws a sentence when its client is not installed.
 */
export async function fetchPackage(uri: string, folder: string): Promise<PackageReader> {
  const [scheme = "", ...rest] = uri.split(":");
  const spec = rest.join(":");
  const target = join(folder, uri.replace(/[^\w.@=+-]/g, "_"));
  const fetcher = fetchers[scheme];
  if (fetcher === undefined) throw new Error(`${uri} names no registry that is known here`);
  const done = join(target, ".complete");
  if (!existsSync(done)) {
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    try {
      await fetcher(spec, target);
    } catch (error) {
      throw new Error(`${uri} could not be fetched: ${describe(error)}`, { cause: error });
    }
    writeFileSync(done, "");
  }
  return (path) => readFrom(target, path);
}

const fetchers: Readonly<Record<string, (spec: string, target: string) => Promise<void>>> = {
  async npm(spec, target) {
    await client("npm", ["pack", spec, "--pack-destination", target, "--silent", "--ignore-scripts"]);
    await run("tar", ["-xzf", nameEndingWith(target, ".tgz"), "--strip-components=1"], { cwd: target });
  },
  async pypi(spec, target) {
    const options = ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "-q"];
    await client("python3", [
      "-m",
      "pip",
      "download",
      ...options,
      "--ignore-requires-python",
      "--dest",
      target,
      spec,
    ]);
    await unpackZip(join(target, nameEndingWith(target, ".whl")), target);
  },
  async go(spec, target) {
    const { stdout } = await client("go", ["mod", "download", "-json", spec], target);
    const { Zip } = JSON.parse(stdout) as { readonly Zip: string };
    // A module's archive holds everything below `module@version/`.
    await unpackZip(Zip, target, `${spec}/`);
  },
  async crate(spec, target) {
    const at = spec.lastIndexOf("@");
    const [name, version] = [spec.slice(0, at), spec.slice(at + 1)];
    const manifest = `[package]\nname = "corpus"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n[dependencies]\n${name} = { version = "=${version}", default-features = false }\n`;
    writeFileSync(join(target, "Cargo.toml"), manifest);
    writeFileSync(join(target, "lib.rs"), "");
    await client("cargo", ["vendor", "--quiet", "--versioned-dirs", "vendor"], target);
  },
  async maven(spec, target) {
    const artifact = `-Dartifact=${spec}:jar:sources`;
    await client("mvn", ["-q", "-B", "dependency:copy", artifact, `-DoutputDirectory=${target}`], target);
    await unpackZip(join(target, nameEndingWith(target, "-sources.jar")), target);
  },
};

async function client(command: string, args: readonly string[], cwd?: string): Promise<{ stdout: string }> {
  const options = { ...(cwd === undefined ? {} : { cwd }), maxBuffer: 2 ** 24, timeout: 180_000 };
  try {
    // On Windows these clients are batch files, which only a shell starts.
    return await run(command, [...args], { ...options, shell: process.platform === "win32" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      throw new Error(`it needs \`${command}\`, which is not installed`, { cause: error });
    }
    throw error;
  }
}

async function readFrom(target: string, path: string): Promise<Buffer | undefined> {
  const [outer = "", inner] = path.split("!");
  const vendor = join(target, "vendor");
  // `vendor` of a crate holds its dependencies too; the crate's own folder is part of the path.
  const file = existsSync(vendor) ? join(vendor, outer) : join(target, outer);
  if (!existsSync(file)) return undefined;
  if (inner === undefined) return readFileSync(file);
  const folder = `${file}.unpacked`;
  if (!existsSync(folder)) await unpackZip(file, folder);
  const unpacked = join(folder, inner);
  return existsSync(unpacked) ? readFileSync(unpacked) : undefined;
}

function nameEndingWith(folder: string, ending: string): string {
  const name = readdirSync(folder).find((entry) => entry.endsWith(ending));
  if (name === undefined) throw new Error(`the client brought no ${ending} file`);
  return name;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? error.name) : String(error);
}
