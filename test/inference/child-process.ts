// Runs a TypeScript file of the tests in a process of its own, from source, with its streams caught.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { folder } from "./fixture.ts";

interface ChildOutcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Node 20 does not read TypeScript: a loader hook takes the types away. It also tells when the engine's library is loaded. */
const HOOKS = `
import { readFileSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from ${JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve("typescript")).href)};
const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };
export async function load(url, context, next) {
  if (url.endsWith("/node-llama-cpp/dist/index.js")) writeSync(2, "LOADED node-llama-cpp\\n");
  if (!url.endsWith(".ts")) return next(url, context);
  const { outputText } = ts.transpileModule(readFileSync(fileURLToPath(url), "utf8"), { compilerOptions });
  return { format: "module", source: outputText, shortCircuit: true };
}
`;

export async function runChild(
  script: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<ChildOutcome> {
  const hooks = join(folder, "hooks.mjs");
  const register = join(folder, "register.mjs");
  writeFileSync(hooks, HOOKS);
  writeFileSync(
    register,
    `import { register } from "node:module"; register(${JSON.stringify(pathToFileURL(hooks).href)});`,
  );
  const child = spawn(process.execPath, ["--import", pathToFileURL(register).href, script, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    // Without it ggml starts a debugger, where there is one, to print a trace of an abort: seconds.
    env: { ...process.env, GGML_NO_BACKTRACE: "1", ...environment },
  });
  const streams = { stdout: "", stderr: "" };
  child.stdout.on("data", (part: Buffer) => (streams.stdout += part.toString("utf8")));
  child.stderr.on("data", (part: Buffer) => (streams.stderr += part.toString("utf8")));
  return new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, ...streams }));
  });
}
