// `npm run bench -- completion`: every part in turn; what fails or comes too late is a sentence in the report, not its end.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopDaemon } from "../../../server/daemon/index.ts";
import { loadCorpus, readCorpusList } from "../../corpus/corpus.ts";
import { startEditor } from "../../editor/editor.ts";
import type { Editor } from "../../editor/editor.ts";
import { readStatus, untilModelIsReady } from "../../editor/model-state.ts";
import { describeFile, findMeasuredModel } from "../../engine/measured-model.ts";
import type { MeasuredModel } from "../../engine/measured-model.ts";
import { startMeasuredService } from "../../engine/measured-service.ts";
import { startProgress } from "../../report/progress.ts";
import type { Progress } from "../../report/progress.ts";
import { percentile } from "../../report/statistics.ts";
import { describeMachine, residentMegabytes } from "../machine.ts";
import { ANSWER_TOKENS } from "./contestant.ts";
import type { Contestant } from "./contestant.ts";
import { measureAlternating, measureCancel, measureNeighbour } from "./engine-parts.ts";
import { measureFloor } from "./floor.ts";
import { createLoadMeter } from "./foreign-load.ts";
import { startHearthEngine } from "./hearth-engine.ts";
import { findLlamaServer, startLlamaServer } from "./llama-server.ts";
import { insertLineAbove, typingFileOf } from "./places.ts";
import type { TypingFile } from "./places.ts";
import { traceSteps } from "./plan.ts";
import type { BenchPlan } from "./plan.ts";
import {
  measureLongTrace,
  measureMenuWork,
  measurePaced,
  measureTwoEditors,
  measureTypedFile,
} from "./protocol-parts.ts";
import { emptyReport, hearthInfillName, hearthName, naiveName } from "./report-types.ts";
import type { CompletionReport } from "./report-types.ts";
import { runTrace } from "./trace.ts";
import type { TracePlan } from "./trace.ts";

export interface RunOptions {
  readonly root: string;
  readonly plan: BenchPlan;
  readonly form: CompletionReport["form"];
  readonly modelId: string | undefined;
  /** Of all contestants of the traces; undefined: as many as there are cores. */
  readonly threads: number | undefined;
  /** Told after every part with all that is known so far. */
  readonly onReport: (report: CompletionReport) => void;
  readonly print: (line: string) => void;
}

interface Bench {
  readonly options: RunOptions;
  readonly model: MeasuredModel;
  readonly files: readonly TypingFile[];
  readonly traceFiles: readonly TypingFile[];
  readonly threads: number;
  readonly load: ReturnType<typeof createLoadMeter>;
  readonly progress: Progress;
  readonly report: () => CompletionReport;
  readonly add: (more: Partial<CompletionReport>) => void;
  /** Runs a part unless the time is up; a failure is noted. */
  readonly part: (name: string, work: () => Promise<void>) => Promise<void>;
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
    options,
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
    await measureHearth(bench);
    await measureThroughProtocol(bench);
    await bench.part("hearth, infill layout", () =>
      traceContestant(bench, plan.hearth, () =>
        startHearthEngine({ ...engineOf(bench), name: hearthInfillName, layout: "infill" }),
      ),
    );
    await bench.part("naive", () =>
      traceContestant(bench, plan.naive, () =>
        startHearthEngine({
          ...engineOf(bench),
          name: naiveName,
          layout: "infill",
          parts: { healing: false, reuse: false, anchor: false },
        }),
      ),
    );
    if (program === undefined) {
      add({
        problems: [...report.problems, "no llama-server: set HEARTH_LLAMA_SERVER to its path to compare with one"],
      });
    } else await measureLlamaServer(bench, program);
  } finally {
    progress.stop();
  }
  add({});
  return report;
}

function engineOf({ options, model, threads }: Bench): {
  readonly root: string;
  readonly model: MeasuredModel;
  readonly threads: number;
} {
  return { root: options.root, model, threads };
}

async function measureHearth(bench: Bench): Promise<void> {
  const { options, load, progress } = bench;
  const { plan } = options;
  await bench.part("hearth's engine", () =>
    traceContestant(bench, plan.hearth, () =>
      startHearthEngine({ ...engineOf(bench), name: hearthName, layout: "model" }),
    ),
  );
  await bench.part("the floor", () => measureFloors(bench));
  await bench.part("cancelling", async () => {
    const service = await startMeasuredService({ ...engineOf(bench), threads: undefined });
    try {
      const file = bench.traceFiles[0];
      if (file === undefined) return;
      bench.add({ cancel: await measureCancel(service, file, plan.cancels, load, () => progress.step()) });
    } finally {
      await service.dispose();
    }
  });
  await bench.part("a busy neighbour", () => measureBesideNeighbour(bench));
}

