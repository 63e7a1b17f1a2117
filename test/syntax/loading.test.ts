// Grammars come when they are needed, whatever was loaded before; what is broken is named and switched off alone.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createText } from "../../server/text/index.ts";
import { grammarsFolder, openText, startService } from "./service.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hearth-grammars-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function copyOf(languageId: string): Promise<string> {
  const copy = join(folder, languageId);
  await cp(join(grammarsFolder, languageId), copy, { recursive: true });
  return copy;
}

async function change(file: string, pattern: RegExp, replacement: string): Promise<void> {
  const before = await readFile(file, "utf8");
  const after = before.replace(pattern, replacement);
  expect(after).not.toBe(before);
  await writeFile(file, after);
}

describe("the catalogue", () => {
  it("switches off a language with a broken manifest and keeps the others", async () => {
    await copyOf("python");
    await change(
      join(await copyOf("go"), "manifest.json"),
      /"syntaxFindings": "\w+"/,
      '"syntaxFindings": "sure"',
    );
    await writeFile(join(await copyOf("rust"), "manifest.json"), "{ no JSON");
    await change(
      join(await copyOf("java"), "manifest.json"),
      /"npm:[^"]+"|"file:[^"]+"/,
      '"https://somewhere/x.wasm"',
    );
    await mkdir(join(folder, "empty"));
    const service = await startService({ grammarsFolder: folder });
    expect(service.languages.all.map(({ id }) => id)).toEqual(["python"]);
    const failed = new Map(
      service.status().failedGrammars.map(({ languageId, reason }) => [languageId, reason]),
    );
    expect([...failed.keys()].sort()).toEqual(["go", "java", "rust"]);
    expect(failed.get("go")).toContain("`syntaxFindings` must be one of trusted, confirmed, silent");
    expect(failed.get("go")).toContain(join("go", "manifest.json"));
    expect(failed.get("rust")).toContain("not valid JSON");
    expect(failed.get("java")).toContain("`grammar.wasm` must be");
    service.dispose();
  });

  it("treats a language whose grammar file is damaged as plain text, and says so", async () => {
    const copy = await copyOf("python");
    await change(join(copy, "manifest.json"), /"npm:[^"]+"/, '"file:damaged.wasm"');
    await writeFile(join(copy, "damaged.wasm"), "not a module");
    const service = await startService({ grammarsFolder: folder });
    const document = service.openDocument(service.languages.byId("python"), createText("x = 1\n"));
    expect(await document.whenParsed(AbortSignal.timeout(10_000))).toBeUndefined();
    document.update(createText("x = 2\n"), [{ start: 4, end: 5, newText: "2" }]);
    expect(document.current()).toBeUndefined();
    expect(service.status().failedGrammars[0]?.reason).toContain("treated as plain text");
    service.dispose();
  });

  it("goes on without a query that does not compile", async () => {
    const copy = await copyOf("python");
    await writeFile(join(copy, "queries", "references.scm"), "(no_such_node) @reference.read\n");
    const service = await startService({ grammarsFolder: folder });
    const snapshot = await openText(service, "python", "def f():\n    return g\n").parsed();
    expect(snapshot.facts().declarations.map(({ name }) => name)).toEqual(["f"]);
    expect(snapshot.facts().references).toEqual([]);
    expect(service.status().failedGrammars[0]?.reason).toContain("references.scm");
    service.dispose();
  });
});

describe("a grammar", () => {
  it("is not kept waiting by the optimising compile of the largest one", async () => {
    // The stall takes seconds of processor time after the first parses with Julia; loading takes milliseconds.
    const service = await startService();
    const ready = async (languageId: string, content: string): Promise<number> => {
      const before = process.cpuUsage();
      const document = openText(service, languageId, content);
      await document.parsed();
      const { user, system } = process.cpuUsage(before);
      document.dispose();
      return (user + system) / 1000;
    };
    const largest = "function f(x)\n    y = [a for a in x if a > 1]\n    return y .+ 1\nend\n";
    await ready("php", "<?php f();\n");
    const beforeMs = await ready("ruby", "def f\nend\n");
    await ready("julia", largest.repeat(100));
    const afterMs = await ready("bash", "f() { echo 1; }\n");
    expect(afterMs).toBeLessThan(beforeMs * 5);
    service.dispose();
  });

  it("is warmed up in idle slices once a document of it is open", async () => {
    const service = await startService();
    const document = openText(service, "python", "def f(a):\n    return a\n");
    await document.parsed();
    await expect.poll(() => service.status().warmGrammars, { timeout: 30_000 }).toEqual(["python"]);
    expect(service.status().loadedGrammars).toEqual(["python"]);
    document.dispose();
    service.dispose();
  });
});

describe("detection", () => {
  it("goes by the editor's identifier, then the file's name, its extension, the first line", async () => {
    const service = await startService();
    const detect = (editorId: string, path?: string, firstLine = ""): string | undefined =>
      service.languages.detect({ editorId, path, firstLine })?.id;
    expect(detect("python", "/a/b.txt")).toBe("python");
    expect(detect("", "/a/SConstruct")).toBe("python");
    expect(detect("", "C:\\a\\B.PY")).toBe("python");
    expect(detect("plaintext", "/a/x.d.ts")).toBe("typescript");
    expect(detect("", "/bin/tool", "#!/usr/bin/env -S python3.12 -u")).toBe("python");
    expect(detect("", undefined, "#! /usr/bin/python3")).toBe("python");
    expect(detect("", "/a/notes", "# a title")).toBeUndefined();
    service.dispose();
  });
});
