// Finds the folder of the inference library that this installation loads, without loading it.
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Files } from "../../platform/index.ts";

const LIBRARY = "node-llama-cpp";

/** Undefined when it is not installed. Looks where Node looks: hearth may be a dependency of something else, or installed globally. */
export async function findLibraryFolder(files: Files): Promise<string | undefined> {
  for (const folder of createRequire(import.meta.url).resolve.paths(LIBRARY) ?? []) {
    const library = join(folder, LIBRARY);
    if ((await files.stat(join(library, "package.json"))) !== undefined) return library;
  }
  return undefined;
}