/** All traces of one contestant, and its two documents in turn. */
async function traceContestant(
  bench: Bench,
  plan: TracePlan,
  start: () => Promise<Contestant>,
  planOf: (file: TypingFile) => TracePlan = () => plan,
): Promise<void> {
  const { load, progress } = bench;
  const contestant = await start();
  if (contestant.pid !== process.pid) load.own(contestant.pid);
  try {
    for (const file of bench.traceFiles) {
      const trace = await runTrace(contestant, file, planOf(file), load, (phase) =>
        progress.step(`${contestant.name}, ${file.name}: ${phase}`),
      );
      bench.add({ traces: [...bench.report().traces, trace] });
    }
    const pair = bench.files.slice(0, 2);
    if (pair.length === 2 && contestant.name !== naiveName) {
      const result = await measureAlternating(
        contestant,
        pair,
        bench.options.plan.alternatingKeys,
        load,
        () => progress.step(`${contestant.name}: two documents in turn`),
      );
      bench.add({ alternating: [...bench.report().alternating, result] });
    }
  } finally {
    const { name, conditions, pid } = contestant;
    const residentMB = residentMegabytes(pid);
    bench.add({ contestants: [...bench.report().contestants, { name, conditions, residentMB }] });
    await contestant.dispose();
  }
}

/** At the depths that hearth's typing held, so that the two can be compared. */
async function measureFloors({ model, traceFiles, threads, load, options, report, add }: Bench): Promise<void> {
  for (const file of traceFiles) {
    const trace = report().traces.find((one) => one.file === file.name && one.contestant === hearthName);
    const held = (trace?.samples ?? [])
      .filter(({ phase }) => phase === "typing")
      .map(({ reply }) => reply.evaluated + (reply.reused ?? 0));
    const depth = Math.round(percentile(held, 0.5));
    if (depth === 0) continue;
    const inserted = insertLineAbove(file.before, 30, file.lineComment);
    const { readings, counted, foreignCores } = await measureFloor(
      {
        modelFile: model.file,
        threads,
        text: file.before,
        depths: [depth],
        generated: ANSWER_TOKENS,
        rounds: options.plan.floorRounds,
        count: [inserted.text.slice(inserted.at)],
      },
      load,
    );
    const floors = readings.map((reading) => ({ ...reading, file: file.name, threads, foreignCores }));
    add({
      floors: [...report().floors, ...floors],
      belowInserted: [...report().belowInserted, { file: file.name, tokens: counted[0] ?? 0 }],
    });
  }
}

async function measureBesideNeighbour(bench: Bench): Promise<void> {
  const { model, load, options, progress } = bench;
  const [file] = bench.traceFiles;
  if (file === undefined) return;
  const contestant = await startHearthEngine({
    ...engineOf(bench),
    threads: undefined,
    name: hearthName,
    layout: "model",
  });
  try {
    let oneThreadFloor: CompletionReport["floors"][number] | undefined;
    const result = await measureNeighbour(
      contestant,
      file,
      options.plan.loadKeys,
      load,
      async (depth) => {
        const { readings, foreignCores } = await measureFloor(
          {
            modelFile: model.file,
            threads: 1,
            text: file.before,
            depths: [depth],
            generated: ANSWER_TOKENS,
            rounds: options.plan.floorRounds,
            count: [],
          },
          load,
        );
        const [reading] = readings;
        if (reading !== undefined) oneThreadFloor = { ...reading, file: file.name, threads: 1, foreignCores };
      },
      () => progress.note("a busy neighbour"),
    );
    progress.step("a busy neighbour", 10);
    bench.add({ neighbour: { ...result, oneThreadFloor } });
  } finally {
    await contestant.dispose();
  }
}

