// The demo: real LSP against the real daemon and model, shown as an editor's user would see it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, cpSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEditor } from "./editor/editor.ts";
import type { Editor, OpenFile, Suggestion } from "./editor/editor.ts";
import { configurationLines } from "./demo/configuration.ts";
import { describeModel, describeTokens, readTotals, untilModelIsReady } from "./editor/model-state.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const hearth = [process.execPath, join(root, "dist", "server", "cli", "main.js")];
const isTerminal = process.stdout.isTTY;
const paint = (code: number, text: string): string => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);
const bold = (text: string): string => paint(1, text);
const dim = (text: string): string => paint(2, text);
const say = (line = ""): void => void process.stdout.write(`${line}\n`);

interface Scene {
  readonly file: string;
  readonly languageId: string;
  /** The scene starts behind this text. */
  readonly after: string;
  /** Typed character by character; the menu is asked for after each one. */
  readonly typed: string;
}

const scenes: readonly Scene[] = [
  {
    file: "inventory.py",
    languageId: "python",
    after: "sum(prices) / len(prices)\n",
    typed: "\n    def cheapest(self) -> Product:\n        return min(self.prod",
  },
  {
    file: "queue.ts",
    languageId: "typescript",
    after: "entry.id === id);\n  }\n",
    typed: "\n  isFull(): boolean {\n    return this.entries.len",
  },
  {
    file: "words.go",
    languageId: "go",
    after: "counts[i].Times > counts[j].Times })\n",
    typed: "\tif len(counts) == 0 {\n\t\treturn nil, ",
  },
  {
    file: "geometry.rs",
    languageId: "rust",
    after: "self.center.distance(point) <= self.radius\n    }\n",
    typed: "\n    pub fn diameter(&self) -> f64 {\n        2.0 * self.ra",
  },
];

/** How many of the last keys of a scene are printed, one line each. */
const SHOWN_KEYS = 8;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "hearth-demo-"));
  cpSync(join(root, "scripts", "demo", "project"), folder, { recursive: true });

  say(bold("1. The model") + dim("   (hearth models pull)"));
  const pulled = spawnSync(hearth[0] ?? "", [...hearth.slice(1), "models", "pull"], { stdio: "inherit" });
  if (pulled.status !== 0) say("No model could be brought here: the demo goes on with known names only.");

  say();
  say(bold("2. The daemon") + dim("   (started by the first editor, shared by all)"));
  const editor = await startEditor({
    command: hearth,
    folder,
    environment: process.env,
    onNotice: (line) => say(dim(`   ${line}`)),
  });
  say(`   an editor is connected after ${editor.initializeMs.toFixed(0)} ms`);
  const hasModel = await untilModelIsReady(pulled.status === 0 ? 120_000 : 0);
  say(`   ${await describeModel()}`);

  for (const scene of scenes) await playScene(editor, folder, scene, hasModel);
  await showFinding(editor, folder);

  say();
  say(bold("Your editor") + dim("   (three lines each; more in README.md)"));
  for (const line of configurationLines) say(`   ${line}`);
  await editor.quit();
}

async function playScene(editor: Editor, folder: string, scene: Scene, hasModel: boolean): Promise<void> {
  const path = join(folder, scene.file);
  const file = editor.open(path, scene.languageId, readFileSync(path, "utf8"));
  say();
  say(bold(scene.file));
  const symbols = await file.symbols();
  say(dim(`   symbols: ${symbols.map((symbol) => symbol.name).join(", ")}`));

  let at = file.find(scene.after);
  const totals = await readTotals();
  const typed = scene.typed.split("");
  for (const [index, key] of typed.entries()) {
    at = file.replace(at, at, key);
    const remaining = typed.length - index;
    if (!/\S/.test(key) && remaining > SHOWN_KEYS) continue;
    const before = await readTotals();
    const suggestion = await file.complete(at);
    if (remaining <= SHOWN_KEYS)
      say(`   ${menuLine(file, at, suggestion, describeTokens(before, await readTotals()))}`);
  }
  say(dim(`   ${typed.length} keys: ${describeTokens(totals, await readTotals())} tokens`));
  // The menu does not wait for the model beyond its deadline; what it worked out is there for the next key or request.
  if (hasModel) await new Promise((resolve) => setTimeout(resolve, 400));
  const settled = await file.complete(at);
  for (const item of settled.items.slice(0, 4)) {
    say(`      ${item.label.padEnd(44)} ${dim(item.detail ?? "")}`);
  }
  file.close();
}

function menuLine(file: OpenFile, at: number, suggestion: Suggestion, tokens: string): string {
  const text = file.text();
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at).trim();
  const first = suggestion.items[0]?.label ?? "–";
  return `${`${line}▏`.padEnd(36)} ${`${suggestion.latencyMs.toFixed(1)} ms`.padStart(9)}  ${tokens.padEnd(34)} ${paint(36, first)}`;
}

async function showFinding(editor: Editor, folder: string): Promise<void> {
  const path = join(folder, "inventory.py");
  const file = editor.open(path, "python", readFileSync(path, "utf8"));
  const at = file.find("json.load(file", 0);
  say();
  say(bold("A bracket is lost") + dim("   (inventory.py: json.load(file  )"));
  file.replace(at + "json.load(file".length, at + "json.load(file)".length, "");
  for (const finding of await file.findings(5000)) {
    say(
      `   ${paint(31, `line ${finding.range.start.line + 1}`)}  ${typeof finding.message === "string" ? finding.message : finding.message.value}`,
    );
  }
  for (const title of await file.actionTitles(at))
    say(`   ${paint(32, "fix")}     ${title} ${dim("(verified: the finding is gone and none came)")}`);
  file.close();
}

await main();
