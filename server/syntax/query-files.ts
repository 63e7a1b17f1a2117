// The query files of a language: which there are, and their text followed by the queries that it builds on: a language's own patterns stand first and win.
import { join } from "node:path";
import type { InstalledFiles } from "../platform/index.ts";
import type { GrammarManifest } from "./manifest.ts";

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

/** The queries whose matches become `FileFacts`, in the order in which they are run. */
export const factQueries = ["declarations", "scopes", "imports", "references"] as const;
export type FactQueryName = (typeof factQueries)[number];

export type QueryTexts = Readonly<Record<QueryName, string>>;

/** A missing file is an empty query. */
export async function readQueryTexts(
  manifest: GrammarManifest,
  catalogue: { queryFolderOf(name: string): string | undefined },
  files: InstalledFiles,
): Promise<QueryTexts> {
  const folders = [manifest.folder, ...manifest.queriesFrom.map((name) => catalogue.queryFolderOf(name))];
  const read = async (name: QueryName): Promise<string> => {
    const parts = await Promise.all(
      folders
        .filter((folder) => folder !== undefined)
        .map((folder) => files.readText(join(folder, "queries", `${name}.scm`))),
    );
    return parts.filter((part) => part !== undefined).join("\n");
  };
  const [declarations, scopes, imports, references, folds, places, tolerated] = await Promise.all([
    read("declarations"),
    read("scopes"),
    read("imports"),
    read("references"),
    read("folds"),
    read("places"),
    read("tolerated"),
  ]);
  return { declarations, scopes, imports, references, folds, places, tolerated };
}
