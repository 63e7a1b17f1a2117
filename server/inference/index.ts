// inference/: the model behind one interface. Never blocks the event loop for long, never writes to stdout, never throws at a caller.
export type {
  InferenceService,
  InferenceStatus,
  ModelCompletion,
  ModelFailure,
  ModelRequest,
  ModelState,
  RequestClass,
  TokenCounts,
} from "./inference-service.ts";
export type {
  CatalogueEntry,
  DefaultChoice,
  MachineFacts,
  ModelFile,
  ModelSupplier,
  ModelUri,
  SupplyFailure,
  SupplyOptions,
  SupplyProgress,
} from "./model-source.ts";
export {
  createModelSupplier,
  findGpuMemory,
  findLibraryFolder,
  formatBytes,
  gpuPackageFolder,
  gpuPackages,
  isGpuPackageFilled,
  listGpuBuilds,
} from "./supply/index.ts";
export type { GpuKind, SupplierDeps, SupplySettings } from "./supply/index.ts";
