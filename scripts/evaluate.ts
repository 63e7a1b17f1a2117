// The evaluation: how good the answers are on real code.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runHoles, readComparable } from "./evaluate/holes/run-holes.ts";
import { printHoles } from "./evaluate/holes/show-holes.ts";
import { withGate } from "./evaluate/gate-writer.ts";
import { pinList } from "./evaluate/pin.ts";
import { runEvaluation } from "./evaluate/run.ts";
import { printEvaluation, renderEvaluation } from "./evaluate/show.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const USAGE = `npm run evaluate -- completion [options]   masked lines of real code, with and without each part
  --samples N      lines per language (35)
  --quick          3 lines per language
  --model ID       a model of the catalogue or a model uri; HEARTH_TEST_MODEL names a file instead
  --prompt N       tokens of context at most (384)
  --threads N      (all cores)
  --seed N         (1)
  --precision P    what the gate is chosen for (0.6)
  --minutes N      no new line is begun after this time (14); the same command goes on later
  --fresh          forget what an earlier run of the same settings found
  --write-gate     write the chosen gate into models/catalog.json
npm run evaluate -- holes [options]        holes of held-out packages: rest of a line, whole line, block; any model file
  --corpus FILE    heldout.jsonl.xz as scripts/train gathers it (.cache/train/corpus/heldout.jsonl.xz)
  --model NAME     as above, the path of a GGUF file, or "copy": what followed the same words before
  --format NAME    of models/prompt-formats.json, for a file that the catalogue does not know
  --gate P         in place of the catalogue's
  --languages A,B  ids as editors use them (all)
  --samples N      holes of each kind in each language (500)
  --prompt N, --threads N, --seed N, --minutes N, --fresh as above (prompt: 512)
npm run evaluate -- pin                    write the hashes of the corpus lists`;

async function completion(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      samples: { type: "string", default: "35" },
      quick: { type: "boolean", default: false },
      model: { type: "string" },
      prompt: { type: "string", default: "384" },
      threads: { type: "string", default: String(availableParallelism()) },
      seed: { type: "string", default: "1" },
      precision: { type: "string", default: "0.6" },
      minutes: { type: "string", default: "14" },
      fresh: { type: "boolean", default: false },
      "write-gate": { type: "boolean", default: false },
    },
  });
  const report = await runEvaluation({
    root,
    modelId: values.model,
    samples: values.quick ? 3 : Number(values.samples),
    seed: Number(values.seed),
    promptTokens: Number(values.prompt),
    threads: Number(values.threads),
    targetPrecision: Number(values.precision),
    limitMs: Number(values.minutes) * 60_000,
    isFresh: values.fresh,
    print,
  });
  const output = join(root, ".cache", "evaluate");
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, "completion.json"), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(output, "completion.html"), renderEvaluation(report));
  printEvaluation(report, print);
  print(`\nwritten to ${join(".cache", "evaluate", "completion.json")} and completion.html`);
  if (!values["write-gate"]) return;
  const { chosen } = report.summary;
  if (chosen === undefined)
    throw new Error("there are too few samples to choose a gate: take more with --samples");
  if (!chosen.isReached) {
    throw new Error(
      `no gate reaches a precision of ${chosen.target}: models/catalog.json is as it was; ask for less with --precision`,
    );
  }
  const catalogue = join(root, "models", "catalog.json");
  writeFileSync(catalogue, withGate(readFileSync(catalogue, "utf8"), report.modelId, chosen.gate));
  print(`the gate of ${report.modelId} is ${chosen.gate} in models/catalog.json now`);
}

async function holes(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      corpus: { type: "string", default: join(root, ".cache", "train", "corpus", "heldout.jsonl.xz") },
      model: { type: "string" },
      format: { type: "string" },
      gate: { type: "string" },
      languages: { type: "string" },
      samples: { type: "string", default: "500" },
      prompt: { type: "string", default: "512" },
      threads: { type: "string", default: String(availableParallelism()) },
      seed: { type: "string", default: "1" },
      minutes: { type: "string", default: "14" },
      fresh: { type: "boolean", default: false },
    },
  });
  const report = await runHoles({
    root,
    corpus: values.corpus,
    modelId: values.model,
    format: values.format,
    gate: values.gate === undefined ? undefined : Number(values.gate),
    languages: values.languages?.split(","),
    samples: Number(values.samples),
    seed: Number(values.seed),
    promptTokens: Number(values.prompt),
    threads: Number(values.threads),
    limitMs: Number(values.minutes) * 60_000,
    isFresh: values.fresh,
    print,
  });
  printHoles(report, readComparable(root, report.sampling), print);
}

const [task, ...args] = process.argv.slice(2);
if (task === "completion") await completion(args);
else if (task === "holes") await holes(args);
else if (task === "pin") {
  for (const room of ["evaluate", "bench"]) {
    await pinList(join(root, "scripts", room, "corpus.json"), join(root, ".cache", "corpus"));
  }
} else {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
}
