// The published package brings no GPU builds: npm honours `overrides` of the top package only, so the package has to be made differently.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundledManifest, publishedManifest } from "../../scripts/published-manifest.ts";
import { resolvePaths } from "../../server/platform/index.ts";

const { packageRoot } = resolvePaths({});

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly bundleDependencies?: readonly string[];
}

const read = (...path: readonly string[]): Manifest =>
  JSON.parse(readFileSync(join(packageRoot, ...path, "package.json"), "utf8")) as Manifest;

test("the package names everything that the library needs, and of its builds only the plain ones", () => {
  const library = read("node_modules", "node-llama-cpp");
  const published = publishedManifest(read(), library) as Manifest;
  expect(published.bundleDependencies).toEqual(["node-llama-cpp"]);
  expect(published.dependencies).toMatchObject(read().dependencies);
  for (const name of Object.keys(library.dependencies)) expect(published.dependencies).toHaveProperty([name]);
  const builds = Object.entries(published.optionalDependencies).filter(([name]) =>
    name.startsWith("@node-llama"),
  );
  expect(builds.map(([name]) => name)).toContain("@node-llama-cpp/linux-x64");
  expect(builds.map(([name]) => name).filter((name) => /cuda|vulkan/.test(name))).toEqual([]);
  for (const [, version] of builds) expect(version).toBe(library.version);
  expect(Object.keys(published.overrides ?? {}).filter((name) => name.includes("llama"))).toEqual([]);
  expect(bundledManifest(library)).not.toHaveProperty("optionalDependencies");
  expect(bundledManifest(library)).not.toHaveProperty("scripts");
});

test("installed from its file it has no GPU builds, runs, and loads its library", ({ skip }) => {
  if (process.env["HEARTH_TEST_NETWORK"] !== "1") {
    console.log("skipped: installing the packed package; set HEARTH_TEST_NETWORK=1 to run it");
    return skip();
  }
  const folder = mkdtempSync(join(tmpdir(), "hearth-published-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const run = (command: string, ...args: readonly string[]): string =>
    execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const file = run(process.execPath, join(packageRoot, "dist/scripts/pack.js"), folder).trim();
  writeFileSync(join(folder, "package.json"), "{}");
  run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", file);
  const builds = readdirSync(join(folder, "node_modules/@node-llama-cpp"));
  expect(builds.filter((name) => /cuda|vulkan/.test(name))).toEqual([]);
  const library = join(folder, "node_modules/hearth-lsp/node_modules/node-llama-cpp");
  expect(existsSync(library)).toBe(true);
  expect(run(join(folder, "node_modules/.bin/hearth"), "--version")).toBe(`${read().version}\n`);
  const code = `const { getLlama } = await import(${JSON.stringify(join(library, "dist/index.js"))});
    const llama = await getLlama({ gpu: false, build: "never", progressLogs: false, logLevel: "error" });
    console.log(llama.buildType); process.exit(0);`;
  writeFileSync(join(folder, "load.mjs"), code);
  expect(run(process.execPath, "load.mjs")).toContain("prebuilt");
}, 600_000);
