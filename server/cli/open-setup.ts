// Composes the doors behind `hearth models` and `hearth setup`: they work without a daemon.
import { join } from "node:path";
import { openSupplier } from "../daemon/index.ts";
import { findGpuMemory, findLibraryFolder } from "../inference/index.ts";
import type { Environment } from "../platform/index.ts";
import {
  createMachine,
  resolvePaths,
  systemClock,
  systemFiles,
  systemProcesses,
  systemThreads,
} from "../platform/index.ts";
import type { Settings } from "../settings/index.ts";
import { assessMachine } from "./machine.ts";
import { askOnTerminal, createSystemOutput } from "./output.ts";
import type { SetupDeps } from "./setup.ts";

export async function openSetup(options: {
  readonly environment: Environment;
  readonly isOffline: boolean;
  readonly rewritesSlowFiles: boolean;
  /** Read anew at each call. */
  readonly modelSettings: () => Promise<Settings["model"]>;
  readonly modelInUse: () => Promise<string | undefined>;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
}): Promise<SetupDeps> {
  const { environment, isOffline, rewritesSlowFiles, signal } = options;
  const paths = resolvePaths(environment);
  const supplier = await openSupplier({
    paths,
    environment,
    settings: () => ({ isOffline, rewritesSlowFiles }),
  });
  const libraryFolder =
    (await findLibraryFolder(systemFiles)) ?? join(paths.packageRoot, "node_modules", "node-llama-cpp");
  const machine = createMachine();
  const gpu = { files: systemFiles, processes: systemProcesses, libraryFolder, nodePath: process.execPath };
  const memoryBytes = machine.totalMemoryBytes;
  return {
    supplier,
    machine: {
      memoryBytes,
      cores: machine.cores,
      gpuMemoryBytes: await findGpuMemory({ ...gpu, memoryBytes, signal }),
    },
    assess: () => assessMachine({ ...gpu, machine, threads: systemThreads, dataFolder: paths.data, signal }),
    modelInUse: options.modelInUse,
    settings: {
      files: systemFiles,
      file: join(paths.config, "settings.json"),
      model: options.modelSettings,
    },
    ask:
      process.stdin.isTTY && process.stderr.isTTY ? (question) => askOnTerminal(question, signal) : undefined,
    output: createSystemOutput(),
    clock: systemClock,
    signal,
    gpu,
  };
}
