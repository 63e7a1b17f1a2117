// Composes the doors behind `hearth models` and `hearth setup`: they work without a daemon.
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { createModelSupplier, findGpuMemory, findLibraryFolder } from "../inference/index.ts";
import type { Environment } from "../platform/index.ts";
import {
  resolvePaths,
  systemClock,
  systemDownloads,
  systemFiles,
  systemProcesses,
} from "../platform/index.ts";
import { createSystemOutput } from "./output.ts";
import type { SetupDeps } from "./setup.ts";

export async function openSetup(options: {
  readonly environment: Environment;
  readonly isOffline: boolean;
  readonly rewritesSlowFiles: boolean;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
}): Promise<SetupDeps> {
  const { environment, isOffline, rewritesSlowFiles, signal } = options;
  const paths = resolvePaths(environment);
  const supplier = await createModelSupplier({
    files: systemFiles,
    processes: systemProcesses,
    downloads: systemDownloads,
    clock: systemClock,
    folder: join(paths.data, "models"),
    catalogueFile: join(paths.packageRoot, "models", "catalog.json"),
    settings: () => ({
      isOffline,
      hubEndpoint: environment["HF_ENDPOINT"],
      hubToken: environment["HF_TOKEN"],
      rewritesSlowFiles,
    }),
  });
  const libraryFolder =
    (await findLibraryFolder(systemFiles)) ?? join(paths.packageRoot, "node_modules", "node-llama-cpp");
  const gpu = { files: systemFiles, processes: systemProcesses, libraryFolder, nodePath: process.execPath };
  const memoryBytes = totalmem();
  return {
    supplier,
    machine: {
      memoryBytes,
      cores: availableParallelism(),
      gpuMemoryBytes: await findGpuMemory({ ...gpu, memoryBytes, signal }),
    },
    output: createSystemOutput(),
    clock: systemClock,
    signal,
    gpu,
  };
}
