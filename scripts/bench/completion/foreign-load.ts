// How many cores other work used while something was measured: /proc/stat less what this run's own processes used.
import { readFileSync } from "node:fs";

export interface LoadReading {
  readonly atMs: number;
  readonly busyMs: number;
  readonly ownMs: number;
}

export interface LoadMeter {
  /** Counts a process and its threads as this run's own. */
  own(pid: number): void;
  read(): LoadReading | undefined;
  /** Cores that other work used on average since `before`; undefined for a blink, and where the system does not tell. */
  foreignSince(before: LoadReading | undefined): number | undefined;
  /** Processor seconds that one process has used so far, all its threads. */
  cpuSecondsOf(pid: number): number | undefined;
}

/** Above this many cores of other work a sample is not called quiet: it is one tick in seven. */
export const QUIET_CORES = 0.15;

/** Ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const TICK_MS = 10;
/** Within fewer ticks than this the share of a core cannot be told. */
const SHORTEST_MS = 60;

export function createLoadMeter(): LoadMeter {
  const owned = new Set<number>([process.pid]);
  // What a process used stays counted as own after it has ended.
  const used = new Map<number, number>();

  const read = (): LoadReading | undefined => {
    const busyMs = readBusyMs();
    if (busyMs === undefined) return undefined;
    for (const pid of owned) used.set(pid, readProcessMs(pid) ?? used.get(pid) ?? 0);
    const ownMs = [...used.values()].reduce((sum, ms) => sum + ms, 0);
    return { atMs: performance.now(), busyMs, ownMs };
  };

  return {
    own(pid) {
      owned.add(pid);
    },
    read,
    foreignSince(before) {
      const now = read();
      if (before === undefined || now === undefined || now.atMs - before.atMs < SHORTEST_MS) return undefined;
      const foreignMs = now.busyMs - before.busyMs - (now.ownMs - before.ownMs);
      return Math.max(0, foreignMs / (now.atMs - before.atMs));
    },
    cpuSecondsOf(pid) {
      const ms = readProcessMs(pid);
      return ms === undefined ? undefined : ms / 1000;
    },
  };
}

/** Fields after "cpu": user, nice, system, idle, iowait, irq, softirq, steal. What the host stole is other work too. */
function readBusyMs(): number | undefined {
  const fields = readText("/proc/stat")?.split("\n")[0]?.trim().split(/\s+/).slice(1).map(Number);
  if (fields === undefined || fields.length < 8) return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
  return (user + nice + system + irq + softirq + steal) * TICK_MS;
}

function readProcessMs(pid: number): number | undefined {
  // The name in brackets may hold blanks; utime and stime are the 12th and 13th field after it.
  const fields = readText(`/proc/${pid}/stat`)
    ?.replace(/^.*\)\s/s, "")
    .split(" ");
  if (fields === undefined) return undefined;
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Not Linux, or the process has ended: nothing is known.
    return undefined;
  }
}
