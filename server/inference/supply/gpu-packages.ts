// The GPU builds of the inference library: which packages carry them, and which of them are in place.
import { dirname, join } from "node:path";
import type { Files, Processes } from "../../platform/index.ts";

export type GpuKind = "vulkan" | "cuda";

/** The first package of a kind is the build (CUDA 13); the second one holds what machines with CUDA 12 need in addition. */
const PACKAGES: Readonly<Record<string, Readonly<Record<GpuKind, readonly string[]>>>> = {
  "linux-x64": { vulkan: ["linux-x64-vulkan"], cuda: ["linux-x64-cuda", "linux-x64-cuda-ext"] },
  "win32-x64": { vulkan: ["win-x64-vulkan"], cuda: ["win-x64-cuda", "win-x64-cuda-ext"] },
};

/** Names below `@node-llama-cpp/`; empty where no build is made for this machine. */
export function gpuPackages(
  { platform, architecture }: Pick<Processes, "platform" | "architecture">,
  kind: GpuKind,
): readonly string[] {
  return PACKAGES[`${platform}-${architecture}`]?.[kind] ?? [];
}

/** Where the library looks for a package: beside itself. */
export function gpuPackageFolder(libraryFolder: string, name: string): string {
  return join(dirname(libraryFolder), "@node-llama-cpp", name);
}

/** The default installation has an empty package in the place of each GPU build. */
export async function isGpuPackageFilled(
  files: Files,
  libraryFolder: string,
  name: string,
): Promise<boolean> {
  return (await files.stat(join(gpuPackageFolder(libraryFolder, name), "bins"))) !== undefined;
}

/** The GPU builds that are in place. */
export async function listGpuBuilds(deps: {
  readonly files: Files;
  readonly processes: Pick<Processes, "platform" | "architecture">;
  /** The folder `node-llama-cpp` that this installation loads. */
  readonly libraryFolder: string;
}): Promise<readonly GpuKind[]> {
  const found: GpuKind[] = [];
  for (const kind of ["vulkan", "cuda"] as const) {
    const [first] = gpuPackages(deps.processes, kind);
    if (first !== undefined && (await isGpuPackageFilled(deps.files, deps.libraryFolder, first)))
      found.push(kind);
  }
  return found;
}
