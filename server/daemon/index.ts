// daemon/: processes. The forwarder that an editor starts, the daemon that all of them share, and the standalone form.
// This door loads nothing by itself: each form brings only what it runs on.
import type { CheckedFiles } from "./check-files.ts";
import type { DaemonOptions } from "./daemon.ts";
import type { DaemonStatus } from "./daemon-status.ts";
import type { Settings } from "../settings/index.ts";
import type { ModelSupplier } from "../inference/index.ts";
import type { Inspection } from "./inspect.ts";
import type { SupplierOptions } from "./open-supplier.ts";

export type { DaemonOptions } from "./daemon.ts";
export type { Inspection } from "./inspect.ts";
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

/** Switches models on again that crashes had switched off; false when no daemon was running, which then has nothing to forget but files. */
export async function retryModels(): Promise<boolean> {
  return (await import("./control.ts")).retryModels();
}

/** What a daemon finds here, and what the running one says. Never starts one. */
export async function inspect(): Promise<Inspection> {
  return (await import("./inspect.ts")).inspect();
}

/** The settings of this machine, as a daemon would read them now. */
export async function readMachineSettings(): Promise<Settings> {
  return (await import("./read-settings.ts")).readMachineSettings();
}

/** Models as the daemon finds and fetches them, without a daemon. */
export async function openSupplier(options: SupplierOptions): Promise<ModelSupplier> {
  return (await import("./open-supplier.ts")).openSupplier(options);
}

/** Syntax findings of files, without a daemon. */
export async function checkFiles(files: readonly string[]): Promise<CheckedFiles> {
  return (await import("./check-files.ts")).checkFiles(files);
}

/** The process that was stopped and has ended; undefined when none was running. */
export async function stopDaemon(): Promise<number | undefined> {
  return (await import("./control.ts")).stopDaemon();
}
