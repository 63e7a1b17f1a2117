// The floor: what one prompt token and 24 greedy tokens cost at a depth, in a process that holds nothing else.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { endWithThisRun, letGo } from "./own-processes.ts";
import type { LoadMeter } from "./foreign-load.ts";

export interface FloorOrder {
  readonly modelFile: string;
  readonly threads: number;
  readonly text: string;
  readonly depths: readonly number[];
  readonly generated: number;
  readonly rounds: number;
  /** Texts whose tokens are to be counted. */
  readonly count: readonly string[];
}

export interface FloorReading {
  /** Tokens held; fewer than asked for when the text is shorter. */
  readonly depth: number;
  readonly prefillMs: number;
  /** One per round. */
  readonly answerMs: readonly number[];
}

export interface FloorAnswer {
  readonly readings: readonly FloorReading[];
  readonly counted: readonly number[];
}

const LIMIT_MS = 120_000;

/** Resolves with what the process measured, and the foreign load meanwhile. */
export async function measureFloor(
  order: FloorOrder,
  load: LoadMeter,
): Promise<FloorAnswer & { readonly foreignCores: number | undefined }> {
  const script = fileURLToPath(new URL("../floor-process.js", import.meta.url));
  const reading = load.read();
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: LIMIT_MS,
  });
  if (child.pid !== undefined) load.own(child.pid);
  endWithThisRun(child.pid);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
    // While it still runs: what an ended process used is not told any more.
    load.read();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  letGo(child.pid);
  if (code !== 0) throw new Error(`the floor's process ended with ${code}`);
  return { ...(JSON.parse(output) as FloorAnswer), foreignCores: load.foreignSince(reading) };
}
