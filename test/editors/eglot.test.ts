// Emacs 28 with eglot 1.9: the weakest client there is (push, utf-16, no snippets, no resolve); asserted on the text of the buffer.
import { afterEach, expect, test } from "vitest";
import { FIXTURE_BLOCK, FIXTURE_LINE, writeSuggestionModel } from "../kit/fixture-suggestions.ts";
import { createHearthHome, mainFile } from "../kit/hearth-home.ts";
import type { HearthHome } from "../kit/hearth-home.ts";
import { until } from "../kit/waiting.ts";
import { startEmacs } from "./eglot-driver.ts";
import type { Emacs } from "./eglot-driver.ts";
import { hasEglot, withEditor } from "./installed.ts";
import { createProject } from "./project.ts";
import type { Project } from "./project.ts";

withEditor("Emacs with eglot", hasEglot, () => {
  let home: HearthHome | undefined;
  let project: Project | undefined;
  let emacs: Emacs | undefined;

  afterEach(async () => {
    await emacs?.quit();
    await home?.destroy();
    project?.dispose();
  });

  async function open(content: string, model = "none"): Promise<Emacs> {
    home = createHearthHome();
    project = createProject({ "app.py": content });
    const environment = { ...process.env, HEARTH_HOME: home.folder, HEARTH_MODEL_ID: model };
    emacs = await startEmacs(environment, project.folder);
    const editor = emacs;
    await editor.call("driver-open", project.path("app.py"), process.execPath, mainFile);
    await until("eglot manages the buffer", () => editor.call("driver-is-managed"));
    return editor;
  }

  test("types, accepts a completion, sees a finding and applies its action", async () => {
    const editor = await open("def total(items):\n    return sum(items)\n");
    await editor.call("driver-type", "\ndef mean(items):\n    return tot");
    expect(await editor.call("driver-complete")).toBe("    return total");
    await editor.call("driver-type", "(items)\n\n\ndef last(:\n    pass\n");
    const finding = await until("a finding is shown", () =>
      editor.call("driver-findings").then((text) => text || undefined),
    );
    expect(finding).toContain("`)`");
    await editor.call("driver-mend");
    const mended = await until("the action is applied", async () => {
      const text = await editor.call("driver-text");
      return text?.includes("last()") === true ? text : undefined;
    });
    expect(mended).toBe(
      "def total(items):\n    return sum(items)\n\ndef mean(items):\n    return total(items)\n\n\ndef last():\n    pass\n",
    );
    await until(
      "the finding is gone",
      async () => (await editor.call("driver-findings")) === "" || undefined,
    );
  });

  test("accepts the model's line in mid-word, and its block", async () => {
    const model = writeSuggestionModel();
    const editor = await open("def f(x):\n    return x\n", model.url);
    await editor.call("driver-type", "\nresult = f(calc");
    const line = await until("the line is completed", async () => {
      const text = await editor.call("driver-complete");
      return text?.includes(FIXTURE_LINE) === true ? text : undefined;
    });
    expect(line).toBe(`result = f(${FIXTURE_LINE}`);
    await editor.call("driver-type", "\n\ndef mean(items):");
    const text = `def f(x):\n    return x\n\nresult = f(${FIXTURE_LINE}\n\ndef mean(items):`;
    await until(
      "the block is offered",
      async () =>
        (await editor.call("driver-menu", String(text.length)))?.startsWith("total = f(items) …") ||
        undefined,
    );
    await editor.call("driver-accept", String(text.length), "0");
    expect(await editor.call("driver-text")).toBe(text + FIXTURE_BLOCK);
    model.dispose();
  });

  test("goes on with its unsaved text when the daemon is killed", async () => {
    const editor = await open("def total(items):\n    return sum(items)\n");
    await editor.call("driver-type", "\ndef unsaved():\n    pass\n");
    expect(await editor.call("driver-outline")).toBe("total unsaved");
    const { pid } = await home!.daemon();
    process.kill(pid, "SIGKILL");
    await editor.call("driver-type", "\ndef after():\n    return unsa");
    await until("the name from before is completed", async () => {
      return (await editor.call("driver-complete")) === "    return unsaved" || undefined;
    });
    await until("the outline is whole", async () => {
      return (await editor.call("driver-outline")) === "total unsaved after" || undefined;
    });
    expect((await home!.daemon()).pid).not.toBe(pid);
    expect(await editor.call("driver-is-connected")).toBe("t");
  });
});
