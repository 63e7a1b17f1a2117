// The door to the small text files of one folder: marks, lists and data that are read and written whole.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface FolderFiles {
  /** Names in the folder; none when the folder is not there. */
  list(): readonly string[];
  /** The text, or undefined when there is no such file or it cannot be read. */
  read(name: string): string | undefined;
  /** Replaces the file in one step (written beside it, then renamed); makes the folder. False when the disk refused. */
  write(name: string, text: string): boolean;
  /** A file that is not there is removed already. */
  remove(name: string): void;
}

/** Synchronous on purpose: a mark that says "native code starts now" has to be on disk before that code runs. */
export function openFolderFiles(folder: string): FolderFiles {
  return {
    list() {
      try {
        return readdirSync(folder);
      } catch {
        // The folder was never made.
        return [];
      }
    },
    read(name) {
      try {
        return readFileSync(join(folder, name), "utf8");
      } catch {
        // Not there, or not readable: for the caller both mean that nothing was kept.
        return undefined;
      }
    },
    write(name, text) {
      const target = join(folder, name);
      const beside = `${target}.${process.pid}.new`;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(beside, text, { mode: 0o600 });
        renameSync(beside, target);
        return true;
      } catch {
        // A full or read-only disk: the caller goes on without the file and says so where it matters.
        return false;
      }
    },
    remove: (name) => rmSync(join(folder, name), { force: true }),
  };
}

export function createMemoryFolderFiles(initial: Readonly<Record<string, string>> = {}): FolderFiles {
  const files = new Map(Object.entries(initial));
  return {
    list: () => [...files.keys()],
    read: (name) => files.get(name),
    write(name, text) {
      files.set(name, text);
      return true;
    },
    remove: (name) => void files.delete(name),
  };
}
