// The supplier of models over the system's own doors, as the daemon and the commands have it.
import { join } from "node:path";
import { createModelSupplier } from "../inference/index.ts";
import type { ModelSupplier, SupplySettings } from "../inference/index.ts";
import { systemClock, systemDownloads, systemFiles, systemProcesses } from "../platform/index.ts";
import type { Clock, Environment, Paths } from "../platform/index.ts";

export interface SupplierOptions {
  readonly paths: Paths;
  readonly environment: Environment;
  /** Absent: the system's. */
  readonly clock?: Clock;
  /** Asked at each use, since settings change while the daemon runs. */
  readonly settings: () => Pick<SupplySettings, "isOffline" | "rewritesSlowFiles">;
}

export function openSupplier({
  paths,
  environment,
  clock = systemClock,
  settings,
}: SupplierOptions): Promise<ModelSupplier> {
  return createModelSupplier({
    files: systemFiles,
    processes: systemProcesses,
    downloads: systemDownloads,
    clock,
    folder: join(paths.data, "models"),
    catalogueFile: join(paths.packageRoot, "models", "catalog.json"),
    settings: () => ({
      ...settings(),
      hubEndpoint: environment["HF_ENDPOINT"],
      hubToken: environment["HF_TOKEN"],
    }),
  });
}
