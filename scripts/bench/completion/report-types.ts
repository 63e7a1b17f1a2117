// Everything that one run of the completion benchmark found; written as JSON, read by the verdicts, the table and the page.
import type { MachineNote } from "../machine.ts";
import type { AlternatingResult, CancelResult, NeighbourResult } from "./engine-parts.ts";
import type { FloorReading } from "./floor.ts";
import type { LongTrace, MenuWork, TwoEditors, TypedFile } from "./protocol-parts.ts";
import type { PacedResult } from "./protocol-typing.ts";
import type { TraceResult } from "./trace.ts";

export interface FloorNote extends FloorReading {
  readonly file: string;
  readonly threads: number;
  readonly foreignCores: number | undefined;
}

export interface CompletionReport {
  readonly startedAt: string;
  readonly form: "whole" | "quick";
  readonly machine: MachineNote;
  readonly model: string;
  /** Threads of the contestants in the trace. */
  readonly threads: number;
  readonly contestants: readonly {
    readonly name: string;
    readonly conditions: string;
    /** Resident after its traces, of its process. */
    readonly residentMB: number | undefined;
  }[];
  readonly traces: readonly TraceResult[];
  readonly floors: readonly FloorNote[];
  /** Per file: tokens from the inserted line to the cursor. */
  readonly belowInserted: readonly { readonly file: string; readonly tokens: number }[];
  readonly alternating: readonly AlternatingResult[];
  /** More documents than the engine has sequences. */
  readonly many: AlternatingResult | undefined;
  readonly cancel: CancelResult | undefined;
  readonly neighbour: (NeighbourResult & { readonly oneThreadFloor: FloorNote | undefined }) | undefined;
  readonly typed: readonly TypedFile[];
  readonly paced: readonly (PacedResult & { readonly file: string })[];
  readonly menuWork: MenuWork | undefined;
  readonly twoEditors: TwoEditors | undefined;
  readonly longTrace: LongTrace | undefined;
  /** Sentences about what was left out or failed. */
  readonly problems: readonly string[];
  readonly minutes: number;
}

export const hearthName = "hearth";
export const hearthInfillName = "hearth, infill layout";
export const naiveName = "naive, infill layout";

export function emptyReport(
  start: Pick<CompletionReport, "startedAt" | "form" | "machine" | "model" | "threads">,
): CompletionReport {
  return {
    ...start,
    contestants: [],
    traces: [],
    floors: [],
    belowInserted: [],
    alternating: [],
    many: undefined,
    cancel: undefined,
    neighbour: undefined,
    typed: [],
    paced: [],
    menuWork: undefined,
    twoEditors: undefined,
    longTrace: undefined,
    problems: [],
    minutes: 0,
  };
}
