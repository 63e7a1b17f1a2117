// `npm run evaluate -- holes`: asks for holes of held-out packages, keeps every answer on disk, sums up, compares the models that were asked.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describeFile, findMeasuredModel } from "../../engine/measured-model.ts";
import type { MeasuredModel } from "../../engine/measured-model.ts";
import { startProgress } from "../../report/progress.ts";
import { sha256Of } from "../../corpus/corpus.ts";
import { openResultsFile } from "../results-file.ts";
import { createCopyingFiller, createModelFiller } from "./ask-holes.ts";
import { readHeldOut } from "./held-out.ts";
import { judge, summarizeHoles } from "./judge.ts";
import type { HoleSummary, JudgedHole } from "./judge.ts";
import { sampleHoles } from "./sample-holes.ts";

export interface HolesOptions {
  readonly root: string;
  /** What scripts/train gathers as heldout.jsonl.xz. */
  readonly corpus: string;
  /** A model of the catalogue, a uri or a file; "copy" is the baseline; undefined as `findMeasuredModel` has it. */
  readonly modelId: string | undefined;
  /** In place of what the catalogue says about the model. */
  readonly format: string | undefined;
  readonly gate: number | undefined;
  /** Ids of languages; undefined: all of the corpus. */
  readonly languages: readonly string[] | undefined;
  /** Holes of each kind in each language. */
  readonly samples: number;
  readonly seed: number;
  readonly promptTokens: number;
  readonly threads: number;
  readonly limitMs: number;
  readonly isFresh: boolean;
  readonly print: (line: string) => void;
}

export interface HolesReport {
  readonly startedAt: string;
  readonly model: string;
  readonly gate: number;
  /** The same for runs whose figures may be compared. */
  readonly sampling: string;
  readonly corpus: { readonly file: string; readonly files: number; readonly packages: number };
  readonly holes: number;
  readonly summary: readonly HoleSummary[];
  readonly problems: readonly string[];
}

export async function runHoles(options: HolesOptions): Promise<HolesReport> {
  const { root, seed, samples, print } = options;
  const all = await readHeldOut(options.corpus);
  const files = all.filter(({ language }) => options.languages?.includes(language) ?? true);
  const holes = sampleHoles(files, samples, seed);
  if (holes.length === 0) throw new Error(`${options.corpus} has no place for a hole in these languages`);
  const model = options.modelId === "copy" ? undefined : await withChanges(options);
  const sampling = sha256Of(
    JSON.stringify([seed, options.promptTokens, holes.map(({ id, truth }) => [id, truth])]),
  );
  const results = openResultsFile<JudgedHole>({
    root,
    name: "holes",
    isFresh: options.isFresh,
    depends: (key) => void key.update(JSON.stringify([sampling, model?.entry, model?.bytes, model?.file])),
  });
  const known = new Map(results.rows.map((row) => [row.id, row]));
  const waiting = holes.filter(({ id }) => !known.has(id));
  if (known.size > 0)
    print(`${holes.length - waiting.length} of ${holes.length} holes are known from an earlier run`);
  const problems: string[] = [];
  if (waiting.length > 0) {
    const startedMs = performance.now();
    const filler =
      model === undefined ? createCopyingFiller() : await createModelFiller({ ...options, model });
    const progress = startProgress(waiting.length, "starting");
    try {
      for (const hole of waiting) {
        if (performance.now() - startedMs > options.limitMs) {
          problems.push(
            `the time was up: ${holes.length - known.size} holes are left; the same command goes on with them`,
          );
          break;
        }
        const judged = judge(hole, await filler.fill(hole));
        results.add(judged);
        known.set(hole.id, judged);
        progress.step(hole.id);
      }
    } finally {
      progress.stop();
      await filler.dispose();
    }
  }
  const gate = model?.entry.confidenceGate ?? options.gate ?? COPYING_GATE;
  const report: HolesReport = {
    startedAt: new Date().toISOString(),
    model: model === undefined ? "copied from the file" : describeFile(model),
    gate,
    sampling,
    corpus: {
      file: basename(options.corpus),
      files: files.length,
      packages: new Set(files.map((file) => file.package)).size,
    },
    holes: known.size,
    summary: summarizeHoles(
      holes.flatMap(({ id }) => known.get(id) ?? []),
      gate,
    ),
    problems,
  };
  const label = sha256Of(JSON.stringify([sampling, report.model, model?.file])).slice(0, 12);
  writeFileSync(
    join(root, ".cache", "evaluate", `${REPORT_PREFIX}${label}.json`),
    `${JSON.stringify(report, undefined, 2)}\n`,
  );
  return report;
}

/** What the baseline's lines begin to be right from, by eye. */
const COPYING_GATE = 0.6;
const REPORT_PREFIX = "holes-report-";

/** The reports of all models that were asked the same questions, the best last. */
export function readComparable(root: string, sampling: string): readonly HolesReport[] {
  const folder = join(root, ".cache", "evaluate");
  return readdirSync(folder)
    .filter((name) => name.startsWith(REPORT_PREFIX))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as HolesReport)
    .filter((report) => report.sampling === sampling)
    .sort((a, b) => exactOf(a) - exactOf(b));
}

function exactOf({ summary }: HolesReport): number {
  return summary[0]?.exact.value ?? 0;
}

async function withChanges(options: HolesOptions): Promise<MeasuredModel> {
  const { format, gate } = options;
  const model = await findMeasuredModel(options.root, options.modelId, options.print);
  const entry = {
    ...model.entry,
    ...(format === undefined ? {} : { promptFormat: format }),
    ...(gate === undefined ? {} : { confidenceGate: gate }),
  };
  return { ...model, entry };
}
