// A llama-server as a contestant, driven as editors' plugins do it: over HTTP, a dropped connection is the only cancel.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { endWithThisRun, letGo } from "./own-processes.ts";
import { ANSWER_TOKENS } from "./contestant.ts";
import type { Contestant, Place } from "./contestant.ts";

export type Route = "infill" | "completion";

/** HEARTH_LLAMA_SERVER names it, else it is on PATH; undefined when there is none. */
export function findLlamaServer(): string | undefined {
  const named = process.env["HEARTH_LLAMA_SERVER"];
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const name = process.platform === "win32" ? "llama-server.exe" : "llama-server";
  const candidates = named === undefined ? folders.map((folder) => join(folder, name)) : [named];
  return candidates.find(isExecutable);
}

/** Flags of the peers' measurements. */
const FLAGS = [
  "-c",
  "8192",
  "--cache-reuse",
  "256",
  "-b",
  "1024",
  "-ub",
  "1024",
  "-np",
  "1",
  "--host",
  "127.0.0.1",
];

/**
 * Ids of special tokens of a small vocabulary, in the roles of fill-in-the-middle tokens that a model lacks: the server
 * refuses `/infill` without them. The answers mean nothing, the times do.
 */
const STAND_INS = ["pre", "suf", "mid"].flatMap((role, index) => [
  "--override-kv",
  `tokenizer.ggml.fim_${role}_token_id=int:${4 + index}`,
]);

const START_LIMIT_MS = 60_000;

export async function startLlamaServer(options: {
  readonly program: string;
  readonly modelFile: string;
  readonly threads: number;
  readonly route: Route;
}): Promise<Contestant> {
  const { program, modelFile, threads, route } = options;
  const port = await freePort();
  const args = ["-m", modelFile, "-t", String(threads), "--port", String(port), ...FLAGS];
  const child = spawn(program, route === "infill" ? [...args, ...STAND_INS] : args, { stdio: "ignore" });
  endWithThisRun(child.pid);
  const base = `http://127.0.0.1:${port}`;
  try {
    await untilHealthy(child, base);
  } catch (error) {
    await end(child);
    throw error;
  }
  return {
    name: `llama-server /${route}`,
    conditions: `${threads} threads, ${FLAGS.slice(0, 10).join(" ")}, cache_prompt, ${
      route === "infill" ? "256 lines before and 64 after, as llama.vim" : "the whole prefix, no suffix"
    }`,
    pid: child.pid ?? 0,
    async ask(place, signal) {
      const body = route === "infill" ? infillBody(place) : { prompt: place.before };
      try {
        const response = await fetch(`${base}/${route}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ ...body, ...common }),
          signal,
        });
        if (!response.ok)
          throw new Error(`llama-server answered ${response.status}: ${await response.text()}`);
        const { timings } = (await response.json()) as { readonly timings: Timings };
        return {
          evaluated: timings.prompt_n,
          reused: timings.cache_n,
          generated: timings.predicted_n,
          firstTokenMs: undefined,
        };
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      }
    },
    dispose: () => end(child),
  };
}

interface Timings {
  readonly prompt_n: number;
  readonly predicted_n: number;
  readonly cache_n?: number;
}

const common = {
  n_predict: ANSWER_TOKENS,
  ignore_eos: true,
  temperature: 0,
  cache_prompt: true,
  id_slot: 0,
  stream: false,
};

/** What llama.vim sends, without extra context: 256 lines before the cursor's line, 64 after it. */
function infillBody({ before, after }: Place): object {
  const lineStart = before.lastIndexOf("\n") + 1;
  const above = before.slice(0, lineStart).split("\n");
  return {
    input_prefix: above.slice(Math.max(0, above.length - 257)).join("\n"),
    input_suffix: after.split("\n").slice(0, 65).join("\n"),
    prompt: before.slice(lineStart),
    input_extra: [],
  };
}

async function untilHealthy(child: ChildProcess, base: string): Promise<void> {
  let ended: string | undefined;
  child.once("error", (error) => (ended = error.message));
  child.once("exit", (code) => (ended = `it ended with ${code}`));
  const untilMs = performance.now() + START_LIMIT_MS;
  for (;;) {
    if (ended !== undefined) throw new Error(`llama-server does not start: ${ended}`);
    if (performance.now() > untilMs) throw new Error("llama-server did not get ready within a minute");
    const isHealthy = await fetch(`${base}/health`).then(
      (response) => response.ok,
      // Not listening yet.
      () => false,
    );
    if (isHealthy) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const killing = setTimeout(() => child.kill("SIGKILL"), 5000);
  await exited;
  letGo(child.pid);
  clearTimeout(killing);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not to be run.
    return false;
  }
}
