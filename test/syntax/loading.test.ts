// Grammars come when they are needed, whatever was loaded before; what is broken is named and switched off alone.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createText } from "../../server/text/index.ts";
import { grammarsFolder, openText, startService } from "./service.ts";

/** The global that no type library in use here describes. */
const { WebAssembly: wasm } = globalThis as unknown as {
  WebAssembly: {
    compile(bytes: Uint8Array): Promise<object>;
    instantiate(bytes: Uint8Array): Promise<object>;
  };
};

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
  it("reads queries that languages share, and switches off a language whose shared queries are not there", async () => {
    await copyOf("javascript");
    await copyOf("jsx");
    await copyOf("ecmascript");
    await copyOf("cpp");
    const service = await startService({ grammarsFolder: folder });
    expect(service.languages.all.map(({ id }) => id)).toEqual(["javascript"]);
    const document = openText(service, "javascript", "function sum(a) { return <b/> }\n");
    expect((await document.judged()).facts().declarations.map(({ name }) => name)).toEqual(["sum", "a"]);
    expect(service.status().failedGrammars).toEqual([
      { languageId: "cpp", reason: expect.stringContaining('`queriesFrom` names "c"') },
    ]);
    document.dispose();
    service.dispose();
  });

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
    await change(join(await copyOf("lua"), "manifest.json"), /"blockOpener": "[^"]+"/, '"blockOpener": "("');
    await mkdir(join(folder, "empty"));
    const service = await startService({ grammarsFolder: folder });
    expect(service.languages.all.map(({ id }) => id)).toEqual(["python"]);
    const failed = new Map(
      service.status().failedGrammars.map(({ languageId, reason }) => [languageId, reason]),
    );
    expect([...failed.keys()].sort()).toEqual(["go", "java", "lua", "rust"]);
    expect(failed.get("lua")).toContain("`blockOpener` must be a regular expression");
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
  it("is never compiled the asynchronous way, which waits for the optimising compile of the largest one", async () => {
    // The stall (5 to 15 s for the first asynchronous compile after parses with Julia) depends on V8's mood, its cause does not.
    const service = await startService();
    await openText(service, "python", "x = 1\n").parsed();
    const compile = vi.spyOn(wasm, "compile");
    const instantiate = vi.spyOn(wasm, "instantiate");
    const julia = await openText(service, "julia", "f(x) = x .+ 1\n".repeat(200)).parsed();
    const bash = await openText(service, "bash", "f() { echo 1; }\n").parsed();
    expect(compile).not.toHaveBeenCalled();
    expect(instantiate).not.toHaveBeenCalled();
    expect([julia, bash].map((snapshot) => snapshot.facts().declarations[0]?.name)).toEqual(["f", "f"]);
    vi.restoreAllMocks();
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
