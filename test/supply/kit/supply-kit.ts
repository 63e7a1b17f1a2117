// A supplier over real doors in a folder of its own, with a catalogue that the test writes.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createModelSupplier } from "../../../server/inference/index.ts";
import type {
  CatalogueEntry,
  ModelSupplier,
  ModelTask,
  RewrittenFile,
  SupplierDeps,
  SupplySettings,
} from "../../../server/inference/index.ts";
import {
  systemClock,
  systemDownloads,
  systemFiles,
  systemProcesses,
} from "../../../server/platform/index.ts";
import type { Clock } from "../../../server/platform/index.ts";

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hearth-supply-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Real time, but every wait is `factor` times as long: retries and stall limits of a minute pass in a moment. */
export function scaledClock(factor: number): Clock {
  return {
    ...systemClock,
    schedule: (delayMs, callback) => systemClock.schedule(delayMs * factor, callback),
  };
}

/** Pauses between tries pass in a moment; limits on silence stay as long as they are, for a busy machine. */
export const briefPauses: Clock = {
  ...systemClock,
  schedule: (delayMs, callback) => systemClock.schedule(delayMs < 30_000 ? delayMs / 100 : delayMs, callback),
};

export interface EntryOptions {
  readonly id?: string;
  readonly sources: readonly (readonly string[])[];
  readonly bytes?: number;
  readonly sha256?: string;
  readonly needsConsent?: boolean;
  readonly architecture?: string;
  readonly rewrite?: RewrittenFile;
  readonly tasks?: readonly ModelTask[];
}

export function catalogueOf(...entries: readonly EntryOptions[]): string {
  const models = entries.map((options) => ({
    id: options.id ?? "tiny",
    name: options.id ?? "Tiny",
    licence: "Apache-2.0",
    needsConsent: options.needsConsent ?? false,
    parameters: 288,
    architecture: options.architecture ?? "llama",
    quantisation: "F32",
    promptFormat: "prefix-only",
    sources: options.sources.map((parts) => parts.map((uri) => ({ uri }))),
    bytes: options.bytes,
    sha256: options.sha256,
    rewrite: options.rewrite,
    tasks: options.tasks,
    contextTokens: 256,
    confidenceGate: 0.8,
    minimumMemoryBytes: 1,
  }));
  return JSON.stringify({ format: 1, defaults: { withoutHub: models[0]?.id, byHardware: [] }, models });
}

export interface SupplyKit {
  readonly folder: string;
  readonly models: string;
  readonly supplier: ModelSupplier;
  readonly entry: CatalogueEntry;
  /** Another supplier over the same folder: what a restarted process has. */
  restart(changes?: Partial<SupplierDeps>): Promise<ModelSupplier>;
}

export async function makeSupply(
  entry: EntryOptions,
  changes: Partial<SupplierDeps> & { readonly supplySettings?: Partial<SupplySettings> } = {},
): Promise<SupplyKit> {
  const folder = makeFolder();
  const models = join(folder, "models");
  const catalogueFile = join(folder, "catalog.json");
  writeFileSync(catalogueFile, catalogueOf(entry));
  const { supplySettings, ...otherDeps } = changes;
  const deps: SupplierDeps = {
    files: systemFiles,
    processes: systemProcesses,
    downloads: systemDownloads,
    clock: briefPauses,
    random: () => 0.5,
    folder: models,
    catalogueFile,
    settings: () => ({ isOffline: false, hubEndpoint: undefined, hubToken: undefined, ...supplySettings }),
    ...otherDeps,
  };
  const supplier = await createModelSupplier(deps);
  mkdirSync(models, { recursive: true });
  const first = supplier.catalogue[0];
  if (first === undefined) throw new Error(supplier.catalogueProblems.join("\n"));
  return {
    folder,
    models,
    supplier,
    entry: first,
    restart: (more) => createModelSupplier({ ...deps, ...more }),
  };
}
