// supply/: model files from where they are published to a verified file on disk.
export { formatBytes } from "./explain.ts";
export { createModelSupplier } from "./supplier.ts";
export type { SupplierDeps, SupplySettings } from "./supplier.ts";
