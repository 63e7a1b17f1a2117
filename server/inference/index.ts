// inference/: the model behind one interface. Never blocks the event loop for long, never writes to stdout, never throws at a caller.
export type {
  AnswerPiece,
  InferenceService,
  InferenceStatus,
  ModelCompletion,
  ModelFailure,
  ModelProgress,
  ModelRequest,
  ModelState,
  RequestClass,
  ScoredName,
  TokenCounts,
} from "./inference-service.ts";
export type {
  CatalogueEntry,
  DefaultChoice,
  MachineFacts,
  ModelFile,
  ModelFetcher,
  ModelSupplier,
  ModelUri,
  SupplyFailure,
  SupplyOptions,
  SupplyProgress,
} from "./model-source.ts";
export { createInferenceService, defaultInferenceSettings } from "./create-inference-service.ts";
export type { InferenceDeps, InferenceSettings } from "./create-inference-service.ts";
export type { InferenceParts } from "./inference-parts.ts";
export { excuseCrash } from "./lifecycle/crash-guard.ts";
export type { Engine, EngineDevice } from "./engine/engine.ts";
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
