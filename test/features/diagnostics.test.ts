// Findings of a document and the stamp that tells when they are the same.
import { describe, expect, it } from "vitest";
import { createDiagnostics } from "../../server/features/index.ts";
import { createWorkbench, never, startSyntax, useWorkbench } from "./workbench.ts";
import type { OpenFixture } from "./workbench.ts";

const workbench = useWorkbench();

const diagnostics = createDiagnostics();
const open = (fixture: string): Promise<OpenFixture> => createWorkbench(workbench.syntax).open(fixture);

describe("findings", () => {
  it("are errors of the parser with a code, a source and the version of their text", async () => {
    const at = await open("//- /a.py\nx = (1\n");
    const set = await diagnostics.findings(at.snapshot(), never);
    expect(set?.version).toBe(1);
    expect(set?.findings).toHaveLength(1);
    expect(set?.findings[0]).toMatchObject({ severity: "error", source: "hearth" });
    expect(set?.findings[0]?.code).not.toBe("");
  });

  it("of valid code are none", async () => {
    const at = await open("//- /a.py\nx = (1)\n");
    expect((await diagnostics.findings(at.snapshot(), never))?.findings).toEqual([]);
  });

  it("are none where there is no grammar", async () => {
    const at = await open("//- /notes.unknown\nx = (1\n");
    expect(await diagnostics.findings(at.snapshot(), never)).toMatchObject({ findings: [] });
  });

  it("are waited for while a text is being parsed", async () => {
    const { store } = createWorkbench(workbench.syntax);
    store.open({ uri: "file:///b.py", editorId: "python", version: 4, content: "x = (1\n" });
    const set = await diagnostics.findings(store.get("file:///b.py")!, never);
    expect(set).toMatchObject({ version: 4, findings: [{ severity: "error" }] });
  });

  it("are undefined when the signal fired or the text was replaced", async () => {
    const at = await open("//- /a.py\nx = (1\n");
    const aborted = AbortSignal.abort();
    const { store } = createWorkbench(workbench.syntax);
    store.open({ uri: "file:///c.py", editorId: "python", version: 1, content: "x = (1\n" });
    expect(await diagnostics.findings(store.get("file:///c.py")!, aborted)).toBeUndefined();
    const before = at.snapshot();
    at.edit({ start: 0, end: 0, newText: "#" });
    expect(await diagnostics.findings(before, never)).toBeUndefined();
  });
});

describe("the result id", () => {
  const idOf = async (fixture: string): Promise<string | undefined> =>
    (await diagnostics.findings((await open(fixture)).snapshot(), never))?.resultId;

  it("is the same for the same text after a restart", async () => {
    const first = await idOf("//- /a.py\nx = (1\n");
    const restarted = await startSyntax();
    const again = await createWorkbench(restarted).open("//- /a.py\nx = (1\n");
    expect((await diagnostics.findings(again.snapshot(), never))?.resultId).toBe(first);
    restarted.dispose();
  });

  it("differs when the text or the language does", async () => {
    const ids = await Promise.all([
      idOf("//- /a.py\nx = (1\n"),
      idOf("//- /a.py\n\nx = (1\n"),
      idOf("//- /a.ts\nx = (1\n"),
      idOf("//- /a.unknown\nx = (1\n"),
    ]);
    expect(new Set(ids).size).toBe(4);
  });
});
