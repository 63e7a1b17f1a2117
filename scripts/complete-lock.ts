// Adds to package-lock.json the platform packages of node-llama-cpp that the registry at hand does not carry.
//
// A registry mirror may lack a version of a package that only another platform installs. `npm install` then leaves it out
// of the lock, and `npm ci` refuses the lock. Their names, versions and platforms are known from node-llama-cpp itself, so the
// entries are written here; npm takes the content from the user's registry, on the platforms that need it.
// Run after every `npm install` that rewrote the lock; a test fails when it was forgotten.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface LockEntry {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

interface Lock {
  packages: Record<string, LockEntry>;
}

const platforms: Readonly<Record<string, { readonly os: string; readonly cpu: readonly string[] }>> = {
  "@node-llama-cpp/linux-riscv64": { os: "linux", cpu: ["riscv64"] },
  "@node-llama-cpp/mac-arm64-metal": { os: "darwin", cpu: ["arm64", "x64"] },
  "@node-llama-cpp/mac-x64": { os: "darwin", cpu: ["x64"] },
  "@node-llama-cpp/win-arm64": { os: "win32", cpu: ["arm64", "x64"] },
  "@node-llama-cpp/win-x64": { os: "win32", cpu: ["x64"] },
};

/** Names of the platform packages that node-llama-cpp wants and the lock does not hold. */
export function missingFromLock(lock: Lock): readonly string[] {
  const wanted = lock.packages["node_modules/node-llama-cpp"]?.optionalDependencies ?? {};
  return Object.keys(wanted).filter((name) => lock.packages[`node_modules/${name}`] === undefined);
}

function completeLock(file: string): void {
  const lock = JSON.parse(readFileSync(file, "utf8")) as Lock;
  const wanted = lock.packages["node_modules/node-llama-cpp"]?.optionalDependencies ?? {};
  const missing = missingFromLock(lock);
  for (const name of missing) {
    const platform = platforms[name];
    if (platform === undefined) throw new Error(`${name}: add its platform to the table in this script`);
    lock.packages[`node_modules/${name}`] = {
      version: wanted[name] ?? "",
      cpu: platform.cpu,
      license: "MIT",
      optional: true,
      os: [platform.os],
      engines: { node: ">=20.0.0" },
    };
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
  process.stdout.write(`added ${missing.length} entries: ${missing.join(", ")}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  completeLock(fileURLToPath(new URL("../../package-lock.json", import.meta.url)));
}
