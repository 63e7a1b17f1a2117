// pytest-lsp as an independent client: its own framing, its own types, its own checks against recorded clients.
import { spawn } from "node:child_process";
import { afterAll, expect, test } from "vitest";
import { hasPytestLsp, pythonPath, withEditor } from "../editors/installed.ts";
import { createHearthHome, mainFile } from "../kit/hearth-home.ts";

withEditor("pytest-lsp", hasPytestLsp, () => {
  const home = createHearthHome();
  afterAll(() => home.destroy());

  test("its scenarios pass with three recorded clients", async () => {
    const folder = new URL(".", import.meta.url).pathname;
    const child = spawn(
      pythonPath,
      ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder, "test_hearth.py"],
      {
        cwd: folder,
        env: {
          ...process.env,
          HEARTH_NODE: process.execPath,
          HEARTH_MAIN: mainFile,
          HEARTH_HOME: home.folder,
          HEARTH_MODEL_ID: "none",
          PYTHONDONTWRITEBYTECODE: "1",
        },
      },
    );
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    const code = await new Promise<number | null>((resolve) => {
      child.on("close", resolve);
    });
    expect(code, output).toBe(0);
    expect(output).toMatch(/\b9 passed/);
  }, 180_000);
});
