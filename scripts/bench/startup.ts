// Start-up: how long an editor waits for the answer to `initialize`, with and without a daemon that runs already.
import { residentMegabytes } from "./machine.ts";
import { summarize } from "./sample.ts";
import type { Summary } from "./sample.ts";
import type { Editor } from "../editor/editor.ts";
import { readStatus } from "../editor/model-state.ts";

export interface StartupReport {
  readonly coldDaemonMs: Summary;
  readonly warmDaemonMs: Summary;
  readonly forwarderMB: number | undefined;
  readonly daemonWithoutModelMB: number | undefined;
}

const COLD_STARTS = 5;
const WARM_STARTS = 20;

/** `connect` starts one editor; `stopDaemon` ends the daemon of this run and waits until it is gone. */
export async function measureStartup(
  connect: () => Promise<Editor>,
  stopDaemon: () => Promise<unknown>,
): Promise<StartupReport> {
  const cold: number[] = [];
  for (let run = 0; run < COLD_STARTS; run += 1) {
    await stopDaemon();
    const editor = await connect();
    cold.push(editor.initializeMs);
    await editor.quit();
  }
  const warm: number[] = [];
  const first = await connect();
  const { pid: daemonPid } = await readStatus();
  const forwarderMB = first.process.pid === undefined ? undefined : residentMegabytes(first.process.pid);
  const daemonWithoutModelMB = residentMegabytes(daemonPid);
  for (let run = 0; run < WARM_STARTS; run += 1) {
    const editor = await connect();
    warm.push(editor.initializeMs);
    await editor.quit();
  }
  await first.quit();
  return { coldDaemonMs: summarize(cold), warmDaemonMs: summarize(warm), forwarderMB, daemonWithoutModelMB };
}
