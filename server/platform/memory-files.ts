// The disk's twin for tests: files in memory, with a size that can be filled up.

import { dirname, join } from "node:path";
import { HearthError } from "../kernel/index.ts";
import type { Files, OpenFile } from "./files.ts";

export interface MemoryFiles extends Files {
  readonly contents: ReadonlyMap<string, Buffer>;
  put(path: string, bytes: Uint8Array): void;
  /** From now on the disk holds so many bytes in all; what is there stays. */
  setCapacity(bytes: number): void;
}

export function createMemoryFiles(): MemoryFiles {
  const contents = new Map<string, Buffer>();
  const times = new Map<string, number>();
  const folders = new Set<string>();
  let capacity = Number.POSITIVE_INFINITY;
  let ticks = 1;

  const used = (): number => [...contents.values()].reduce((sum, bytes) => sum + bytes.length, 0);

  function store(path: string, bytes: Buffer): void {
    const grown = bytes.length - (contents.get(path)?.length ?? 0);
    if (grown > 0 && used() + grown > capacity) {
      throw new HearthError("no-space", `cannot write ${path}`);
    }
    contents.set(path, bytes);
    times.set(path, (ticks += 1));
  }

  function existing(path: string): Buffer {
    const bytes = contents.get(path);
    if (bytes === undefined) throw new HearthError("io-failed", `cannot open ${path}`);
    return bytes;
  }

  function openFile(path: string): OpenFile {
    return {
      async read(buffer, position) {
        return existing(path).copy(buffer, 0, position);
      },
      async write(bytes, position) {
        const old = existing(path);
        const grown = Buffer.alloc(Math.max(old.length, position + bytes.length));
        old.copy(grown);
        grown.set(bytes, position);
        store(path, grown);
      },
      async truncate(bytes) {
        const cut = Buffer.alloc(bytes);
        existing(path).copy(cut);
        store(path, cut);
      },
      async size() {
        return existing(path).length;
      },
      sync: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
  }

  return {
    contents,
    put: (path, bytes) => store(path, Buffer.from(bytes)),
    setCapacity(bytes) {
      capacity = bytes;
    },
    async stat(path) {
      const bytes = contents.get(path);
      if (bytes !== undefined) {
        return { bytes: bytes.length, modifiedMs: times.get(path) ?? 0, isFolder: false };
      }
      return folders.has(path) ? { bytes: 0, modifiedMs: 0, isFolder: true } : undefined;
    },
    async open(path, mode) {
      if (mode === "write" && !contents.has(path)) store(path, Buffer.alloc(0));
      existing(path);
      return openFile(path);
    },
    async readText(path, maxBytes) {
      const bytes = contents.get(path);
      if (bytes !== undefined && bytes.length > maxBytes) {
        throw new HearthError("invalid-input", `${path} is larger than ${maxBytes} bytes`);
      }
      return bytes?.toString("utf8");
    },
    async writeText(path, text) {
      store(path, Buffer.from(text));
    },
    async createText(path, text) {
      if (contents.has(path)) return false;
      store(path, Buffer.from(text));
      return true;
    },
    async touch(path) {
      if (!contents.has(path)) return false;
      times.set(path, (ticks += 1));
      return true;
    },
    async makeFolder(path) {
      for (let folder = path; !folders.has(folder); folder = dirname(folder)) folders.add(folder);
    },
    async list(folder) {
      const below = [...contents.keys(), ...folders].filter((path) => path.startsWith(join(folder, "/")));
      return [...new Set(below.map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""))];
    },
    async rename(from, to) {
      const bytes = existing(from);
      contents.delete(from);
      contents.set(to, bytes);
      times.set(to, times.get(from) ?? 0);
    },
    async remove(path) {
      for (const known of [...contents.keys()]) {
        if (known === path || known.startsWith(join(path, "/"))) contents.delete(known);
      }
      folders.delete(path);
    },
    async freeBytes() {
      return capacity === Number.POSITIVE_INFINITY ? undefined : Math.max(0, capacity - used());
    },
  };
}
