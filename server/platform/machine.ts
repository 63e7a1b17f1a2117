// The door to what the machine is and how busy it is. The twin for tests says what it is told to say.
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";

export interface CpuTime {
  /** Milliseconds of processor time that all processes of the machine have used, summed over the cores. */
  readonly busyMs: number;
  /** The part of it that this process used, all its threads. */
  readonly ownMs: number;
}

export interface Machine {
  /** Cores that this process may use: affinity and the control group's quota are taken off; at least 1, whole. */
  readonly cores: number;
  readonly totalMemoryBytes: number;
  freeMemoryBytes(): number;
  cpuTime(): CpuTime;
  /** This process, by the number that `isAlive` understands. */
  readonly processId: number;
  isAlive(processId: number): boolean;
}

export function createMachine(): Machine {
  return {
    cores: Math.max(1, Math.floor(Math.min(availableParallelism(), readCpuQuota() ?? Infinity))),
    totalMemoryBytes: totalmem(),
    freeMemoryBytes: freemem,
    cpuTime() {
      const busyMs = cpus().reduce(
        (sum, { times }) => sum + times.user + times.nice + times.sys + times.irq,
        0,
      );
      const own = process.cpuUsage();
      return { busyMs, ownMs: (own.user + own.system) / 1000 };
    },
    processId: process.pid,
    isAlive(processId) {
      try {
        process.kill(processId, 0);
        return true;
      } catch (error) {
        // EPERM: it runs, under another user.
        return error instanceof Error && "code" in error && error.code === "EPERM";
      }
    },
  };
}

/** The quota of the control group in cores (cgroup v2, then v1); undefined when there is none, as outside Linux. */
function readCpuQuota(): number | undefined {
  const [quota, period] = readWords("/sys/fs/cgroup/cpu.max");
  const cores = Number(quota) / Number(period);
  if (cores > 0) return cores;
  const [oldQuota] = readWords("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
  const [oldPeriod] = readWords("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  const oldCores = Number(oldQuota) / Number(oldPeriod);
  return oldCores > 0 ? oldCores : undefined;
}

function readWords(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").trim().split(/\s+/);
  } catch {
    // No such control file: this system sets no quota in this way.
    return [];
  }
}

export interface ManualMachine extends Machine {
  /** Adds processor time: `others` counts as used by other processes. */
  spend(ownMs: number, othersMs: number): void;
  /** The process ends, as far as `isAlive` knows. */
  end(processId: number): void;
}

export function createManualMachine(cores: number, processId = 1): ManualMachine {
  let busyMs = 0;
  let ownMs = 0;
  const ended = new Set<number>();
  return {
    cores,
    totalMemoryBytes: 8 * 2 ** 30,
    freeMemoryBytes: () => 4 * 2 ** 30,
    cpuTime: () => ({ busyMs, ownMs }),
    processId,
    isAlive: (other) => !ended.has(other),
    spend(own, others) {
      ownMs += own;
      busyMs += own + others;
    },
    end: (other) => void ended.add(other),
  };
}
