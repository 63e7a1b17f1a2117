// What the benchmark needs of the machine: resident memory of processes, and how busy the machine is with other work.
import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

export interface MachineNote {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  readonly node: string;
  /** One-minute load average before the run: above the number of idle cores the times are pessimistic. */
  readonly loadBefore: number;
}

export function describeMachine(): MachineNote {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? "unknown",
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

/** Resident megabytes of a process, undefined when it is gone or the system has no `ps`. */
export function residentMegabytes(pid: number): number | undefined {
  try {
    const kilobytes = Number(
      execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).trim(),
    );
    return Math.round(kilobytes / 1024);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
