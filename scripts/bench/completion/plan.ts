// How much the completion benchmark does: the whole, or a short form for whoever works on it.
import type { TracePlan } from "./trace.ts";

export interface BenchPlan {
  /** Of the corpus list, by name; the first is the short file of the peers' measurements, the second the long one. */
  readonly traceFiles: readonly string[];
  /** Keys typed through the protocol, by file. */
  readonly protocolKeys: Readonly<Record<string, number>>;
  readonly hearth: TracePlan;
  /** What is slow at each key is asked fewer times. */
  readonly naive: TracePlan;
  readonly server: TracePlan;
  readonly serverLong: TracePlan;
  readonly pacedKeys: number;
  readonly burstKeys: number;
  readonly menuKeys: number;
  /** Of two editors in turn, each. */
  readonly pairKeys: number;
  /** Of two editors at the same time, in each file of each; many, since p95 of a few is the slowest one. */
  readonly atOnceKeys: number;
  /** In which files either of them types. */
  readonly seats: readonly [readonly string[], readonly string[]];
  readonly alternatingKeys: number;
  readonly manyKeys: number;
  readonly cancels: number;
  readonly loadKeys: number;
  readonly traceKeys: number;
  readonly floorRounds: number;
  /** Parts that have not begun by then are left out, and the report says so. */
  readonly limitMs: number;
}

export const wholePlan: BenchPlan = {
  traceFiles: ["Encoder.ts", "tempfile.py"],
  protocolKeys: {
    "Encoder.ts": 20,
    "tempfile.py": 20,
    "route.go": 10,
    "identifier.rs": 10,
    "JsonWriter.java": 10,
  },
  hearth: { keys: 20, unexpected: 8, deletions: 5, openKeys: 20 },
  naive: { keys: 5, unexpected: 0, deletions: 1, openKeys: 20 },
  server: { keys: 20, unexpected: 0, deletions: 3, openKeys: 20 },
  serverLong: { keys: 10, unexpected: 0, deletions: 2, openKeys: 20 },
  pacedKeys: 20,
  burstKeys: 100,
  menuKeys: 40,
  pairKeys: 15,
  atOnceKeys: 45,
  seats: [
    ["Encoder.ts", "route.go"],
    ["tempfile.py", "identifier.rs", "JsonWriter.java"],
  ],
  alternatingKeys: 4,
  manyKeys: 3,
  cancels: 120,
  loadKeys: 20,
  traceKeys: 300,
  floorRounds: 7,
  limitMs: 16 * 60_000,
};

export const quickPlan: BenchPlan = {
  traceFiles: ["Encoder.ts"],
  protocolKeys: { "Encoder.ts": 5, "route.go": 3 },
  hearth: { keys: 4, unexpected: 3, deletions: 2, openKeys: 6 },
  naive: { keys: 2, unexpected: 0, deletions: 1, openKeys: 4 },
  server: { keys: 3, unexpected: 0, deletions: 1, openKeys: 4 },
  serverLong: { keys: 3, unexpected: 0, deletions: 1, openKeys: 4 },
  pacedKeys: 8,
  burstKeys: 30,
  menuKeys: 10,
  pairKeys: 3,
  atOnceKeys: 6,
  seats: [["Encoder.ts"], ["tempfile.py"]],
  alternatingKeys: 2,
  manyKeys: 1,
  cancels: 8,
  loadKeys: 3,
  traceKeys: 40,
  floorRounds: 3,
  limitMs: 110_000,
};

/** Steps of a trace, for the progress bar. */
export function traceSteps({ keys, unexpected, deletions }: TracePlan): number {
  return keys + unexpected + deletions + 7;
}
