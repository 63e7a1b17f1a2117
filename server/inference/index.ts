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
  ServerStatus,
  TokenCounts,
} from "./inference-service.ts";
export type {
  CatalogueEntry,
  DefaultChoice,
  LocatedModel,
  MachineFacts,
  ModelFile,
  ModelFetcher,
  ModelSupplier,
  ModelTask,
  ModelUri,
  RewrittenFile,
  SupplyFailure,
  SupplyOptions,
  SupplyProgress,
} from "./model-source.ts";
export { createInferenceService, defaultInferenceSettings } from "./create-inference-service.ts";
export type { InferenceDeps, InferenceSettings } from "./create-inference-service.ts";
export type { InferenceParts } from "./inference-parts.ts";
export { createRoutedInference, withUnusedServer } from "./routed-inference.ts";
export { createServerCompletions } from "./engine/server/server-completions.ts";
export type { ServerCompletions, ServerCompletionsDeps } from "./engine/server/server-completions.ts";
export { readServerOptions } from "./engine/server/server-options.ts";
export type { ServerOptions, ServerSettings } from "./engine/server/server-options.ts";
export { parsePromptFormats } from "./prompt/prompt-format.ts";
export { excuseCrash } from "./lifecycle/crash-guard.ts";
export type { Engine, EngineDevice } from "./engine/engine.ts";
export {
  assess,
  createModelSupplier,
  detectHardware,
  findGpuMemory,
  findLibraryFolder,
  formatBytes,
  gpuPackageFolder,
  gpuPackages,
  graphicsBandwidth,
  isBundled,
  isGpuPackageFilled,
  listGpuBuilds,
  readTier,
  recommend,
  rememberTier,
  tasksOf,
  whyNotOffered,
} from "./supply/index.ts";
export type {
  Assessment,
  GpuKind,
  Graphics,
  Hardware,
  SupplierDeps,
  SupplySettings,
  Tier,
  Verdict,
} from "./supply/index.ts";
