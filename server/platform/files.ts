// The door to the disk for code that streams large files: bounded reads, exclusive creation, free space, atomic replacement.
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, statfs, utimes } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { HearthError } from "../kernel/index.ts";
import type { ErrorCode } from "../kernel/index.ts";

export interface FileStat {
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly isFolder: boolean;
}

/** An open file. Positions and sizes are bytes. Every method throws a `HearthError` with a stable code. */
export interface OpenFile {
  /** Reads up to `buffer.length` bytes; the answer is what was read, 0 at the end. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** Writes all bytes at `position`. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  truncate(bytes: number): Promise<void>;
  size(): Promise<number>;
  /** Returns when the disk has the bytes. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface Files {
  /** Undefined when nothing is there. */
  stat(path: string): Promise<FileStat | undefined>;
  /** "read" needs the file; "write" creates it and keeps what is in it. */
  open(path: string, mode: "read" | "write"): Promise<OpenFile>;
  /** The whole text, or undefined when the file is not there; throws when it is larger than `maxBytes`. */
  readText(path: string, maxBytes: number): Promise<string | undefined>;
  /** Replaces the file in one step: a reader sees the old text or the new one, also after a power cut. */
  writeText(path: string, text: string): Promise<void>;
  /** Creates the file, whole; false when something is there already. The base of locks between processes. */
  createText(path: string, text: string): Promise<boolean>;
  /** Sets the time of the last change to now; false when the file is gone. */
  touch(path: string): Promise<boolean>;
  makeFolder(path: string): Promise<void>;
  /** Names in the folder; empty when it is not there. */
  list(folder: string): Promise<readonly string[]>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with all in it; nothing there is fine. */
  remove(path: string): Promise<void>;
  /** Bytes that this user may still write where `folder` is, or undefined where the platform does not tell. */
  freeBytes(folder: string): Promise<number | undefined>;
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: "no-space",
  EDQUOT: "no-space",
  EFBIG: "no-space",
  EACCES: "not-permitted",
  EPERM: "not-permitted",
  EROFS: "not-permitted",
};

function errno(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

async function named<Value>(what: string, path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HearthError) throw error;
    throw new HearthError(CODES[errno(error)] ?? "io-failed", `cannot ${what} ${path}`, { cause: error });
  }
}

async function unlessMissing<Value>(work: () => Promise<Value>, missing: Value): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (errno(error) === "ENOENT" || errno(error) === "ENOTDIR") return missing;
    throw error;
  }
}

function wrapHandle(handle: FileHandle, path: string): OpenFile {
  return {
    read: (buffer, position) =>
      named("read", path, async () => (await handle.read(buffer, 0, buffer.length, position)).bytesRead),
    write: (bytes, position) =>
      named("write", path, async () => {
        let done = 0;
        // The system may take fewer bytes than it was given, first of all when the disk is nearly full.
        while (done < bytes.length) {
          done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
        }
      }),
    truncate: (bytes) => named("shorten", path, () => handle.truncate(bytes)),
    size: () => named("read", path, async () => (await handle.stat()).size),
    sync: () => named("write", path, () => handle.sync()),
    close: () => named("close", path, () => handle.close()),
  };
}

/** Folders cannot be synced on every platform (Windows answers EPERM): there the rename alone has to do. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export const systemFiles: Files = {
  stat: (path) =>
    named("look at", path, () =>
      unlessMissing(async () => {
        const found = await stat(path);
        return { bytes: found.size, modifiedMs: found.mtimeMs, isFolder: found.isDirectory() };
      }, undefined),
    ),
  open: (path, mode) =>
    named("open", path, async () => {
      const flags = mode === "read" ? constants.O_RDONLY : constants.O_RDWR | constants.O_CREAT;
      return wrapHandle(await open(path, flags, 0o644), path);
    }),
  readText: (path, maxBytes) =>
    named("read", path, () =>
      unlessMissing(async () => {
        const handle = await open(path, "r");
        try {
          const { size } = await handle.stat();
          if (size > maxBytes) {
            throw new HearthError("invalid-input", `${path} has ${size} bytes; at most ${maxBytes} are read`);
          }
          return await handle.readFile("utf8");
        } finally {
          await handle.close();
        }
      }, undefined),
    ),
  writeText: (path, text) =>
    named("write", path, async () => {
      const draft = `${path}.${randomUUID()}.tmp`;
      try {
        const handle = await open(draft, "wx", 0o644);
        try {
          await handle.writeFile(text);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
      await syncFolder(dirname(path));
    }),
  createText: (path, text) =>
    named("create", path, async () => {
      let handle: FileHandle;
      try {
        handle = await open(path, "wx", 0o644);
      } catch (error) {
        if (errno(error) === "EEXIST") return false;
        throw error;
      }
      try {
        await handle.writeFile(text);
      } finally {
        await handle.close();
      }
      return true;
    }),
  touch: (path) =>
    named("touch", path, () =>
      unlessMissing(async () => {
        const now = new Date();
        await utimes(path, now, now);
        return true;
      }, false),
    ),
  makeFolder: (path) =>
    named("create", path, async () => {
      await mkdir(path, { recursive: true });
    }),
  list: (folder) => named("list", folder, () => unlessMissing(() => readdir(folder), [])),
  rename: (from, to) =>
    named("move", `${from} to ${to}`, async () => {
      await rename(from, to);
      await syncFolder(dirname(to));
    }),
  remove: (path) => named("remove", path, () => rm(path, { recursive: true, force: true })),
  freeBytes: (folder) =>
    named("look at", folder, () =>
      unlessMissing(async () => {
        const found = await statfs(folder);
        return found.bavail * found.bsize;
      }, undefined),
    ),
};
