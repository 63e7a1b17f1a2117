// Answers kept on disk, one line of JSON each, below a name that stands for everything they depend on: a run that was cut off goes on.
import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface ResultsFile<Row> {
  /** What an earlier run of the same key left. */
  readonly rows: readonly Row[];
  add(row: Row): void;
}

/** `depends` is fed with what the answers depend on beside the code and the grammars. */
export function openResultsFile<Row>(options: {
  readonly root: string;
  readonly name: string;
  readonly isFresh: boolean;
  readonly depends: (key: Hash) => void;
}): ResultsFile<Row> {
  const { root, name, isFresh, depends } = options;
  const folder = join(root, ".cache", "evaluate");
  mkdirSync(folder, { recursive: true });
  const key = createHash("sha256");
  depends(key);
  for (const folderOfCode of [
    join(root, "dist", "server"),
    join(root, "dist", "scripts", "evaluate"),
    join(root, "grammars"),
  ]) {
    hashFolder(folderOfCode, (bytes) => void key.update(bytes));
  }
  const file = join(folder, `${name}-${key.digest("hex").slice(0, 16)}.jsonl`);
  if (isFresh) rmSync(file, { force: true });
  const kept = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return {
    rows: kept.flatMap((line) => (parseRow(line) as Row | undefined) ?? []),
    add: (row) => appendFileSync(file, `${JSON.stringify(row)}\n`),
  };
}

/** Undefined for the half line that a killed run leaves. */
function parseRow(line: string): unknown {
  try {
    return line === "" ? undefined : (JSON.parse(line) as unknown);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Only text: the grammars' binaries change with their queries' folder, which is hashed. */
function hashFolder(folder: string, update: (bytes: Buffer) => void): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).sort((a, b) =>
    join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
  )) {
    if (entry.isFile() && /\.(js|json|scm)$/.test(entry.name))
      update(readFileSync(join(entry.parentPath, entry.name)));
  }
}
