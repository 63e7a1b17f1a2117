// Looks at the machine for `hearth setup`, `hearth models recommend` and `hearth doctor`, and says it in lines.
import { join } from "node:path";
import { assess, detectHardware, formatBytes, readTier, rememberTier } from "../inference/index.ts";
import type { Assessment, GpuKind } from "../inference/index.ts";
import type { Machine, ScriptThreads } from "../platform/index.ts";
import type { GpuBuildDeps } from "./gpu-build.ts";
import { lookForGraphics } from "./graphics.ts";

export interface AssessedMachine extends Assessment {
  /** A graphics device that waits for a build of the inference library. */
  readonly idleGraphics: { readonly kind: GpuKind; readonly name: string } | undefined;
}

/** Takes a quarter of a second, and a few seconds where a GPU build is in place. */
export async function assessMachine(
  deps: Omit<GpuBuildDeps, "say"> & {
    readonly machine: Machine;
    readonly threads: ScriptThreads;
    /** Where hearth keeps its data. */
    readonly dataFolder: string;
  },
): Promise<AssessedMachine> {
  const { files, dataFolder } = deps;
  const graphics = await lookForGraphics({
    ...deps,
    memoryBytes: deps.machine.totalMemoryBytes,
    scratch: join(dataFolder, ".probe"),
  });
  const hardware = await detectHardware({ ...deps, folder: dataFolder, graphics: graphics.usable });
  const assessment = assess(hardware, await readTier(files, dataFolder, hardware));
  await rememberTier(files, dataFolder, assessment);
  return { ...assessment, idleGraphics: graphics.idle };
}

/** What was found, and what it is worth. */
export function describeMachine({ hardware, inputs, score, tier }: AssessedMachine): readonly string[] {
  const { processor, cores, memoryBytes, freeMemoryBytes, bandwidthGigabytes, graphics, disk } = hardware;
  const speed = bandwidthGigabytes === undefined ? "" : `, copied at ${bandwidthGigabytes.toFixed(0)} GB/s`;
  const known = graphics?.isKnown === false ? ", its speed is a guess" : "";
  return [
    `processor  ${processor}, ${cores} ${cores === 1 ? "core" : "cores"}`,
    `memory     ${formatBytes(memoryBytes)}, ${formatBytes(freeMemoryBytes)} free${speed}`,
    `graphics   ${graphics === undefined ? "none in use" : `${graphics.name}, ${formatBytes(graphics.memoryBytes)}${known}`}`,
    `disk       ${disk === "unknown" ? "of an unknown kind" : disk}`,
    `score      ${score} of 100: ${tier}; ${inputs.usableGigabytes.toFixed(1)} GB for models`,
  ];
}
