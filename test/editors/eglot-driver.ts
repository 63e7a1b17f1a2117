// A real Emacs without a screen, asked through emacsclient; the steps are the functions of eglot-driver.el.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { until, within } from "../kit/waiting.ts";
import { emacsPath } from "./installed.ts";

const run = promisify(execFile);
const driverFile = new URL("./eglot-driver.el", import.meta.url).pathname;

export interface Emacs {
  /** Calls a function of the driver; strings come back as strings, nil as undefined. */
  call(name: string, ...args: readonly string[]): Promise<string | undefined>;
  quit(): Promise<void>;
}

export async function startEmacs(environment: NodeJS.ProcessEnv, folder: string): Promise<Emacs> {
  const socket = join(folder, "emacs");
  const env = { ...environment, HOME: folder };
  const child = spawn(emacsPath, ["-q", `--fg-daemon=${socket}`, "--load", driverFile], {
    env,
    stdio: "pipe",
  });
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  const exited = new Promise<void>((resolve) => {
    child.on("close", () => resolve());
  });
  const evaluate = async (code: string): Promise<string> =>
    (await run("emacsclient", ["-s", socket, "--eval", code], { env, timeout: 30_000 })).stdout.trim();
  try {
    await until("Emacs listens", () => {
      if (child.exitCode !== null) throw new Error(`Emacs ended: ${output}`);
      return existsSync(socket) || undefined;
    });
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`Emacs did not start: ${output}`, { cause: error });
  }
  return {
    async call(name, ...args) {
      const answer = await evaluate(`(${name} ${args.map(quote).join(" ")})`);
      if (answer === "nil") return undefined;
      return answer.startsWith('"') ? readString(answer) : answer;
    },
    async quit() {
      child.kill("SIGTERM");
      await within("Emacs ends", exited);
    },
  };
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** The printed form of a Lisp string, as emacsclient shows it. */
function readString(printed: string): string {
  return printed
    .slice(1, -1)
    .replace(/\\(.)/g, (_all, escaped: string) => (escaped === "n" ? "\n" : escaped));
}
