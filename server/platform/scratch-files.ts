// The door to files that other code fills and nobody keeps: places in a private folder, gone when their process is.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "./machine.ts";

export interface ScratchFiles {
  /** The path of a file that is not there yet; undefined when the folder cannot be made. */
  next(): string | undefined;
  /** A file that is not there is removed already. */
  remove(path: string): void;
}

/** Nothing is put anywhere. */
export const noScratchFiles: ScratchFiles = { next: () => undefined, remove: () => undefined };

/** Several processes may share the folder; what ended ones left in it is removed at the first use. */
export function openScratchFiles(
  folder: string,
  machine: Pick<Machine, "processId" | "isAlive">,
): ScratchFiles {
  let count = 0;
  const remove = (path: string): void => rmSync(path, { force: true });
  return {
    next() {
      try {
        if (count === 0) {
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          for (const name of readdirSync(folder)) {
            const owner = Number(name.split("-")[0]);
            // An older process of the same number is gone, too.
            if (owner === machine.processId || !machine.isAlive(owner)) remove(join(folder, name));
          }
        }
      } catch {
        // No room or no right to write there: what would have been put aside is worked out again.
        return undefined;
      }
      count += 1;
      return join(folder, `${machine.processId}-${count}`);
    },
    remove(path) {
      try {
        remove(path);
      } catch {
        // It stays until another process finds this one ended.
      }
    },
  };
}
