// Finds out what the machine has: processor, memory with its limits and its speed, disk. Asks the system's own files and programs.
import type { Files, Machine, Processes, ScriptThreads } from "../../../platform/index.ts";
import { measureBandwidth } from "./bandwidth.ts";
import type { DiskKind, Graphics, Hardware } from "./hardware.ts";

interface DetectDeps {
  readonly files: Files;
  readonly processes: Processes;
  readonly machine: Machine;
  readonly threads: ScriptThreads;
  /** Where models lie. */
  readonly folder: string;
  /** Found by who knows the builds that are in place. */
  readonly graphics: Graphics | undefined;
  readonly signal: AbortSignal;
}

/** Takes about a quarter of a second; what cannot be found out is left open, never guessed here. */
export async function detectHardware(deps: DetectDeps): Promise<Hardware> {
  const { machine, graphics } = deps;
  const processor = await lookAtProcessor(deps);
  const limit = await memoryLimit(deps.files);
  return {
    processor: processor.name,
    features: processor.features,
    cores: Math.max(1, Math.min(machine.cores, processor.cores ?? machine.cores)),
    memoryBytes: Math.min(machine.totalMemoryBytes, limit?.mostBytes ?? Infinity),
    freeMemoryBytes: Math.min(machine.freeMemoryBytes(), limit?.freeBytes ?? Infinity),
    bandwidthGigabytes: await measureBandwidth(deps.threads),
    graphics,
    disk: await lookAtDisk(deps),
  };
}

const MAX_SYSTEM_FILE_BYTES = 4 * 1024 * 1024;

/** Undefined when the file is not there, as on other systems, or may not be read. */
async function readSystemFile(files: Files, path: string): Promise<string | undefined> {
  try {
    return await files.readText(path, MAX_SYSTEM_FILE_BYTES);
  } catch {
    // Sandboxes hide these files in many ways; not knowing is an answer.
    return undefined;
  }
}

interface Processor {
  readonly name: string;
  readonly features: readonly string[];
  /** Undefined when the system does not tell them from their second threads. */
  readonly cores: number | undefined;
}

async function lookAtProcessor({ files, processes, signal }: DetectDeps): Promise<Processor> {
  const text = await readSystemFile(files, "/proc/cpuinfo");
  if (text !== undefined) return parseProcessor(text);
  if (processes.platform === "darwin") {
    const questions = ["-n", "machdep.cpu.brand_string", "hw.physicalcpu"];
    const answer = await processes.run("sysctl", questions, { signal, timeoutMs: 5000 });
    const [name = "", cores = ""] = answer.kind === "ended" ? answer.output.split("\n") : [];
    // Every Apple processor since the M1 has the dot product instructions.
    const features = processes.architecture === "arm64" ? ["asimddp"] : ["avx2"];
    return { name: name || processes.architecture, features, cores: Number(cores) || undefined };
  }
  const name = processes.environment["PROCESSOR_IDENTIFIER"] ?? processes.architecture;
  return { name, features: [], cores: undefined };
}

/** `/proc/cpuinfo`: a block of `key : value` lines for each hardware thread. */
export function parseProcessor(text: string): Processor {
  const cores = new Set<string>();
  let name = "";
  let features: readonly string[] = [];
  for (const block of text.split(/\n\s*\n/)) {
    const field = (key: string): string | undefined =>
      new RegExp(`^${key}\\s*:\\s*(.*)$`, "m").exec(block)?.[1]?.trim();
    name ||= field("model name") ?? "";
    if (features.length === 0)
      features = (field("flags") ?? field("Features") ?? "").split(/\s+/).filter(Boolean);
    const core = field("core id");
    if (core !== undefined) cores.add(`${field("physical id") ?? "0"}/${core}`);
  }
  return { name: name || "unknown processor", features, cores: cores.size === 0 ? undefined : cores.size };
}

const CONTROL_GROUPS = "/sys/fs/cgroup";

/** What the control group allows (version 2, then 1); the cache that it would give back counts as free. */
async function memoryLimit(
  files: Files,
): Promise<{ readonly mostBytes: number; readonly freeBytes: number } | undefined> {
  const own = /^0::(\/.*)$/m.exec((await readSystemFile(files, "/proc/self/cgroup")) ?? "")?.[1] ?? "/";
  const places: readonly (readonly [folder: string, most: string, used: string])[] = [
    [`${CONTROL_GROUPS}${own === "/" ? "" : own}`, "memory.max", "memory.current"],
    [CONTROL_GROUPS, "memory.max", "memory.current"],
    [`${CONTROL_GROUPS}/memory`, "memory.limit_in_bytes", "memory.usage_in_bytes"],
  ];
  for (const [folder, most, used] of places) {
    const mostBytes = Number(await readSystemFile(files, `${folder}/${most}`));
    const usedBytes = Number(await readSystemFile(files, `${folder}/${used}`));
    // "max" is no number; version 1 says "no limit" with a number beyond any memory, which the caller's minimum takes care of.
    if (!(mostBytes > 0) || !(usedBytes >= 0)) continue;
    const stat = (await readSystemFile(files, `${folder}/memory.stat`)) ?? "";
    const cached = Number(/^(?:total_)?inactive_file (\d+)$/m.exec(stat)?.[1] ?? 0);
    return { mostBytes, freeBytes: Math.max(0, mostBytes - usedBytes + cached) };
  }
  return undefined;
}

async function lookAtDisk({ files, processes, folder }: DetectDeps): Promise<DiskKind> {
  if (processes.platform === "darwin") return processes.architecture === "arm64" ? "nvme" : "unknown";
  const mounts = await readSystemFile(files, "/proc/self/mountinfo");
  const device = mounts === undefined ? undefined : deviceOf(mounts, folder);
  if (device === undefined) return "unknown";
  if (/^\/dev\/nvme/.test(device.source)) return "nvme";
  // A partition has no queue of its own: the disk above it has.
  for (const place of [`/sys/dev/block/${device.number}`, `/sys/dev/block/${device.number}/..`]) {
    const isRotational = (await readSystemFile(files, `${place}/queue/rotational`))?.trim();
    if (isRotational === "1") return "hdd";
    if (isRotational === "0") return "ssd";
  }
  return "unknown";
}

/** The mount that holds the folder: the one with the longest path above it. */
export function deviceOf(
  mounts: string,
  folder: string,
): { readonly number: string; readonly source: string } | undefined {
  let found: { readonly number: string; readonly source: string } | undefined;
  let longest = -1;
  for (const line of mounts.split("\n")) {
    const [left = "", right = ""] = line.split(" - ");
    const [, , number = "", , point = ""] = left.split(" ");
    const isAbove = point === "/" || folder === point || folder.startsWith(`${point}/`);
    if (!isAbove || point.length <= longest || number === "") continue;
    longest = point.length;
    found = { number, source: right.split(" ")[1] ?? "" };
  }
  return found;
}
