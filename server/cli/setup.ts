// `hearth setup`: looks at the machine, brings the model that fits it and sets it, and brings or takes out a GPU build.
import type { GpuKind } from "../inference/index.ts";
import { installGpuBuild, removeGpuBuilds } from "./gpu-build.ts";
import type { GpuBuildDeps } from "./gpu-build.ts";
import { describeMachine } from "./machine.ts";
import { fetchModel } from "./models.ts";
import type { ModelsDeps } from "./models.ts";
import { bestOf } from "./recommend-models.ts";
import { setModel } from "./use-model.ts";
import type { UserSettings } from "./use-model.ts";

export interface SetupDeps extends ModelsDeps {
  readonly gpu: Omit<GpuBuildDeps, "say" | "signal">;
  readonly settings: UserSettings;
  /** Asks a person yes or no; undefined where nobody can answer. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
}

interface SetupOptions {
  /** `--gpu`; undefined leaves the builds as they are. */
  readonly gpu: string | undefined;
  /** Every question is answered with yes. */
  readonly isYes: boolean;
}

/** Resolves with the exit code: 0 done, 1 something is missing, 2 not understood. */
export async function runSetup(deps: SetupDeps, options: SetupOptions): Promise<number> {
  const { output } = deps;
  if (options.gpu !== undefined) return setUpGpu(deps, options.gpu);
  let machine = await deps.assess();
  for (const line of describeMachine(machine)) output.line(line);
  if (machine.idleGraphics !== undefined && (await bringGraphics(deps, machine.idleGraphics, options))) {
    machine = await deps.assess();
    output.line(`With it the score is ${machine.score} of 100: ${machine.tier}.`);
  }
  const best = bestOf(deps, machine);
  const chosen = await deps.supplier.chooseDefault({ ...deps.machine, best }, deps.signal);
  for (const problem of deps.supplier.catalogueProblems) output.complain(problem);
  if (chosen === undefined) {
    output.complain("The catalogue names no default model: install hearth again.");
    return 1;
  }
  output.line(`The model for this machine is ${chosen.entry.name}: ${chosen.reason}.`);
  const fetched = await fetchModel(deps, chosen.entry);
  // What is only here because no hub answered should not stay the choice when one does.
  if (fetched !== 0 || chosen.entry.id !== best?.id) return fetched;
  const before = await deps.settings.model();
  const named = before.path ?? before.uri ?? before.id;
  if (named === chosen.entry.id) return 0;
  if (named !== "auto" && !options.isYes) {
    output.line(`Your settings name ${named}, which stays: \`hearth models use ${best.id}\` changes it.`);
    return 0;
  }
  return (await setModel(deps, chosen.entry)) ? 0 : 1;
}

/** The one question. True when a build was brought and works. */
async function bringGraphics(
  deps: SetupDeps,
  { kind, name }: { readonly kind: GpuKind; readonly name: string },
  options: SetupOptions,
): Promise<boolean> {
  const question = `${name} is not used yet. Fetch the ${kind} build (${BUILD_SIZES[kind]}) of the inference library?`;
  if (options.isYes || (await deps.ask?.(question)) === true) return (await setUpGpu(deps, kind)) === 0;
  deps.output.line(`${name} is not used: \`hearth setup --gpu ${kind}\` brings what it needs.`);
  return false;
}

/** On disk, for node-llama-cpp 3.22 on Linux. */
const BUILD_SIZES: Readonly<Record<GpuKind, string>> = { vulkan: "71 MB", cuda: "540 MB" };

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
