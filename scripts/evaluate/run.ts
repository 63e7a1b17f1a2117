// `npm run evaluate -- completion`: samples lines, asks for them, keeps every answer on disk, sums up. A run that was cut off goes on.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadCorpus, readCorpusList } from "../corpus/corpus.ts";
import { createLoadMeter, QUIET_CORES } from "../bench/completion/foreign-load.ts";
import { describeFile, findMeasuredModel } from "../engine/measured-model.ts";
import { startProgress } from "../report/progress.ts";
import { openCompletionTask } from "./completion-task.ts";
import type { EvaluatedPlace } from "./completion-task.ts";
import { sampleLines } from "./masking.ts";
import { openResultsFile } from "./results-file.ts";
import { summarizeEvaluation } from "./summary.ts";
import type { EvaluationSummary } from "./summary.ts";

export interface EvaluationOptions {
  readonly root: string;
  readonly modelId: string | undefined;
  /** Lines per language. */
  readonly samples: number;
  readonly seed: number;
  readonly promptTokens: number;
  readonly threads: number;
  readonly targetPrecision: number;
  /** No new line is begun after this time. */
  readonly limitMs: number;
  /** Throws away what an earlier run of the same settings left. */
  readonly isFresh: boolean;
  readonly print: (line: string) => void;
}

export interface EvaluationReport {
  readonly startedAt: string;
  readonly modelId: string;
  readonly model: string;
  readonly seed: number;
  readonly corpus: { readonly files: number; readonly packages: number };
  readonly minutes: number;
  readonly foreignNote: string;
  readonly summary: EvaluationSummary;
  readonly problems: readonly string[];
}

interface Row {
  readonly id: string;
  readonly places: readonly EvaluatedPlace[];
}

export async function runEvaluation(options: EvaluationOptions): Promise<EvaluationReport> {
  const { root, print, samples, seed } = options;
  const corpus = await loadCorpus(
    readCorpusList(join(root, "scripts", "evaluate", "corpus.json")),
    join(root, ".cache", "corpus"),
    (uri) => print(`fetching ${uri}`),
  );
  const problems = [...corpus.problems];
  const model = await findMeasuredModel(root, options.modelId, print);
  const lines = sampleLines(corpus.files, samples, seed);
  if (lines.length === 0) throw new Error(`there is nothing to mask: ${problems.join("; ")}`);
  const results = openResultsFile<Row>({
    root,
    name: "places",
    isFresh: options.isFresh,
    depends: (key) =>
      void key
        .update(JSON.stringify([model.entry, model.bytes, seed, options.promptTokens]))
        .update(readFileSync(join(root, "scripts", "evaluate", "corpus.json"))),
  });
  const known = new Map(results.rows.map((row) => [row.id, row.places]));
  const waiting = lines.filter(({ id }) => !known.has(id));
  if (known.size > 0)
    print(`${lines.length - waiting.length} of ${lines.length} lines are known from an earlier run`);

  const load = createLoadMeter();
  const reading = load.read();
  const startedMs = performance.now();
  if (waiting.length > 0) {
    const task = await openCompletionTask({ ...options, model });
    const progress = startProgress(waiting.length, "starting");
    try {
      for (const line of waiting) {
        if (performance.now() - startedMs > options.limitMs) {
          problems.push(
            `the time was up: ${lines.length - known.size} lines are left; the same command goes on with them`,
          );
          break;
        }
        const places = await task.evaluate(line);
        results.add({ id: line.id, places });
        known.set(line.id, places);
        progress.step(line.id);
      }
    } finally {
      progress.stop();
      problems.push(...new Set(task.bugs()));
      await task.dispose();
    }
  }
  const foreign = load.foreignSince(reading);
  const places = lines.flatMap(({ id }) => known.get(id) ?? []);
  return {
    startedAt: new Date().toISOString(),
    modelId: model.entry.id,
    model: describeFile(model),
    seed,
    corpus: { files: corpus.files.length, packages: new Set(corpus.files.map((file) => file.package)).size },
    minutes: (performance.now() - startedMs) / 60_000,
    foreignNote:
      foreign === undefined
        ? "How much other work the machine did is not known here; the figures do not depend on it."
        : `${foreign.toFixed(2)} cores of other work meanwhile (${foreign <= QUIET_CORES ? "quiet" : "not quiet"}); the figures do not depend on it.`,
    summary: summarizeEvaluation(places, model.entry.confidenceGate, options.targetPrecision),
    problems,
  };
}
