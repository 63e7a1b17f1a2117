// Remembers the tier of the last look, so that a machine near a border does not change its model from day to day.
import { join } from "node:path";
import { HearthError } from "../../../kernel/index.ts";
import type { Files } from "../../../platform/index.ts";
import type { Assessment } from "./assess.ts";
import type { Hardware } from "./hardware.ts";
import type { Tier } from "./score.ts";

const FILE = "hardware.json";
const MAX_BYTES = 64 * 1024;
const TIERS: readonly Tier[] = ["fast", "balanced", "powerful"];

/** Undefined after a change of the machine, and when nothing is known. */
export async function readTier(files: Files, folder: string, hardware: Hardware): Promise<Tier | undefined> {
  const text = await files.readText(join(folder, FILE), MAX_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(text ?? "null");
  } catch {
    // Half written or edited: the machine is looked at as if for the first time.
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("machine" in value) || !("tier" in value))
    return undefined;
  return value.machine === machineOf(hardware) ? TIERS.find((tier) => tier === value.tier) : undefined;
}

export async function rememberTier(files: Files, folder: string, assessment: Assessment): Promise<void> {
  const { hardware, score, tier } = assessment;
  const text = JSON.stringify({ machine: machineOf(hardware), score, tier }, null, 2);
  try {
    await files.makeFolder(folder);
    await files.writeText(join(folder, FILE), `${text}\n`);
  } catch (error) {
    // A folder that cannot be written: the next look begins anew.
    if (!(error instanceof HearthError)) throw error;
  }
}

function machineOf({ processor, cores, memoryBytes, graphics }: Hardware): string {
  const gigabytes = Math.round(memoryBytes / 1e9);
  return `${processor}, ${cores} cores, ${gigabytes} GB, ${graphics?.name ?? "no graphics"}`;
}
