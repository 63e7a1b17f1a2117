// One of two editors that type at once: in a process of its own, so that neither waits for the other's event loop.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { LoadMeter } from "./foreign-load.ts";
import { endWithThisRun, letGo } from "./own-processes.ts";
import type { TypingFile } from "./places.ts";
import type { AskedKey } from "./protocol-typing.ts";

export interface SeatOrder {
  /** Starts the server for the editor. */
  readonly command: readonly string[];
  readonly folder: string;
  readonly sources: readonly TypingFile[];
  /** Typed in each file, at most. */
  readonly keys: number;
  /** A key is typed this long after the one before at the earliest, and not before that one's answers are there. */
  readonly paceMs: number;
  /** Goes into the names of the documents. */
  readonly label: string;
}

export interface SeatReady {
  readonly forwarderPid: number | undefined;
}

export interface SeatResult {
  readonly keys: readonly AskedKey[];
}

export interface Seat {
  /** Types in all files; after that it types on, so that nobody beside it is alone. */
  type(): Promise<readonly AskedKey[]>;
  /** Resolves when the process has ended. */
  leave(): Promise<void>;
}

/** Resolves when all files are open and were asked about once; the processes count as this run's own load. */
export async function takeSeat(
  order: SeatOrder,
  environment: Readonly<Record<string, string | undefined>>,
  load: LoadMeter,
): Promise<Seat> {
  const script = fileURLToPath(new URL("../seat-process.js", import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"], env: environment });
  if (child.pid !== undefined) load.own(child.pid);
  endWithThisRun(child.pid);
  const ended = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`an editor's process ended with ${code}`)));
  });
  // Whoever waits for a line hears of it.
  ended.catch(() => letGo(child.pid));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<unknown> => {
    const line = await Promise.race([lines.next(), ended]);
    if (line.done === true) throw new Error("an editor's process said nothing more");
    return JSON.parse(line.value);
  };
  child.stdin.write(`${JSON.stringify(order)}\n`);
  const { forwarderPid } = (await nextLine()) as SeatReady;
  if (forwarderPid !== undefined) load.own(forwarderPid);
  return {
    async type() {
      child.stdin.write("type\n");
      const { keys } = (await nextLine()) as SeatResult;
      return keys;
    },
    async leave() {
      // While it still runs: what an ended process used is not told any more.
      load.read();
      child.stdin.write("leave\n");
      await ended.catch(() => undefined);
    },
  };
}
