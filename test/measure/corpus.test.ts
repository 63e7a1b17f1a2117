// The pinned files of the measurements: complete lists, and nothing used that is not the pinned file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadCorpus, readCorpusList, sha256Of } from "../../scripts/corpus/corpus.ts";
import type { PinnedFile } from "../../scripts/corpus/corpus.ts";

const folder = mkdtempSync(join(tmpdir(), "hearth-corpus-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const listOf = (room: string): readonly PinnedFile[] =>
  readCorpusList(new URL(`../../scripts/${room}/corpus.json`, import.meta.url).pathname);

/** Licences that allow a file to be read, cut up and measured; nothing is passed on. */
const PERMISSIVE =
  /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|Zlib|PSF-2\.0)( OR (MIT|Apache-2\.0|BSD-2-Clause))?$/;

it.each(["evaluate", "bench"])("every file of the %s list is pinned by version and hash", (room) => {
  const list = listOf(room);
  expect(list.length).toBeGreaterThan(4);
  for (const file of list) {
    expect(file.sha256, file.path).toMatch(/^[0-9a-f]{64}$/);
    expect(file.licence, file.path).toMatch(PERMISSIVE);
    expect(file.package).toMatch(/^(npm|pypi|go|crate|maven):.*[@=:]v?\d+\.\d+\.\d+|==\d+/);
  }
  const places = list.map((file) => `${file.language}/${file.path.replace(/^.*[/!]/, "")}`);
  expect(new Set(places).size, "names are unique in a language").toBe(places.length);
});

it("the evaluation covers at least six languages with several packages or files each", () => {
  const list = listOf("evaluate");
  const languages = new Set(list.map((file) => file.language));
  expect(languages.size).toBeGreaterThanOrEqual(6);
  for (const language of languages) {
    expect(list.filter((file) => file.language === language).length, language).toBeGreaterThanOrEqual(5);
  }
});

const pinned = (content: string, hash = sha256Of(content)): PinnedFile => ({
  package: "nowhere:x@1.0.0",
  path: "src/a.js",
  language: "javascript",
  licence: "MIT",
  sha256: hash,
});

function keep(file: PinnedFile, content: string): string {
  const cache = mkdtempSync(join(folder, "cache-"));
  mkdirSync(join(cache, "files"));
  writeFileSync(join(cache, "files", file.sha256), content);
  return cache;
}

it("a file that is kept needs no client, and its line ends are one character", async () => {
  const file = pinned("let a;\r\nlet b;\r\n");
  const corpus = await loadCorpus([file], keep(file, "let a;\r\nlet b;\r\n"));
  expect(corpus.problems).toEqual([]);
  expect(corpus.files).toMatchObject([{ name: "a.js", content: "let a;\nlet b;\n" }]);
});

it("a kept file that is not the pinned one is never used, and the report says why", async () => {
  const file = pinned("the pinned text");
  const corpus = await loadCorpus([file], keep(file, "another text"));
  expect(corpus.files).toEqual([]);
  expect(corpus.problems).toHaveLength(1);
  expect(corpus.problems[0]).toContain("nowhere:x@1.0.0");
});
