// platform/: the only door to disk, sockets, processes, environment, clock and logs. Each door is an interface with a twin for tests.
export { systemClock, createManualClock } from "./clock.ts";
export type { Clock, ManualClock } from "./clock.ts";
export { resolvePaths } from "./paths.ts";
export type { Environment, Paths } from "./paths.ts";
export { openLog, silentLog } from "./logs.ts";
export type { Log, LogLevel, LogSink } from "./logs.ts";
export { systemFiles } from "./files.ts";
export type { Files, FileStat, OpenFile } from "./files.ts";
export { systemProcesses } from "./processes.ts";
export type { Processes, RunOptions, RunResult } from "./processes.ts";
export { systemDownloads } from "./downloads.ts";
export type { DownloadRequest, DownloadResponse, Downloads } from "./downloads.ts";
export { createInstalledFiles } from "./installed-files.ts";
export type { InstalledFiles } from "./installed-files.ts";
