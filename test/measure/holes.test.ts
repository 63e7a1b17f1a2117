// Holes of held-out packages: cut where their kind says, asked for nowhere else, judged by what they are.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { copyLine } from "../../scripts/evaluate/holes/copying.ts";
import { readHeldOut } from "../../scripts/evaluate/holes/held-out.ts";
import type { HeldOutFile } from "../../scripts/evaluate/holes/held-out.ts";
import { judge, summarizeHoles } from "../../scripts/evaluate/holes/judge.ts";
import type { HoleAnswer, JudgedHole } from "../../scripts/evaluate/holes/judge.ts";
import { sampleHoles } from "../../scripts/evaluate/holes/sample-holes.ts";
import type { Hole } from "../../scripts/evaluate/holes/sample-holes.ts";
import { makeFolder } from "../supply/kit/supply-kit.ts";

function fileOf(owner: string, path: string, content: string): HeldOutFile {
  return { package: owner, path, language: "javascript", name: `${owner}/${path}`, sha256: "", content };
}

/** Functions of different lengths, each line of which stands there once. */
function program(seed: number): string {
  return Array.from({ length: 20 }, (_, index) => {
    const body = Array.from(
      { length: 1 + (index % 8) },
      (_line, line) => `  const value_${seed}_${index}_${line} = compute_${seed}_${index}(${line});`,
    );
    return [`function run_${seed}_${index}(first) {`, ...body, "}", ""].join("\n");
  }).join("\n");
}

const files = [1, 2, 3, 4].map((seed) => fileOf(`npm:p${seed % 2}`, `f${seed}.js`, program(seed)));

test("a hole put together again is the file, and its text stands nowhere else", () => {
  const contents = new Map(files.map((file) => [`${file.package} ${file.path}`, file.content]));
  for (const hole of sampleHoles(files, 12, 1)) {
    const content = contents.get(`${hole.package} ${hole.path}`);
    expect(hole.before + hole.truth + hole.after, hole.id).toBe(content);
    // The end of a line may well stand elsewhere; the line and the block do not.
    if (hole.kind !== "rest") expect((hole.before + hole.after).includes(hole.truth), hole.id).toBe(false);
  }
});

test("a block is all that stands deeper than the line above, two to six lines of it", () => {
  const blocks = sampleHoles(files, 30, 2).filter(({ kind }) => kind === "block");
  expect(blocks.length).toBeGreaterThan(5);
  for (const { before, truth, after, openWidth } of blocks) {
    expect(truth.split("\n").length).toBeGreaterThanOrEqual(2);
    expect(truth.split("\n").length).toBeLessThanOrEqual(6);
    expect(before.split("\n").at(-2)).toMatch(/^function run/);
    expect(after).toMatch(/^\n}/);
    expect(openWidth).toBe(0);
  }
});

test("the same seed gives the same holes, packages take turns, and every kind has its count", () => {
  const holes = sampleHoles(files, 8, 7);
  expect(sampleHoles(files, 8, 7)).toEqual(holes);
  expect(sampleHoles(files, 8, 8)).not.toEqual(holes);
  for (const kind of ["rest", "line", "block"]) {
    const own = holes.filter((hole) => hole.kind === kind);
    expect(own).toHaveLength(8);
    expect(new Set(own.map((hole) => hole.package)).size).toBe(2);
  }
});

const hole: Hole = {
  id: "block x",
  kind: "block",
  language: "javascript",
  package: "npm:p",
  path: "a.js",
  before: "",
  after: "",
  truth: "a();\n  b();",
  openWidth: 0,
};
const answer: HoleAnswer = { text: "a();\n  b();", confidence: 0.9, hasEnded: true, promptTokens: 10, ms: 1 };

test("a block is judged by all of its lines, a line by its first; blanks at line ends do not count", () => {
  expect(judge(hole, answer)).toMatchObject({ isExact: true, isRightStop: true, similarity: 1 });
  expect(judge(hole, { ...answer, text: "a();  \n  b();\n" }).isExact).toBe(true);
  expect(judge(hole, { ...answer, text: "a();" })).toMatchObject({ isExact: false, isRightStop: false });
  expect(judge(hole, { ...answer, hasEnded: false }).isRightStop).toBe(false);
  expect(judge({ ...hole, kind: "line", truth: "a();" }, answer)).toMatchObject({ isExact: true });
  expect(judge(hole, { ...answer, text: " \n" }).isEmpty).toBe(true);
});

test("precision is counted among those shown, and among the surest third", () => {
  const judged = Array.from({ length: 10 }, (_, index): JudgedHole => {
    const made = judge({ ...hole, id: String(index) }, { ...answer, confidence: index / 10 });
    return { ...made, isExact: index % 2 === 1 };
  });
  const [, , , , all] = summarizeHoles(judged, 0.6);
  expect(all).toMatchObject({ kind: "block", language: "all", n: 10 });
  expect(all?.shown.value).toBeCloseTo(0.4);
  expect(all?.precisionAtGate.value).toBeCloseTo(0.5);
  // The surest three: 9, 8, 7.
  expect(all?.precisionConfident.value).toBeCloseTo(2 / 3);
});

test("copies what followed the same words before, the nearest above first, and nothing where nothing agrees", () => {
  const above = "const a = load(first, second);\nlet b = 1;\n";
  expect(copyLine(`${above}const c = load(`, "\n")).toMatchObject({ text: "first, second);" });
  expect(copyLine("x = load(", "\nconst d = load(third);\n")).toMatchObject({ text: "third);" });
  expect(copyLine(`${above}let b = 1;\n`, "\n").text).toBe("");
  expect(copyLine("let b = 1;\nreturn b;\nlet b = 1;\n", "\n").text).toBe("return b;");
  expect(copyLine("zzz", "").text).toBe("");
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const { text, confidence } = copyLine(before, after);
      expect(text).not.toContain("\n");
      expect(confidence).toBeLessThan(1);
    }),
  );
});

test("reads what the gathering writes, packed or plain, and names a line that is broken", async () => {
  const folder = makeFolder();
  const line = JSON.stringify({
    ecosystem: "npm",
    package: "p",
    version: "1.0.0",
    spdx: "MIT",
    path: "a.js",
    language: "javascript",
    sha256: "00",
    text: "a\r\nb\n",
  });
  const plain = join(folder, "heldout.jsonl");
  writeFileSync(plain, `${line}\n`);
  const [first, ...rest] = await readHeldOut(plain);
  expect(first).toEqual({ ...fileOf("npm:p", "a.js", "a\nb\n"), sha256: "00" });
  expect(rest).toEqual([]);
  if (hasXz()) {
    execFileSync("xz", ["-k", plain]);
    expect(await readHeldOut(`${plain}.xz`)).toEqual([first]);
    writeFileSync(`${plain}.xz`, "no archive");
    await expect(readHeldOut(`${plain}.xz`)).rejects.toThrow(/could not be unpacked|holds no files/);
  }
  writeFileSync(plain, `${line}\n{"ecosystem":"npm"}\n`);
  await expect(readHeldOut(plain)).rejects.toThrow(/line 2: "package" is no text/);
});

function hasXz(): boolean {
  try {
    execFileSync("xz", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("the packed corpus is not tested: there is no program xz here");
    return false;
  }
}
