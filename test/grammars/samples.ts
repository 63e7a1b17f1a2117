// The folders of grammars/ as the tests see them: manifests as written, query files, samples.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const grammarsFolder: string = new URL("../../grammars", import.meta.url).pathname;

export const queryNames = [
  "declarations",
  "scopes",
  "imports",
  "references",
  "folds",
  "places",
  "tolerated",
] as const;
export type QueryName = (typeof queryNames)[number];

export const languageIds: readonly string[] = readdirSync(grammarsFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  // A folder without a manifest holds queries that languages share.
  .filter((name) => existsSync(join(grammarsFolder, name, "manifest.json")))
  .sort();

interface RawManifest {
  readonly id: string;
  readonly name: string;
  readonly editorIds: readonly string[];
  readonly extensions: readonly string[];
  readonly filenames: readonly string[];
  readonly interpreters: readonly string[];
  readonly grammar: {
    readonly wasm: string;
    readonly sha256?: string;
    readonly origin?: string;
    readonly licence?: string;
    readonly native?: { readonly package: string; readonly export: string };
  };
  readonly queriesFrom?: readonly string[];
  readonly syntaxFindings: string;
  readonly confirmWith?: string;
  readonly keywords: readonly string[];
  readonly builtins: readonly string[];
  readonly lineComment: string | null;
  readonly blockComment: readonly string[] | null;
  readonly memberOperators: readonly string[];
  readonly brackets: readonly (readonly string[])[];
  readonly quotes: readonly string[];
}

export function manifestOf(id: string): RawManifest {
  return JSON.parse(readFileSync(join(grammarsFolder, id, "manifest.json"), "utf8")) as RawManifest;
}

/** The language's own patterns, then those of the languages it builds on, as the service joins them. */
export function queryTextOf(id: string, name: QueryName): string {
  return [id, ...(manifestOf(id).queriesFrom ?? [])]
    .map((folder) => readOrEmpty(join(grammarsFolder, folder, "queries", `${name}.scm`)))
    .join("\n");
}

function readOrEmpty(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

interface Sample {
  readonly languageId: string;
  readonly file: string;
  readonly path: string;
  readonly kind: "plain" | "modern" | "broken";
}

export const samples: readonly Sample[] = languageIds.flatMap((languageId) => {
  const folder = join(grammarsFolder, languageId, "samples");
  return readdirSync(folder)
    .filter((file) => !file.endsWith(".facts"))
    .sort()
    .map((file) => ({
      languageId,
      file,
      path: join(folder, file),
      kind: file.startsWith("modern.") ? "modern" : file.startsWith("broken-") ? "broken" : "plain",
    }));
});
