// The parts of the benchmark that go through the real protocol in daemon mode.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopDaemon } from "../../../server/daemon/index.ts";
import { startEditor } from "../../editor/editor.ts";
import type { Editor } from "../../editor/editor.ts";
import { readStatus, untilModelIsReady } from "../../editor/model-state.ts";
import type { Bench } from "./bench-context.ts";
import { endWithThisRun, letGo } from "./own-processes.ts";
import {
  measureLongTrace,
  measureMenuWork,
  measurePaced,
  measureTwoEditors,
  measureTypedFile,
} from "./protocol-parts.ts";
import type { TypingFile } from "./places.ts";

export async function measureThroughProtocol(bench: Bench): Promise<void> {
  const { root, plan, model, load, progress, files } = bench;
  const folder = mkdtempSync(join(tmpdir(), "hearth-bench-"));
  // A daemon of its own, away from the one that the user's editors share; the models stay where they are.
  process.env["XDG_RUNTIME_DIR"] = join(folder, "run");
  process.env["XDG_STATE_HOME"] = join(folder, "state");
  mkdirSync(join(folder, "run"), { mode: 0o700 });
  const command = [process.execPath, join(root, "dist", "server", "cli", "main.js")];
  const editors: Editor[] = [];
  let daemonPid: number | undefined;
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
      daemonPid = (await readStatus()).pid;
      load.own(daemonPid);
      endWithThisRun(daemonPid);
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
      const filesOf = (names: readonly string[]): readonly TypingFile[] =>
        files.filter(({ name }) => names.includes(name));
      const result = await measureTwoEditors(
        [editor, second],
        [filesOf(plan.seats[0]), filesOf(plan.seats[1])],
        { command, folder, environment: { ...process.env, ...model.environment } },
        plan,
        load,
        (steps) => progress.step(undefined, steps),
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
    letGo(daemonPid);
    rmSync(folder, { recursive: true, force: true });
  }
}
