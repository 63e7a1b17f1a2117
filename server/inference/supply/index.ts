// supply/: model files from where they are published to a verified file on disk.
export { formatBytes } from "./explain.ts";
export { findGpuMemory } from "./gpu-memory.ts";
export { gpuPackageFolder, gpuPackages, isGpuPackageFilled, listGpuBuilds } from "./gpu-packages.ts";
export type { GpuKind } from "./gpu-packages.ts";
export {
  assess,
  detectHardware,
  graphicsBandwidth,
  readTier,
  recommend,
  rememberTier,
  tasksOf,
  whyNotOffered,
} from "./hardware/index.ts";
export type { Assessment, Graphics, Hardware, Tier, Verdict } from "./hardware/index.ts";
export { findLibraryFolder } from "./installed-library.ts";
export { createModelSupplier, isBundled } from "./supplier.ts";
export type { SupplierDeps, SupplySettings } from "./supplier.ts";
