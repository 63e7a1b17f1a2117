// What every part of the completion benchmark works with.
import type { MeasuredModel } from "../../engine/measured-model.ts";
import type { Progress } from "../../report/progress.ts";
import type { LoadMeter } from "./foreign-load.ts";
import type { TypingFile } from "./places.ts";
import type { BenchPlan } from "./plan.ts";
import type { CompletionReport } from "./report-types.ts";

export interface Bench {
  readonly root: string;
  readonly plan: BenchPlan;
  readonly model: MeasuredModel;
  readonly files: readonly TypingFile[];
  readonly traceFiles: readonly TypingFile[];
  readonly threads: number;
  readonly load: LoadMeter;
  readonly progress: Progress;
  readonly report: () => CompletionReport;
  readonly add: (more: Partial<CompletionReport>) => void;
  /** Runs a part unless the time is up; a failure is noted. */
  readonly part: (name: string, work: () => Promise<void>) => Promise<void>;
}
