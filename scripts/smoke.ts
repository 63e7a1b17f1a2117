// A short life under the Node that runs this script: start, open, symbols, findings, names, stop. Exits 1 on the first surprise.
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEditor } from "./editor/editor.ts";

const command = [process.execPath, fileURLToPath(new URL("../server/cli/main.js", import.meta.url))];
const folder = mkdtempSync(join(tmpdir(), "hearth-smoke-"));
const environment = { ...process.env, HEARTH_HOME: folder, HEARTH_MODEL_ID: "none" };

const editor = await startEditor({ command, folder, environment });
const file = editor.open(join(folder, "a.py"), "python", "def greet(name):\n    return name\n\ngre");
const symbols = (await file.symbols()).map((symbol) => symbol.name);
const names = (await file.complete(file.find("\ngre"))).items.map((item) => item.label);
file.replace(file.find("(name", 5), file.find("(name)", 6), "");
const findings = await file.findings(10_000);
await editor.quit();
spawnSync(command[0] ?? "", [...command.slice(1), "stop"], { env: environment });

const failures = [
  symbols.includes("greet") ? [] : [`symbols were ${symbols.join(", ")}`],
  names.includes("greet") ? [] : [`completion offered ${names.slice(0, 5).join(", ")}`],
  findings.length > 0 ? [] : ["the lost bracket was not found"],
].flat();
for (const failure of failures) console.error(`Node ${process.version}: ${failure}`);
console.log(`Node ${process.version}: ${failures.length === 0 ? "works" : "fails"}`);
process.exitCode = failures.length === 0 ? 0 : 1;
