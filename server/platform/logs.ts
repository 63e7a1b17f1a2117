// Logs go to a file, one JSON line each (pino); stdout belongs to the protocol. No user text above the debug level.
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { pino as Pino } from "pino";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A log whose lines all carry `fields`. */
  child(fields: object): Log;
}

export interface LogSink extends Log {
  /** From now on, for this log and all its children. */
  setLevel(level: LogLevel): void;
  /** Writes out what is buffered; called before the process ends. */
  flush(): void;
}

/** Appends to `file`; a folder that cannot be made or a full disk turns the log off, it never stops the daemon. */
export function openLog(file: string, level: LogLevel): LogSink {
  // Loaded here and not with this file: the forwarder enters this room too and must stay small.
  const { pino } = createRequire(import.meta.url)("pino") as { pino: typeof Pino };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const destination = pino.destination({ dest: file, sync: false, mkdir: true });
  // A full disk must not end the process: the line is lost, the daemon goes on. Nor may it keep the process from ending:
  // the library's flush, which it also calls at exit, tries for ever (sonic-boom 4, every error but EAGAIN and EBUSY).
  let isFull = false;
  destination.on("error", () => {
    isFull = true;
  });
  destination.on("write", () => {
    isFull = false;
  });
  const flushSync = destination.flushSync.bind(destination);
  destination.flushSync = () => {
    if (!isFull) flushSync();
  };
  // The level is kept here and not in pino, whose children do not follow a change of it.
  const logger = pino({ level: "debug", base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  let least = severities.indexOf(level);
  const setLevel = (to: LogLevel): void => {
    least = severities.indexOf(to);
  };
  return {
    ...filterLog(logger, (severity) => severities.indexOf(severity) >= least),
    setLevel,
    flush: () => {
      try {
        destination.flushSync();
      } catch {
        // The file was never opened (a read-only disk): there is nothing left to write.
        return;
      }
    },
  };
}

const severities: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];

function filterLog(log: Log, isWanted: (severity: LogLevel) => boolean): Log {
  return {
    debug: (fields, message) => isWanted("debug") && log.debug(fields, message),
    info: (fields, message) => isWanted("info") && log.info(fields, message),
    warn: (fields, message) => isWanted("warn") && log.warn(fields, message),
    error: (fields, message) => isWanted("error") && log.error(fields, message),
    child: (fields) => filterLog(log.child(fields), isWanted),
  };
}

export const silentLog: LogSink = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
  setLevel: () => undefined,
  flush: () => undefined,
};
