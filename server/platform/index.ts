// platform/: the only door to disk, sockets, processes, environment, clock and logs. Each door is an interface with a twin for tests.
export { systemClock, createManualClock } from "./clock.ts";
export type { Clock, ManualClock } from "./clock.ts";
export { resolvePaths } from "./paths.ts";
export type { Environment, Paths } from "./paths.ts";
export { openLog, silentLog } from "./logs.ts";
export type { Log, LogLevel, LogSink } from "./logs.ts";
export { createInstalledFiles } from "./installed-files.ts";
export type { InstalledFiles } from "./installed-files.ts";
export { systemThreads } from "./script-thread.ts";
export type { ScriptThread, ScriptThreads } from "./script-thread.ts";
