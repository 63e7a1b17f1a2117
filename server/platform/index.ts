// platform/: the only door to disk, sockets, processes, environment, clock and logs. Each door is an interface with a twin for tests.
export { systemClock, createManualClock } from "./clock.ts";
export type { Clock, ManualClock } from "./clock.ts";
export { resolvePaths } from "./paths.ts";
export type { Environment, Paths } from "./paths.ts";
export { openLog, silentLog } from "./logs.ts";
export type { Log, LogLevel, LogSink } from "./logs.ts";
export {
  connectionFromFileDescriptor,
  connectionOf,
  connectToSocket,
  createConnectionPair,
  listenOnSocket,
} from "./sockets.ts";
export type { ConnectFailure, Connection, ConnectionHandlers, SocketServer } from "./sockets.ts";
export { systemFiles } from "./files.ts";
export type { Files, FileStat, OpenFile } from "./files.ts";
export { createMemoryFiles } from "./memory-files.ts";
export type { MemoryFiles } from "./memory-files.ts";
export { systemProcesses } from "./processes.ts";
export type { Processes, RunOptions, RunResult } from "./processes.ts";
export { systemDownloads } from "./downloads.ts";
export type { DownloadRequest, DownloadResponse, Downloads } from "./downloads.ts";
export { createHttpCalls } from "./http-calls.ts";
export type { HttpAnswer, HttpCall, HttpCalls } from "./http-calls.ts";
export { createInstalledFiles } from "./installed-files.ts";
export type { InstalledFiles } from "./installed-files.ts";
export { createMachine, createManualMachine } from "./machine.ts";
export type { CpuTime, Machine, ManualMachine } from "./machine.ts";
export { createMemoryFolderFiles, openFolderFiles } from "./folder-files.ts";
export type { FolderFiles } from "./folder-files.ts";
export { noScratchFiles, openScratchFiles } from "./scratch-files.ts";
export type { ScratchFiles } from "./scratch-files.ts";
export { systemThreads } from "./script-thread.ts";
export type { ScriptThread, ScriptThreads } from "./script-thread.ts";
