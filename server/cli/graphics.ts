// Which graphics device models would use here, and which one waits for a build of the inference library.
import { join } from "node:path";
import { graphicsBandwidth, gpuPackages, listGpuBuilds } from "../inference/index.ts";
import type { GpuKind, Graphics } from "../inference/index.ts";
import { probeInstalledBuild } from "./gpu-build.ts";
import type { GpuBuildDeps } from "./gpu-build.ts";

interface FoundGraphics {
  /** Undefined without a build that finds a device. */
  readonly usable: Graphics | undefined;
  /** A device whose build is not in place. */
  readonly idle: { readonly kind: GpuKind; readonly name: string } | undefined;
}

const ASK_TIMEOUT_MS = 5_000;
const DRM_FOLDER = "/sys/class/drm";
/** Less is a display adapter, or the small window of a processor's own graphics. */
const LEAST_BYTES = 2e9;

export async function lookForGraphics(
  deps: Omit<GpuBuildDeps, "say"> & {
    readonly memoryBytes: number;
    /** A folder that may be made and is removed again. */
    readonly scratch: string;
  },
): Promise<FoundGraphics> {
  const { processes, memoryBytes } = deps;
  if (processes.platform === "darwin") {
    const usable = processes.architecture === "arm64" ? await appleGraphics() : undefined;
    return { usable, idle: undefined };
  }
  // The library takes CUDA before Vulkan.
  const builds = [...(await listGpuBuilds(deps))].sort();
  for (const kind of builds) {
    const probe = await probeInstalledBuild(deps, kind, deps.scratch);
    if (!probe.ok) continue;
    const { devices, memoryBytes: bytes, sharedBytes } = probe.value;
    const [name] = devices;
    if (name === undefined || bytes === 0) continue;
    // Several devices are taken for equal ones.
    const isUnified = sharedBytes > bytes / 2;
    const own = { name, memoryBytes: bytes / devices.length, isUnified };
    return { usable: { ...own, ...graphicsBandwidth(name, isUnified) }, idle: undefined };
  }
  return { usable: undefined, idle: await findIdle(builds) };

  async function appleGraphics(): Promise<Graphics> {
    const args = ["-n", "machdep.cpu.brand_string"];
    const answer = await processes.run("sysctl", args, { signal: deps.signal, timeoutMs: ASK_TIMEOUT_MS });
    const name = (answer.kind === "ended" && answer.output.trim()) || "Apple graphics";
    return { name, memoryBytes, isUnified: true, ...graphicsBandwidth(name, true) };
  }

  async function findIdle(inPlace: readonly GpuKind[]): Promise<FoundGraphics["idle"]> {
    const isMissing = (kind: GpuKind): boolean =>
      gpuPackages(processes, kind).length > 0 && !inPlace.includes(kind);
    const args = ["--query-gpu=name", "--format=csv,noheader"];
    const nvidia = await processes.run("nvidia-smi", args, {
      signal: deps.signal,
      timeoutMs: ASK_TIMEOUT_MS,
    });
    if (nvidia.kind === "ended" && nvidia.exitCode === 0 && isMissing("cuda")) {
      const [name = ""] = nvidia.output.split("\n");
      if (name.trim() !== "") return { kind: "cuda", name: name.trim() };
    }
    if (!isMissing("vulkan")) return undefined;
    for (const card of await deps.files.list(DRM_FOLDER)) {
      if (!/^card\d+$/.test(card)) continue;
      const text = await deps.files.readText(join(DRM_FOLDER, card, "device", "mem_info_vram_total"), 4096);
      if (Number(text ?? 0) >= LEAST_BYTES) return { kind: "vulkan", name: `AMD graphics (${card})` };
    }
    return undefined;
  }
}
