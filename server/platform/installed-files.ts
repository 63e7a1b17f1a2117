// The door to the files that hearth was installed with: its own folders, and files inside the packages that it depends on.
import { access, readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export interface InstalledFiles {
  /** Names of the folders inside `folder`, sorted; empty when it is not there. */
  listFolders(folder: string): Promise<readonly string[]>;
  /** Undefined when there is no such file; throws when it cannot be read. */
  readText(path: string): Promise<string | undefined>;
  readBytes(path: string): Promise<Uint8Array>;
  /** The path of `file` inside an installed package, whatever the package exports; undefined when it is not installed. */
  findInPackage(packageName: string, file: string): Promise<string | undefined>;
  /** Loads a package that may hold native code or be absent; rejects with the reason. */
  importPackage(specifier: string): Promise<unknown>;
}

export function createInstalledFiles(): InstalledFiles {
  const require = createRequire(import.meta.url);
  return {
    async listFolders(folder) {
      try {
        const entries = await readdir(folder, { withFileTypes: true });
        return entries
          .filter((entry) => entry.isDirectory())
          .map((entry) => entry.name)
          .sort();
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },
    async readText(path) {
      try {
        return await readFile(path, "utf8");
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    readBytes: (path) => readFile(path),
    async findInPackage(packageName, file) {
      for (const folder of require.resolve.paths(packageName) ?? []) {
        const path = join(folder, packageName, file);
        const isThere = await access(path).then(
          () => true,
          () => false,
        );
        if (isThere) return path;
      }
      return undefined;
    },
    importPackage: (specifier) => import(isPath(specifier) ? pathToFileURL(specifier).href : specifier),
  };
}

function isPath(specifier: string): boolean {
  return specifier.startsWith("/") || /^[a-z]:[\\/]/i.test(specifier);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
