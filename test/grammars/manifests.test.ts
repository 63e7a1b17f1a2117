// Manifests are complete, point at grammars that are there, and do not claim each other's files.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { grammarsFolder, languageIds, manifestOf } from "./samples.ts";

const manifests = languageIds.map(manifestOf);
const requireHere = createRequire(import.meta.url);
const dataLanguages = new Set(["json", "jsonc", "yaml", "toml", "html", "css", "dockerfile"]);

describe.each(manifests)("$id", (manifest) => {
  const folder = join(grammarsFolder, manifest.id);

  it("is complete", () => {
    expect(manifest.name).not.toBe("");
    expect(manifest.editorIds).toContain(manifest.id);
    expect(manifest.extensions.length + manifest.filenames.length).toBeGreaterThan(0);
    for (const extension of manifest.extensions) expect(extension).toMatch(/^\.[a-z0-9+-]+$/);
    expect(manifest.keywords.length).toBeGreaterThan(0);
    if (!dataLanguages.has(manifest.id)) {
      expect(manifest.keywords.length).toBeGreaterThan(10);
      expect(manifest.builtins.length).toBeGreaterThan(20);
    }
    expect(manifest.brackets.length).toBeGreaterThan(0);
    expect(manifest.quotes.length).toBeGreaterThan(0);
    expect(["trusted", "confirmed", "silent"]).toContain(manifest.syntaxFindings);
    expect(manifest.confirmWith !== undefined).toBe(manifest.syntaxFindings === "confirmed");
    expect(manifest.grammar.licence).toMatch(/^(MIT|Apache-2\.0|ISC|Unlicense)$/);
  });

  it("names nothing twice", () => {
    for (const list of [
      manifest.editorIds,
      manifest.extensions,
      manifest.filenames,
      manifest.interpreters,
      manifest.keywords,
      manifest.builtins,
    ])
      expect(list).toEqual([...new Set(list)]);
  });

  it("has its grammar", () => {
    const { wasm, sha256, origin } = manifest.grammar;
    if (wasm.startsWith("npm:")) {
      expect(existsSync(join(grammarsFolder, "../node_modules", wasm.slice("npm:".length)))).toBe(true);
      return;
    }
    const file = join(folder, wasm.slice("file:".length));
    expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(sha256);
    expect(origin).toMatch(/\d+\.\d+\.\d+/);
    expect(readFileSync(join(folder, "LICENSE"), "utf8")).toMatch(/copyright/i);
  });

  it("has its native package, where it names one", () => {
    const { native } = manifest.grammar;
    if (native !== undefined) expect(() => requireHere.resolve(native.package)).not.toThrow();
  });
});

describe("manifests together", () => {
  it.each(["editorIds", "extensions", "filenames", "interpreters"] as const)("share no %s", (field) => {
    const owners = new Map<string, string[]>();
    for (const manifest of manifests)
      for (const value of manifest[field]) owners.set(value, [...(owners.get(value) ?? []), manifest.id]);
    expect([...owners].filter(([, ids]) => ids.length > 1)).toEqual([]);
  });

  it("build only on queries that are there", () => {
    for (const { queriesFrom = [] } of manifests)
      for (const name of queriesFrom) expect(existsSync(join(grammarsFolder, name, "queries"))).toBe(true);
  });

  it("leave no shared queries that nobody builds on", () => {
    const used = new Set(manifests.flatMap(({ queriesFrom = [] }) => queriesFrom));
    const folders = readdirSync(grammarsFolder, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(
      folders.map(({ name }) => name).filter((name) => !languageIds.includes(name) && !used.has(name)),
    ).toEqual([]);
  });
});