async function measureLlamaServer(bench: Bench, program: string): Promise<void> {
  const { model, threads, options } = bench;
  const { server, serverLong } = options.plan;
  for (const route of ["infill", "completion"] as const) {
    await bench.part(`llama-server /${route}`, () =>
      traceContestant(
        bench,
        server,
        () => startLlamaServer({ program, modelFile: model.file, threads, route }),
        (file) => (file === bench.traceFiles[0] ? server : serverLong),
      ),
    );
  }
}

async function measureThroughProtocol(bench: Bench): Promise<void> {
  const { options, model, load, progress, files } = bench;
  const { plan, root } = options;
  const folder = mkdtempSync(join(tmpdir(), "hearth-bench-"));
  // A daemon of its own, away from the one that the user's editors share; the models stay where they are.
  process.env["XDG_RUNTIME_DIR"] = join(folder, "run");
  process.env["XDG_STATE_HOME"] = join(folder, "state");
  mkdirSync(join(folder, "run"), { mode: 0o700 });
  const command = [process.execPath, join(root, "dist", "server", "cli", "main.js")];
  const editors: Editor[] = [];
  const connect = async (settings: object = {}): Promise<Editor> => {
    const environment = { ...process.env, ...model.environment };
    const editor = await startEditor({ command, folder, environment, settings, hasInline: true });
    if (editor.process.pid !== undefined) load.own(editor.process.pid);
    editors.push(editor);
    return editor;
  };
  const [short, long] = bench.traceFiles;
  try {
    await bench.part("the daemon", async () => {
      const editor = await connect();
      load.own((await readStatus()).pid);
      if (!(await untilModelIsReady(120_000))) throw new Error("the daemon's model did not get ready");
      for (const file of files) {
        const keys = plan.protocolKeys[file.name];
        if (keys === undefined) continue;
        const typed = await measureTypedFile(editor, folder, file, keys, load, () =>
          progress.step(`typing in ${file.name}`),
        );
        bench.add({ typed: [...bench.report().typed, typed] });
      }
    });
    const [editor] = editors;
    if (editor === undefined || short === undefined) return;
    const paces = [
      { file: short, keys: plan.pacedKeys, paceMs: 150 },
      ...(long === undefined ? [] : [{ file: long, keys: plan.pacedKeys, paceMs: 150 }]),
      { file: short, keys: plan.burstKeys, paceMs: 10 },
    ];
    for (const { file, keys, paceMs } of paces) {
      await bench.part(`keys every ${paceMs} ms`, async () => {
        const paced = await measurePaced(editor, folder, file, keys, paceMs, load);
        progress.step(undefined, 5);
        bench.add({ paced: [...bench.report().paced, paced] });
      });
    }
    await bench.part("a long trace", async () => {
      bench.add({
        longTrace: await measureLongTrace(editor, folder, short, plan.traceKeys, load, () => progress.step()),
      });
    });
    await bench.part("two editors", async () => {
      const second = await connect();
      const other = long ?? files.find((file) => file !== short);
      if (other === undefined) throw new Error("there is no second file");
      const result = await measureTwoEditors(
        [editor, second],
        folder,
        [short, other],
        plan.pairKeys,
        load,
        () => progress.step(),
      );
      bench.add({ twoEditors: result });
    });
    await bench.part("work for the menu", async () => {
      const instant = await connect({ completion: { modelDeadlineMs: 0 } });
      bench.add({ menuWork: await measureMenuWork(instant, folder, short, plan.menuKeys, load) });
      progress.step(undefined, 5);
    });
  } finally {
    for (const editor of editors) await editor.quit().catch(() => undefined);
    await stopDaemon();
    rmSync(folder, { recursive: true, force: true });
  }
}

function countSteps(plan: BenchPlan, files: number, hasServer: boolean): number {
  const pair = (plan.alternatingKeys + 1) * 2;
  const protocol = Object.values(plan.protocolKeys).reduce((sum, keys) => sum + keys, 0);
  const own = 2 * (traceSteps(plan.hearth) * files + pair) + traceSteps(plan.naive) * files;
  const server = 2 * (traceSteps(plan.server) + traceSteps(plan.serverLong) * (files - 1) + pair);
  const rest = plan.cancels + 10 + protocol + 15 + plan.traceKeys + plan.pairKeys * 3 + 5;
  return own + rest + (hasServer ? server : 0);
}

/** Writes the report so that a run that is cut off leaves what it had. */
export function writeReport(folder: string, report: CompletionReport): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "completion.json"), `${JSON.stringify(report, undefined, 2)}\n`);
}
