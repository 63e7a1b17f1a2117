// daemon/: processes. The forwarder that an editor starts, the daemon that all of them share, and the standalone form.
// This door loads nothing by itself: each form brings only what it runs on.
import type { DaemonOptions } from "./daemon.ts";
import type { DaemonStatus } from "./daemon-status.ts";

export type { DaemonOptions } from "./daemon.ts";
export type { ConnectedSession, DaemonStatus } from "./daemon-status.ts";

/** What an editor starts; resolves with the exit code. */
export async function runForwarder(options: { readonly isStandalone: boolean }): Promise<number> {
  return (await import("./forwarder.ts")).runForwarder(options);
}

/** The resident process; resolves with the exit code when it has ended. */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  return (await import("./daemon.ts")).runDaemon(options);
}

/** Asks the running daemon; undefined when there is none. Never starts one. */
export async function askStatus(): Promise<DaemonStatus | undefined> {
  return (await import("./control.ts")).askStatus();
}

/** The process that was stopped and has ended; undefined when none was running. */
export async function stopDaemon(): Promise<number | undefined> {
  return (await import("./control.ts")).stopDaemon();
}
