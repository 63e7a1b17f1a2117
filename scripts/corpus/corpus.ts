// Real source files for measurements: pinned packages of the registries, each file held to its hash, kept below .cache/corpus.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fetchPackage } from "./packages.ts";
import type { PackageReader } from "./packages.ts";

/** One line of a corpus list. */
export interface PinnedFile {
  /** `npm:name@version`, `pypi:name==version`, `go:module@version`, `crate:name@version`, `maven:group:artifact:version`. */
  readonly package: string;
  readonly path: string;
  /** The id that editors use for the language. */
  readonly language: string;
  /** SPDX id. */
  readonly licence: string;
  readonly sha256: string;
}

export interface CorpusFile extends PinnedFile {
  /** Last part of the path, unique in the list. */
  readonly name: string;
  /** Line ends are `\n`. */
  readonly content: string;
}

export interface Corpus {
  readonly files: readonly CorpusFile[];
  /** One sentence for each package that could not be had; its files are left out. */
  readonly problems: readonly string[];
}

export function readCorpusList(file: string): readonly PinnedFile[] {
  const list = JSON.parse(readFileSync(file, "utf8")) as { readonly files: readonly PinnedFile[] };
  return list.files;
}

export function sha256Of(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Files that are kept already need neither network nor client. A file whose hash is not the pinned one is never used. */
export async function loadCorpus(
  list: readonly PinnedFile[],
  cacheFolder: string,
  onPackage: (uri: string) => void = () => undefined,
): Promise<Corpus> {
  const files: CorpusFile[] = [];
  const problems: string[] = [];
  const kept = join(cacheFolder, "files");
  mkdirSync(kept, { recursive: true });
  for (const uri of new Set(list.map((file) => file.package))) {
    const wanted = list.filter((file) => file.package === uri);
    let read: PackageReader | undefined;
    try {
      for (const file of wanted) {
        const place = join(kept, file.sha256);
        const known = existsSync(place) ? readFileSync(place) : undefined;
        let bytes: Buffer | undefined =
          known !== undefined && sha256Of(known) === file.sha256 ? known : undefined;
        if (bytes === undefined) {
          if (read === undefined) onPackage(uri);
          read ??= await fetchPackage(uri, join(cacheFolder, "packages"));
          bytes = await read(file.path);
          const actual = bytes === undefined ? "no such file" : sha256Of(bytes);
          if (bytes === undefined || actual !== file.sha256) {
            throw new Error(`${uri}: ${file.path} is not the pinned file (${actual})`);
          }
          writeFileSync(place, bytes);
        }
        const content = bytes.toString("utf8").replace(/\r\n?/g, "\n");
        files.push({ ...file, name: file.path.replace(/^.*[/!]/, ""), content });
      }
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { files, problems };
}

/** The list with the hashes that the registries give now; for whoever changes the list. */
export async function pinCorpus(
  list: readonly PinnedFile[],
  cacheFolder: string,
): Promise<readonly PinnedFile[]> {
  const pinned: PinnedFile[] = [];
  for (const file of list) {
    const read = await fetchPackage(file.package, join(cacheFolder, "packages"));
    const bytes = await read(file.path);
    if (bytes === undefined) throw new Error(`${file.package} has no ${file.path}`);
    pinned.push({ ...file, sha256: sha256Of(bytes) });
  }
  return pinned;
}
