// Which model a machine gets when the user named none: by the table in the catalogue, with the reason in words.
import type { CatalogueEntry, DefaultChoice, MachineFacts } from "../model-source.ts";
import { formatBytes } from "./explain.ts";

/** The table: the first row whose demands are met wins; a row without demands fits every machine. */
export interface DefaultTable {
  /** For machines that reach no hub: an entry with a source that needs none. */
  readonly withoutHub: string;
  readonly byHardware: readonly DefaultRow[];
}

export interface DefaultRow {
  readonly model: string;
  readonly leastGpuBytes: number;
  readonly leastMemoryBytes: number;
  readonly leastCores: number;
}

export interface Situation extends MachineFacts {
  readonly isHubReachable: boolean;
  readonly isOffline: boolean;
  /** Ids of entries whose file is there. */
  readonly presentIds: readonly string[];
}

/** Undefined only when the catalogue lacks the entries that its own table names. */
export function chooseDefault(
  catalogue: readonly CatalogueEntry[],
  table: DefaultTable,
  situation: Situation,
): DefaultChoice | undefined {
  const entryOf = (id: string): CatalogueEntry | undefined => catalogue.find((entry) => entry.id === id);
  const { best } = situation;
  const first = best === undefined ? [] : [{ ...NO_DEMANDS, model: best.id }];
  const fitting = [...first, ...table.byHardware.filter((row) => fits(row, situation))];
  if (situation.isOffline || !situation.isHubReachable) {
    const why = situation.isOffline ? "the offline setting is on" : "no model hub answers";
    const there = fitting.find((row) => situation.presentIds.includes(row.model));
    const present = there === undefined ? undefined : entryOf(there.model);
    if (present !== undefined) return { entry: present, reason: `it is already here, and ${why}` };
    const small = entryOf(table.withoutHub);
    return small === undefined
      ? undefined
      : { entry: small, reason: `${why}, and this one comes without it` };
  }
  for (const row of fitting) {
    const entry = entryOf(row.model);
    const reason = row.model === best?.id ? best.reason : reasonOf(row, situation);
    if (entry !== undefined) return { entry, reason };
  }
  const small = entryOf(table.withoutHub);
  return small === undefined ? undefined : { entry: small, reason: "no other default is in the catalogue" };
}

const NO_DEMANDS = { leastGpuBytes: 0, leastMemoryBytes: 0, leastCores: 0 };

function fits(row: DefaultRow, situation: Situation): boolean {
  return (
    situation.gpuMemoryBytes >= row.leastGpuBytes &&
    situation.memoryBytes >= row.leastMemoryBytes &&
    situation.cores >= row.leastCores
  );
}

function reasonOf(row: DefaultRow, { memoryBytes, cores, gpuMemoryBytes }: Situation): string {
  const machine = `${formatBytes(memoryBytes)} of memory and ${cores} ${cores === 1 ? "core" : "cores"}`;
  if (row.leastGpuBytes > 0) return `the GPU has ${formatBytes(gpuMemoryBytes)}`;
  if (row.leastMemoryBytes > 0 || row.leastCores > 0) return `this machine has ${machine}`;
  return `this machine has ${machine}, where a larger model would answer too slowly`;
}
