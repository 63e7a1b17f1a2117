// How much memory a GPU offers to models, as far as it can be known without loading the inference library.
import { join } from "node:path";
import type { Files, Processes } from "../../platform/index.ts";
import { listGpuBuilds } from "./gpu-packages.ts";

/** On Apple silicon the GPU may use about two thirds of the machine's memory (Metal's recommended working set). */
const SHARED_MEMORY_PART = 0.66;
const DRM_FOLDER = "/sys/class/drm";
const ASK_TIMEOUT_MS = 5_000;

/** Bytes of the largest device that the installed builds can use; 0 without one. A GPU without its build is none. */
export async function findGpuMemory(deps: {
  readonly files: Files;
  readonly processes: Processes;
  readonly libraryFolder: string;
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
}): Promise<number> {
  const { files, processes } = deps;
  if (processes.platform === "darwin") {
    return processes.architecture === "arm64" ? Math.floor(deps.memoryBytes * SHARED_MEMORY_PART) : 0;
  }
  const builds = await listGpuBuilds(deps);
  if (builds.length === 0) return 0;
  const sizes = [await askNvidia()];
  // AMD's driver tells the size in a file of each card; CUDA builds cannot use those.
  if (builds.includes("vulkan")) {
    for (const card of await files.list(DRM_FOLDER)) {
      if (!/^card\d+$/.test(card)) continue;
      const text = await files.readText(join(DRM_FOLDER, card, "device", "mem_info_vram_total"), 4096);
      sizes.push(Number(text ?? 0) || 0);
    }
  }
  return Math.max(...sizes);

  async function askNvidia(): Promise<number> {
    const query = ["--query-gpu=memory.total", "--format=csv,noheader,nounits"];
    const answer = await processes.run("nvidia-smi", query, {
      signal: deps.signal,
      timeoutMs: ASK_TIMEOUT_MS,
    });
    if (answer.kind !== "ended" || answer.exitCode !== 0) return 0;
    const mebibytes = answer.output.split("\n").map((line) => Number.parseInt(line, 10) || 0);
    return Math.max(0, ...mebibytes) * 2 ** 20;
  }
}
