// Makes the package that is published: `npm run pack`, then `npm publish` of the file that it names.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolvePaths } from "../server/platform/index.ts";
import { bundledManifest, publishedManifest } from "./published-manifest.ts";
import type { Manifest } from "./published-manifest.ts";

const { packageRoot } = resolvePaths(process.env);
const library = join("node_modules", "node-llama-cpp");
/** The library's sources, for those who compile it: 34 MB that nothing here reads. */
const LEFT_OUT = [join(library, "llama", "gitRelease.bundle"), join(library, "node_modules")];

const stage = mkdtempSync(join(tmpdir(), "hearth-pack-"));
try {
  const own = readManifest(packageRoot);
  const bundled = readManifest(join(packageRoot, library));
  for (const path of [...(own.files ?? []), library]) {
    cpSync(join(packageRoot, path), join(stage, path), {
      recursive: true,
      filter: (source) => !LEFT_OUT.some((left) => source === join(packageRoot, left)),
    });
  }
  writeManifest(stage, publishedManifest(own, bundled));
  writeManifest(join(stage, library), bundledManifest(bundled));
  const target = process.argv[2] ?? packageRoot;
  const args = ["pack", stage, "--pack-destination", target, "--silent"];
  const file = execFileSync("npm", args, { encoding: "utf8", shell: process.platform === "win32" });
  console.log(join(target, file.trim().split("\n").at(-1) ?? ""));
} finally {
  rmSync(stage, { recursive: true, force: true });
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

function writeManifest(folder: string, manifest: object): void {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
