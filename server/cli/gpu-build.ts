// Brings the GPU builds of the inference library into its place in node_modules, and takes them out again.
import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gpuPackageFolder, gpuPackages, isGpuPackageFilled } from "../inference/index.ts";
import type { GpuKind } from "../inference/index.ts";
import { describeError, fail, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import type { Files, Processes, RunResult } from "../platform/index.ts";

export interface GpuBuildDeps {
  readonly files: Files;
  readonly processes: Processes;
  /** The folder `node-llama-cpp` that this installation loads. */
  readonly libraryFolder: string;
  /** The program that runs this process: Node. */
  readonly nodePath: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

interface GpuProbe {
  /** Names of the devices that the build found; none is a missing driver. */
  readonly devices: readonly string[];
  /** Of all devices together; 0 where the build does not tell. */
  readonly memoryBytes: number;
  /** The part that is shared with the processor. */
  readonly sharedBytes: number;
}

const INSTALL_TIMEOUT_MS = 30 * 60_000;
const PROBE_TIMEOUT_MS = 120_000;
const MAX_PACKAGE_BYTES = 1024 * 1024;

/** Downloads, puts in place, and tries the build in a process of its own; what does not load is taken out again. */
export async function installGpuBuild(deps: GpuBuildDeps, kind: GpuKind): Promise<Result<GpuProbe, string>> {
  const { files } = deps;
  const names = packagesOf(deps, kind);
  if (!names.ok) return names;
  const version = await libraryVersion(deps);
  if (version === undefined)
    return fail(`There is no node-llama-cpp at ${deps.libraryFolder}: install hearth again.`);
  // Beside node_modules: on the same disk, so that moving is one step.
  const scratch = join(dirname(dirname(deps.libraryFolder)), `.hearth-setup-${randomUUID()}`);
  try {
    await files.makeFolder(scratch);
    await files.writeText(join(scratch, "package.json"), "{}\n");
    const wanted = names.value.map((name) => `@node-llama-cpp/${name}@${version}`);
    deps.say(`Fetching ${wanted.join(" and ")} with npm …`);
    const installed = await runNpm(deps, scratch, wanted);
    if (!installed.ok) return installed;
    const undo = await putInPlace(deps, scratch, names.value);
    deps.say("Trying the build in a process of its own …");
    const probe = await probeGpu(deps, scratch, kind);
    if (probe.ok) return probe;
    await undo();
    return fail(`The build does not load here, and everything is as it was before: ${probe.failure}`);
  } catch (error) {
    return fail(`${describeError(error)}. Check who owns the folder that hearth is installed in.`);
  } finally {
    await files.remove(scratch);
  }
}

/** Asks a build that is in place for its devices, in a process of its own. */
export async function probeInstalledBuild(
  deps: Omit<GpuBuildDeps, "say">,
  kind: GpuKind,
  scratch: string,
): Promise<Result<GpuProbe, string>> {
  try {
    await deps.files.makeFolder(scratch);
    return await probeGpu(deps, scratch, kind);
  } catch (error) {
    return fail(`${describeError(error)}.`);
  } finally {
    await deps.files.remove(scratch);
  }
}

/** Takes out all GPU builds; the library then runs on the CPU. The answer: the packages that were taken out. */
export async function removeGpuBuilds(deps: GpuBuildDeps): Promise<Result<readonly string[], string>> {
  const removed: string[] = [];
  try {
    for (const name of [...gpuPackages(deps.processes, "vulkan"), ...gpuPackages(deps.processes, "cuda")]) {
      if (!(await isGpuPackageFilled(deps.files, deps.libraryFolder, name))) continue;
      await deps.files.remove(gpuPackageFolder(deps.libraryFolder, name));
      removed.push(name);
    }
    return succeed(removed);
  } catch (error) {
    return fail(`${describeError(error)}. Check who owns the folder that hearth is installed in.`);
  }
}

function packagesOf(deps: GpuBuildDeps, kind: GpuKind): Result<readonly string[], string> {
  const names = gpuPackages(deps.processes, kind);
  if (names.length > 0) return succeed(names);
  const { platform, architecture } = deps.processes;
  return fail(
    platform === "darwin"
      ? "On a Mac the GPU works without a further build (Metal on Apple silicon)."
      : `There is no ready-made GPU build for ${platform} on ${architecture}.`,
  );
}

async function libraryVersion({ files, libraryFolder }: GpuBuildDeps): Promise<string | undefined> {
  const text = await files.readText(join(libraryFolder, "package.json"), MAX_PACKAGE_BYTES);
  if (text === undefined) return undefined;
  return /"version"\s*:\s*"(\d+\.\d+\.\d+[\w.+-]*)"/.exec(text)?.[1];
}

async function runNpm(
  deps: GpuBuildDeps,
  scratch: string,
  wanted: readonly string[],
): Promise<Result<true, string>> {
  const [command, ...before] = await findNpm(deps);
  const args = ["install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
  const result = await deps.processes.run(
    command ?? "npm",
    [...before, ...args, "--prefix", scratch, ...wanted],
    { folder: scratch, signal: deps.signal, timeoutMs: INSTALL_TIMEOUT_MS },
  );
  if (result.kind === "not-found")
    return fail("npm was not found: install Node.js with npm, then try again.");
  if (result.kind === "ended" && result.exitCode === 0) return succeed(true);
  return fail(`npm could not fetch the build: ${lastLine(result)}`);
}

/** npm's own script is run with this Node where it can be found: on Windows `npm` is no program that can be started directly. */
async function findNpm({ files, processes, nodePath }: GpuBuildDeps): Promise<readonly string[]> {
  const { npm_execpath: fromNpm } = processes.environment;
  const beside = join(dirname(nodePath), "node_modules", "npm", "bin", "npm-cli.js");
  const below = join(dirname(nodePath), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js");
  for (const script of [fromNpm, beside, below]) {
    const isScript = script !== undefined && /npm-cli\.c?js$/.test(script);
    if (isScript && (await files.stat(script)) !== undefined) return [nodePath, script];
  }
  return ["npm"];
}

/** Moves the new packages in, the old ones aside; the answer puts the old ones back. */
async function putInPlace(
  deps: GpuBuildDeps,
  scratch: string,
  names: readonly string[],
): Promise<() => Promise<void>> {
  const { files } = deps;
  const done: (() => Promise<void>)[] = [];
  const undo = async (): Promise<void> => {
    for (const step of done.splice(0).reverse()) await step();
  };
  try {
    await files.makeFolder(dirname(gpuPackageFolder(deps.libraryFolder, "x")));
    for (const name of names) {
      const from = join(scratch, "node_modules", "@node-llama-cpp", name);
      const to = gpuPackageFolder(deps.libraryFolder, name);
      const aside = join(scratch, `old-${name}`);
      if ((await files.stat(to)) !== undefined) {
        await files.rename(to, aside);
        done.push(() => files.rename(aside, to));
      }
      await files.rename(from, to);
      done.push(() => files.remove(to));
    }
    return undo;
  } catch (error) {
    await undo();
    throw error;
  }
}

/** A build that does not fit the machine may abort its process: never this one. */
async function probeGpu(
  deps: Omit<GpuBuildDeps, "say">,
  scratch: string,
  kind: GpuKind,
): Promise<Result<GpuProbe, string>> {
  const library = pathToFileURL(join(deps.libraryFolder, "dist", "index.js")).href;
  const code =
    `const { getLlama } = await import(${JSON.stringify(library)});` +
    `const llama = await getLlama({ gpu: ${JSON.stringify(kind)}, build: "never", progressLogs: false, logLevel: "disabled" });` +
    `const devices = llama.supportsGpuOffloading ? await llama.getGpuDeviceNames() : [];` +
    `const { total, unifiedSize } = await llama.getVramState();` +
    `console.log("\\n" + JSON.stringify({ gpu: llama.gpu, devices, total, unifiedSize })); process.exit(0);`;
  // A file, not `-e`: the library tries its binary in a child that inherits the arguments of this one.
  const script = join(scratch, "probe.mjs");
  await deps.files.writeText(script, code);
  const result = await deps.processes.run(deps.nodePath, [script], {
    folder: scratch,
    signal: deps.signal,
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  if (result.kind !== "ended" || result.exitCode !== 0) return fail(lastLine(result));
  return readProbe(result.output, kind);
}

function readProbe(output: string, kind: GpuKind): Result<GpuProbe, string> {
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return fail("its answer could not be read.");
  }
  if (typeof value !== "object" || value === null || !("gpu" in value) || value.gpu !== kind) {
    return fail("the library chose another build.");
  }
  const devices = "devices" in value && Array.isArray(value.devices) ? value.devices.map(String) : [];
  const bytes = (number: unknown): number => (typeof number === "number" && number > 0 ? number : 0);
  return succeed({
    devices,
    memoryBytes: bytes("total" in value ? value.total : 0),
    sharedBytes: bytes("unifiedSize" in value ? value.unifiedSize : 0),
  });
}

function lastLine(result: RunResult): string {
  if (result.kind === "not-found") return "the program was not found.";
  if (result.kind === "timed-out") return "it did not end in time.";
  const lines = `${result.output}\n${result.errors}`.split("\n").map((line) => line.trim());
  const said = lines.filter((line) => /error|cannot|could not|not found/i.test(line)).at(-1);
  return said === undefined ? `it ended with code ${result.exitCode}.` : `${said.slice(0, 300)}.`;
}
