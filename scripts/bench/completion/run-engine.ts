// The parts of the benchmark that ask engines directly: hearth's in this process, the floor, and a llama-server.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMachine, openScratchFiles } from "../../../server/platform/index.ts";
import type { MeasuredModel } from "../../engine/measured-model.ts";
import { startMeasuredService } from "../../engine/measured-service.ts";
import { createTimedEngine } from "../../engine/timed-engine.ts";
import type { NativeCall } from "../../engine/timed-engine.ts";
import { percentile } from "../../report/statistics.ts";
import { residentMegabytes } from "../machine.ts";
import type { Bench } from "./bench-context.ts";
import { ANSWER_TOKENS } from "./contestant.ts";
import type { Contestant } from "./contestant.ts";
import { measureAlternating, measureCancel, measureNeighbour } from "./engine-parts.ts";
import { measureFloor } from "./floor.ts";
import { startHearthEngine } from "./hearth-engine.ts";
import { startLlamaServer } from "./llama-server.ts";
import type { Route } from "./llama-server.ts";
import { insertLineAbove } from "./places.ts";
import type { TypingFile } from "./places.ts";
import { hearthInfillName, hearthName, naiveName } from "./report-types.ts";
import type { CompletionReport } from "./report-types.ts";
import { runTrace } from "./trace.ts";
import type { TracePlan } from "./trace.ts";

function engineOf({ root, model, threads }: Bench): {
  readonly root: string;
  readonly model: MeasuredModel;
  readonly threads: number;
} {
  return { root, model, threads };
}

/** hearth as it is, and the floor at the depths that it held. */
export async function measureHearth(bench: Bench): Promise<void> {
  await bench.part("hearth's engine", () =>
    traceContestant(bench, bench.plan.hearth, () =>
      startHearthEngine({ ...engineOf(bench), name: hearthName, layout: "model" }),
    ),
  );
  await bench.part("the floor", () => measureFloors(bench));
}

export async function measureBesides(bench: Bench): Promise<void> {
  const { plan, load, progress } = bench;
  await bench.part("cancelling", async () => {
    const calls: NativeCall[] = [];
    const engine = createTimedEngine(calls);
    const service = await startMeasuredService({ ...engineOf(bench), threads: undefined, engine });
    try {
      const file = bench.traceFiles[0];
      if (file === undefined) return;
      const step = (): void => progress.step();
      bench.add({ cancel: await measureCancel(service, calls, file, plan.cancels, load, step) });
    } finally {
      await service.dispose();
    }
  });
  await bench.part("many documents", () => measureMany(bench));
  await bench.part("a busy neighbour", () => measureBesideNeighbour(bench));
}

export async function measureInfill(bench: Bench): Promise<void> {
  await bench.part("hearth, infill layout", () =>
    traceContestant(bench, bench.plan.hearth, () =>
      startHearthEngine({ ...engineOf(bench), name: hearthInfillName, layout: "infill" }),
    ),
  );
}

/** The suffix in the prompt, the cursor's line before it, every token evaluated each time. */
export async function measureNaive(bench: Bench): Promise<void> {
  const parts = { healing: false, reuse: false, anchor: false, drafts: false };
  await bench.part("naive", () =>
    traceContestant(bench, bench.plan.naive, () =>
      startHearthEngine({ ...engineOf(bench), name: naiveName, layout: "infill", parts }),
    ),
  );
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
      const { traces, problems } = bench.report();
      const noted = trace.problem === undefined ? [] : [`${contestant.name}, ${file.name}: ${trace.problem}`];
      bench.add({ traces: [...traces, trace], problems: [...problems, ...noted] });
    }
    const pair = bench.files.slice(0, 2);
    if (pair.length === 2 && contestant.name !== naiveName) {
      const result = await measureAlternating(contestant, pair, bench.plan.alternatingKeys, load, () =>
        progress.step(`${contestant.name}: two documents in turn`),
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
async function measureFloors({ model, traceFiles, threads, load, plan, report, add }: Bench): Promise<void> {
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
        rounds: plan.floorRounds,
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

/** Two more than the engine has sequences: some of them have to give way at each key. */
const MANY = 6;

async function measureMany(bench: Bench): Promise<void> {
  const { files, load, plan, progress } = bench;
  const folder = mkdtempSync(join(tmpdir(), "hearth-bench-states-"));
  const scratch = openScratchFiles(folder, createMachine());
  const engine = await startHearthEngine({ ...engineOf(bench), name: hearthName, layout: "model", scratch });
  try {
    const documents = Array.from({ length: MANY }, (_, index) => files[index % files.length]).filter(
      (file) => file !== undefined,
    );
    const many = await measureAlternating(engine, documents, plan.manyKeys, load, () =>
      progress.step(`${MANY} documents in turn`),
    );
    bench.add({ many });
  } finally {
    await engine.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureBesideNeighbour(bench: Bench): Promise<void> {
  const { model, load, plan, progress } = bench;
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
      plan.loadKeys,
      load,
      async (depth) => {
        const { readings, foreignCores } = await measureFloor(
          {
            modelFile: model.file,
            threads: 1,
            text: file.before,
            depths: [depth],
            generated: ANSWER_TOKENS,
            rounds: plan.floorRounds,
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

export async function measureServer(bench: Bench, program: string, route: Route): Promise<void> {
  const { model, threads } = bench;
  const { server, serverLong } = bench.plan;
  await bench.part(`llama-server /${route}`, () =>
    traceContestant(
      bench,
      server,
      () => startLlamaServer({ program, modelFile: model.file, threads, route }),
      (file) => (file === bench.traceFiles[0] ? server : serverLong),
    ),
  );
}
