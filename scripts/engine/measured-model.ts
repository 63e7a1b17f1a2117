// The model that a measurement uses: the file that HEARTH_TEST_MODEL names, else what the supplier has or fetches.
import { basename, join } from "node:path";
import { readFileSync, statSync } from "node:fs";
import { createModelSupplier } from "../../server/inference/index.ts";
import type { CatalogueEntry, ModelFetcher } from "../../server/inference/index.ts";
import {
  resolvePaths,
  systemClock,
  systemDownloads,
  systemFiles,
  systemProcesses,
} from "../../server/platform/index.ts";

export interface MeasuredModel {
  readonly entry: CatalogueEntry;
  readonly file: string;
  readonly bytes: number;
  /** For `HEARTH_MODEL_ID` or `HEARTH_MODEL_PATH` of a daemon that shall use the same file. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * `id` names an entry of the catalogue; undefined takes the one that needs no hub. A file named by HEARTH_TEST_MODEL is used
 * under that entry: same format, same gate. Throws a sentence when the model cannot be had.
 */
export async function findMeasuredModel(
  root: string,
  id: string | undefined,
  onNote: (line: string) => void,
): Promise<MeasuredModel> {
  const catalogueFile = join(root, "models", "catalog.json");
  const supplier = await createModelSupplier({
    files: systemFiles,
    processes: systemProcesses,
    downloads: systemDownloads,
    clock: systemClock,
    folder: join(resolvePaths(process.env).data, "models"),
    catalogueFile,
    settings: () => ({
      isOffline: false,
      hubEndpoint: process.env["HF_ENDPOINT"],
      hubToken: process.env["HF_TOKEN"],
    }),
  });
  const entry = supplier.resolve(id ?? withoutHub(catalogueFile));
  if (entry === undefined) throw new Error(`${id ?? "the catalogue"} names no model`);
  const given = process.env["HEARTH_TEST_MODEL"];
  if (given !== undefined) {
    return { entry, file: given, bytes: statSync(given).size, environment: { HEARTH_MODEL_PATH: given } };
  }
  let file = await supplier.find(entry);
  if (file === undefined) {
    onNote(`fetching ${entry.name}`);
    const fetched = await supplier.fetch(entry, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    if (!fetched.ok) throw new Error(supplier.explain(fetched.failure));
    file = fetched.value;
  }
  return { entry, file, bytes: statSync(file).size, environment: { HEARTH_MODEL_ID: entry.id } };
}

export function describeFile(model: MeasuredModel): string {
  return `${model.entry.name}, ${basename(model.file)}, ${(model.bytes / 1e6).toFixed(0)} MB`;
}

/** A fetcher that always answers with this file. */
export function fetcherOf(file: string): ModelFetcher {
  return {
    find: () => Promise.resolve(file),
    fetch: () => Promise.resolve({ ok: true, value: file }),
    explain: (failure) => failure.kind,
  };
}

/** The catalogue's own choice for machines that reach package registries only. */
function withoutHub(catalogueFile: string): string {
  const parsed = JSON.parse(readFileSync(catalogueFile, "utf8")) as {
    readonly defaults: { readonly withoutHub: string };
  };
  return parsed.defaults.withoutHub;
}
