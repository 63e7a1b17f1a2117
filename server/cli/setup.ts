// `hearth setup`: says what is there, fetches the default model, and on request brings or takes out a GPU build.
import { listGpuBuilds } from "../inference/index.ts";
import type { GpuKind } from "../inference/index.ts";
import { installGpuBuild, removeGpuBuilds } from "./gpu-build.ts";
import type { GpuBuildDeps } from "./gpu-build.ts";
import { fetchModel, presentEntries } from "./models.ts";
import type { ModelsDeps } from "./models.ts";

export interface SetupDeps extends ModelsDeps {
  readonly gpu: Omit<GpuBuildDeps, "say" | "signal">;
}

interface SetupOptions {
  /** `--gpu`; undefined leaves the builds as they are. */
  readonly gpu: string | undefined;
}

/** Resolves with the exit code: 0 done, 1 something is missing, 2 not understood. */
export async function runSetup(deps: SetupDeps, options: SetupOptions): Promise<number> {
  const { output } = deps;
  if (options.gpu !== undefined) return setUpGpu(deps, options.gpu);
  const builds = await listGpuBuilds(deps.gpu);
  output.line(
    builds.length > 0
      ? `GPU build in place: ${builds.join(", ")}.`
      : "No GPU build is in place: `hearth setup --gpu vulkan` or `--gpu cuda` brings one where it makes sense.",
  );
  const here = await presentEntries(deps.supplier);
  output.line(
    here.length === 0 ? "No model is here yet." : `Models here: ${here.map(({ id }) => id).join(", ")}.`,
  );
  const chosen = await deps.supplier.chooseDefault(deps.machine, deps.signal);
  for (const problem of deps.supplier.catalogueProblems) output.complain(problem);
  if (chosen === undefined) {
    output.complain("The catalogue names no default model: install hearth again.");
    return 1;
  }
  output.line(`The model for this machine is ${chosen.entry.name}: ${chosen.reason}.`);
  return fetchModel(deps, chosen.entry);
}

async function setUpGpu(deps: SetupDeps, wanted: string): Promise<number> {
  const { output, signal } = deps;
  const build: GpuBuildDeps = { ...deps.gpu, signal, say: (line) => output.line(line) };
  if (wanted === "none") {
    const removed = await removeGpuBuilds(build);
    if (!removed.ok) {
      output.complain(removed.failure);
      return 1;
    }
    const names = removed.value.join(", ");
    output.line(
      names === "" ? "No GPU build was in place." : `Taken out: ${names}. Models run on the CPU now.`,
    );
    return 0;
  }
  if (!isGpuKind(wanted)) {
    output.complain(`"${wanted}" is no GPU build: choose vulkan, cuda or none.`);
    return 2;
  }
  const installed = await installGpuBuild(build, wanted);
  if (!installed.ok) {
    output.complain(installed.failure);
    return 1;
  }
  const { devices } = installed.value;
  if (devices.length === 0) {
    output.complain(
      `The ${wanted} build is in place and loads, but it finds no device: install the driver of your GPU, or take the build ` +
        `out again with \`hearth setup --gpu none\`.`,
    );
    return 1;
  }
  output.line(`The ${wanted} build is in place and finds: ${devices.join(", ")}.`);
  output.line("Running daemons take it into use when they start again: `hearth stop`.");
  return 0;
}

function isGpuKind(text: string): text is GpuKind {
  return text === "vulkan" || text === "cuda";
}
