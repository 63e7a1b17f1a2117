// Which editors are here. A missing one is skipped with the command that brings it; in CI it is a failure.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";

const root = new URL("../..", import.meta.url).pathname;
const fromVenv = (program: string): string => join(root, ".cache", "editors", "venv", "bin", program);
const REMEDY = "run scripts/install-editors.sh";

export const neovimPath: string = process.env["HEARTH_TEST_NVIM"] ?? fromVenv("nvim");
export const pythonPath: string = process.env["HEARTH_TEST_PYTHON"] ?? fromVenv("python");
export const emacsPath: string = process.env["HEARTH_TEST_EMACS"] ?? "emacs";

export function hasNeovim(): boolean {
  return existsSync(neovimPath);
}

export function hasPytestLsp(): boolean {
  return existsSync(pythonPath) && spawnSync(pythonPath, ["-c", "import pytest_lsp"]).status === 0;
}

export function hasEglot(): boolean {
  const load = "(progn (package-initialize) (require 'eglot))";
  return spawnSync(emacsPath, ["--batch", "--eval", load]).status === 0;
}

/** Runs the body where the editor is there; elsewhere one test stands for it, skipped or, in CI, failed. */
export function withEditor(name: string, isThere: () => boolean, body: () => void): void {
  if (isThere()) {
    describe(name, body);
    return;
  }
  const message = `${name} is not here: ${REMEDY}`;
  if (process.env["CI"] === "true") {
    test(name, () => {
      throw new Error(message);
    });
    return;
  }
  console.warn(message);
  test.skip(`${name} (${REMEDY})`, () => undefined);
}
