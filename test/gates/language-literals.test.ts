// No source file of the server names a language: what hearth knows of one stands in grammars/. See design.md, rooms.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { languageIds, manifestOf } from "../grammars/samples.ts";

const serverFolder = new URL("../../server", import.meta.url).pathname;

/** Words of the manifests that mean something else in ordinary code: letters, verbs, programs, formats of our own files. */
const otherMeanings: ReadonlySet<string> = new Set([
  "c",
  "r",
  "R",
  "go",
  "node",
  "shell",
  "profile",
  // The GPU library, not the dialect of C++.
  "cuda",
  "docker",
  "json",
  "jsonl",
  "toml",
  "yaml",
  ".json",
  ".jsonl",
  ".ndjson",
  ".toml",
  ".yaml",
]);

/** Names that are not languages where they stand. */
const allowedIn: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  // The second parsers that a manifest can name in `confirmWith`.
  ["syntax/", new Set(["typescript", "css"])],
  // The programs that fetch a wheel.
  ["inference/supply/", new Set(["python", "python3"])],
]);

const forbidden: ReadonlySet<string> = new Set(
  languageIds
    .map(manifestOf)
    .flatMap(({ id, name, editorIds, extensions, filenames, interpreters }) => [
      id,
      name,
      ...editorIds,
      ...extensions,
      ...filenames,
      ...interpreters,
    ])
    .filter((word) => !otherMeanings.has(word)),
);

/** `line: literal` for each string literal of the source that names a language, a file extension, a file name or an interpreter. */
function languageLiterals(fileName: string, source: string): readonly string[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const allowed = [...allowedIn].find(([folder]) => fileName.startsWith(folder))?.[1];
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && !isModuleName(node)) {
      const isForbidden = forbidden.has(node.text) && allowed?.has(node.text) !== true;
      if (isForbidden)
        found.push(`${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${node.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The module of an import, an export or `import(…)`: libraries may be called what they like. */
function isModuleName(node: ts.StringLiteralLike): boolean {
  const { parent } = node;
  return (
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    (ts.isLiteralTypeNode(parent) && ts.isImportTypeNode(parent.parent)) ||
    (ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword)
  );
}

describe("the server's sources", () => {
  const files = readdirSync(serverFolder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );

  it("name no language", () => {
    expect(files.length).toBeGreaterThan(20);
    const found = files.flatMap((file) =>
      languageLiterals(file, readFileSync(join(serverFolder, file), "utf8")).map(
        (literal) => `server/${file}:${literal}`,
      ),
    );
    expect(found).toEqual([]);
  });
});

describe("the gate", () => {
  it.each([
    ['if (language.id === "python") {}', ["1: python"]],
    ['const a = 1;\nconst extensions = [".rs", `Dockerfile`];', ["2: .rs", "2: Dockerfile"]],
    ['type Id = "julia" | "other";', ["1: julia"]],
    ['import ts from "typescript";\nexport { a } from "lua";\nawait import("ruby");', []],
    ['const letter = "c"; const text = "a python is a snake"; // "python"', []],
  ])("reads %s", (source, literals) => {
    expect(languageLiterals("features/example.ts", source)).toEqual(literals);
  });
});
