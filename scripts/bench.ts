// The benchmark: a recorded typing session through the real protocol in daemon mode. Prints a table, writes JSON.
// `npm run bench -- completion [--quick] [--model id] [--threads n] [--minutes n] [--only part]` is the completion engine against its peers.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startEditor } from "./editor/editor.ts";
import type { Editor } from "./editor/editor.ts";
import { stopDaemon } from "../server/daemon/index.ts";
import { describeModel, readStatus, untilModelIsReady } from "./editor/model-state.ts";
import { measureLoad } from "./bench/load.ts";
import { describeMachine, residentMegabytes } from "./bench/machine.ts";
import { measureStartup } from "./bench/startup.ts";
import { measureTyping } from "./bench/typing.ts";
import { printReport } from "./bench/report.ts";
import type { BenchReport } from "./bench/report.ts";
import { quickPlan, wholePlan } from "./bench/completion/plan.ts";
import { benchParts, runCompletionBench, writeReport } from "./bench/completion/run.ts";
import { printReport as printCompletion, renderPage } from "./bench/completion/show.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const hearth = [process.execPath, join(root, "dist", "server", "cli", "main.js")];

async function main(): Promise<void> {
  const machine = describeMachine();
  const folder = mkdtempSync(join(tmpdir(), "hearth-bench-"));
  cpSync(join(root, "scripts", "bench", "files"), folder, { recursive: true });
  // A daemon of its own, away from the one that the user's editors share; the models stay where they are.
  process.env["XDG_RUNTIME_DIR"] = join(folder, "run");
  process.env["XDG_STATE_HOME"] = join(folder, "state");
  mkdirSync(join(folder, "run"), { mode: 0o700 });
  const connect = (model?: string): Promise<Editor> =>
    startEditor({ command: hearth, folder, environment: { ...process.env, HEARTH_MODEL_ID: model } });

  spawnSync(hearth[0] ?? "", [...hearth.slice(1), "models", "pull"], { stdio: "inherit" });
  const startup = await measureStartup(() => connect("none"), stopDaemon);
  const plain = await connect("none");
  const load = await measureLoad(plain, folder);
  await plain.quit();
  await stopDaemon();

  const editor = await connect();
  const hasModel = await untilModelIsReady(120_000);
  const model = await describeModel();
  const typing = [];
  const sessions = join(root, "scripts", "bench", "sessions");
  for (const name of readdirSync(sessions).sort())
    typing.push(await measureTyping(editor, folder, join(sessions, name)));
  const daemonWithModelMB = residentMegabytes((await readStatus()).pid);
  await editor.quit();
  await stopDaemon();

  const report: BenchReport = { machine, model, hasModel, startup, load, typing, daemonWithModelMB };
  printReport(report, (line) => void process.stdout.write(`${line}\n`));
  const output = join(root, ".cache", "bench");
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, "report.json"), `${JSON.stringify(report, undefined, 2)}\n`);
  process.stdout.write(`\nwritten to ${join(".cache", "bench", "report.json")}\n`);
}

async function completion(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      model: { type: "string" },
      threads: { type: "string" },
      minutes: { type: "string" },
      only: { type: "string" },
    },
  });
  const plan = values.quick ? quickPlan : wholePlan;
  const output = join(root, ".cache", "bench");
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const report = await runCompletionBench({
    root,
    plan: values.minutes === undefined ? plan : { ...plan, limitMs: Number(values.minutes) * 60_000 },
    form: values.quick ? "quick" : "whole",
    modelId: values.model,
    only: benchParts.find((part) => part === values.only),
    threads: values.threads === undefined ? undefined : Number(values.threads),
    onReport: (partial) => writeReport(output, partial),
    print,
  });
  printCompletion(report, print);
  writeFileSync(join(output, "completion.html"), renderPage(report));
  print(`\nwritten to ${join(".cache", "bench", "completion.json")} and completion.html`);
}

const [task, ...args] = process.argv.slice(2);
if (task === "completion") await completion(args);
else if (task === undefined) await main();
else {
  process.stderr.write(
    "npm run bench, or npm run bench -- completion [--quick] [--model id] [--threads n] [--minutes n] [--only part]\n",
  );
  process.exitCode = 2;
}
