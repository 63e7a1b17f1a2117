// `npm run bench -- completion`: every part in turn; what fails or comes too late is a sentence in the report, not its end.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCorpus, readCorpusList } from "../../corpus/corpus.ts";
import { describeFile, findMeasuredModel } from "../../engine/measured-model.ts";
import { startProgress } from "../../report/progress.ts";
import { describeMachine } from "../machine.ts";
import type { Bench } from "./bench-context.ts";
import { createLoadMeter } from "./foreign-load.ts";
import { findLlamaServer } from "./llama-server.ts";
import { typingFileOf } from "./places.ts";
import { traceSteps } from "./plan.ts";
import type { BenchPlan } from "./plan.ts";
import { emptyReport } from "./report-types.ts";
import type { CompletionReport } from "./report-types.ts";
import { measureBesides, measureHearth, measureInfill, measureNaive, measureServer } from "./run-engine.ts";
import { measureThroughProtocol } from "./run-protocol.ts";

export const benchParts = ["hearth", "protocol", "besides", "infill", "server", "naive"] as const;

export type BenchPart = (typeof benchParts)[number];

export interface RunOptions {
  readonly root: string;
  readonly plan: BenchPlan;
  readonly form: CompletionReport["form"];
  readonly modelId: string | undefined;
  /** Of all contestants of the traces; undefined: as many as there are cores. */
  readonly threads: number | undefined;
  /** Undefined: all of them. */
  readonly only: BenchPart | undefined;
  /** Told after every part with all that is known so far. */
  readonly onReport: (report: CompletionReport) => void;
  readonly print: (line: string) => void;
}

export async function runCompletionBench(options: RunOptions): Promise<CompletionReport> {
  const { root, plan, form } = options;
  const machine = describeMachine();
  const threads = options.threads ?? machine.cores;
  const corpus = await loadCorpus(
    readCorpusList(join(root, "scripts", "bench", "corpus.json")),
    join(root, ".cache", "corpus"),
    (uri) => options.print(`fetching ${uri}`),
  );
  const files = corpus.files.map(typingFileOf);
  const traceFiles = files.filter(({ name }) => plan.traceFiles.includes(name));
  if (traceFiles.length === 0) throw new Error(`no source file could be had: ${corpus.problems.join("; ")}`);
  const model = await findMeasuredModel(root, options.modelId, options.print);
  const startedMs = performance.now();
  let report: CompletionReport = {
    ...emptyReport({
      startedAt: new Date().toISOString(),
      form,
      machine,
      model: describeFile(model),
      threads,
    }),
    problems: corpus.problems,
  };
  const program = findLlamaServer();
  const progress = startProgress(countSteps(plan, traceFiles.length, program !== undefined), "starting");
  const add = (more: Partial<CompletionReport>): void => {
    report = { ...report, ...more, minutes: (performance.now() - startedMs) / 60_000 };
    options.onReport(report);
  };
  const bench: Bench = {
    root,
    plan,
    model,
    files,
    traceFiles,
    threads,
    load: createLoadMeter(),
    progress,
    report: () => report,
    add,
    async part(name, work) {
      if (performance.now() - startedMs > plan.limitMs) {
        add({ problems: [...report.problems, `${name} was left out: the time was up`] });
        return;
      }
      progress.note(name);
      try {
        await work();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        add({ problems: [...report.problems, `${name} failed: ${reason}`] });
      }
    },
  };
  try {
    const isWanted = (name: BenchPart): boolean => options.only === undefined || options.only === name;
    if (isWanted("hearth")) await measureHearth(bench);
    if (isWanted("protocol")) await measureThroughProtocol(bench);
    if (isWanted("besides")) await measureBesides(bench);
    if (isWanted("infill")) await measureInfill(bench);
    if (program === undefined) {
      const remedy = "set HEARTH_LLAMA_SERVER to its path to compare with one";
      add({ problems: [...report.problems, `no llama-server is installed: ${remedy}`] });
    } else if (isWanted("server")) await measureServer(bench, program, "infill");
    if (isWanted("naive")) await measureNaive(bench);
    if (program !== undefined && isWanted("server")) await measureServer(bench, program, "completion");
  } finally {
    progress.stop();
  }
  add({});
  return report;
}

function countSteps(plan: BenchPlan, files: number, hasServer: boolean): number {
  const pair = (plan.alternatingKeys + 1) * 2;
  const protocol = Object.values(plan.protocolKeys).reduce((sum, keys) => sum + keys, 0);
  const own = 2 * (traceSteps(plan.hearth) * files + pair) + traceSteps(plan.naive) * files;
  const server = 2 * (traceSteps(plan.server) + traceSteps(plan.serverLong) * (files - 1) + pair);
  const rest =
    plan.cancels +
    10 +
    protocol +
    15 +
    plan.traceKeys +
    plan.atOnceKeys * 4 * plan.seats.flat().length +
    6 * (plan.manyKeys + 1) +
    5;
  return own + rest + (hasServer ? server : 0);
}

/** Writes the report so that a run that is cut off leaves what it had. */
export function writeReport(folder: string, report: CompletionReport): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "completion.json"), `${JSON.stringify(report, undefined, 2)}\n`);
}
