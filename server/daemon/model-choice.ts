// Which model this machine uses: what the user named, else the default for the hardware, asked for only when somebody needs it.
import { findGpuMemory, findLibraryFolder, isBundled, whyNotOffered } from "../inference/index.ts";
import type { CatalogueEntry, ModelSupplier } from "../inference/index.ts";
import type { Files, Log, Machine, Processes } from "../platform/index.ts";
import type { Settings } from "../settings/index.ts";

export interface ModelChoiceDeps {
  readonly supplier: ModelSupplier;
  readonly machine: Machine;
  readonly files: Files;
  readonly processes: Processes;
  readonly settings: () => Settings["model"];
  readonly hasModel: boolean;
  readonly log: Log;
}

/** In order of preference; empty is a daemon without a model. May ask a model hub whether it answers. */
export async function chooseModels(
  deps: ModelChoiceDeps,
  signal: AbortSignal,
): Promise<readonly CatalogueEntry[]> {
  const { supplier, machine, log } = deps;
  const { id, path, uri } = deps.settings();
  if (!deps.hasModel || id === "none") return [];
  const named = path ?? uri ?? (id === "auto" ? undefined : id);
  if (named !== undefined) {
    const entry = supplier.resolve(named);
    if (entry !== undefined) return [entry];
    log.error({ named }, "the settings name a model that is neither in the catalogue nor a uri");
    return [];
  }
  const memoryBytes = machine.totalMemoryBytes;
  const libraryFolder = await findLibraryFolder(deps.files);
  const gpuMemoryBytes =
    libraryFolder === undefined ? 0 : await findGpuMemory({ ...deps, libraryFolder, memoryBytes, signal });
  const facts = { memoryBytes, cores: machine.cores, gpuMemoryBytes };
  const chosen = await supplier.chooseDefault(facts, signal);
  if (chosen === undefined) return [];
  log.info({ model: chosen.entry.id, reason: chosen.reason }, "the default model was chosen");
  const candidates = [chosen.entry];
  // What cannot be had or loaded gives way to something that is here already, or came with hearth.
  for (const entry of supplier.catalogue) {
    if (entry === chosen.entry || whyNotOffered(entry) !== undefined) continue;
    if (isBundled(entry) || (await supplier.locate(entry)) !== undefined) candidates.push(entry);
  }
  return candidates;
}
