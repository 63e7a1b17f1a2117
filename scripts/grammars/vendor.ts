// Brings the grammars that no lean package carries: packs the pinned package, copies its .wasm and licence beside the manifest, checks the hash.
//
//   node dist/scripts/grammars/vendor.js          compare the committed files with the packages
//   node dist/scripts/grammars/vendor.js --write  replace the committed files
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface VendoredGrammar {
  readonly languageId: string;
  readonly packageName: string;
  readonly version: string;
  readonly wasm: string;
}

/** Their packages carry prebuilt binaries of every platform: 10 to 95 MB each, against the 0.5 to 6 MB that are used. */
const vendored: readonly VendoredGrammar[] = [
  { languageId: "c", packageName: "tree-sitter-c", version: "0.24.1", wasm: "tree-sitter-c.wasm" },
  {
    languageId: "kotlin",
    packageName: "@tree-sitter-grammars/tree-sitter-kotlin",
    version: "1.1.0",
    wasm: "tree-sitter-kotlin.wasm",
  },
  {
    languageId: "r",
    packageName: "@eagleoutice/tree-sitter-r",
    version: "1.1.2",
    wasm: "tree-sitter-r.wasm",
  },
  {
    languageId: "julia",
    packageName: "tree-sitter-julia",
    version: "0.23.1",
    wasm: "tree-sitter-julia.wasm",
  },
];

const grammarsFolder = join(process.cwd(), "grammars");
const write = process.argv.includes("--write");
let failures = 0;

for (const grammar of vendored) {
  const work = mkdtempSync(join(tmpdir(), "hearth-vendor-"));
  try {
    check(grammar, unpack(grammar, work));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
process.exitCode = failures === 0 ? 0 : 1;

/** The folder of the unpacked package. */
function unpack({ packageName, version }: VendoredGrammar, work: string): string {
  const archive = execFileSync("npm", ["pack", `${packageName}@${version}`, "--silent"], {
    cwd: work,
    encoding: "utf8",
  }).trim();
  execFileSync("tar", ["-xzf", archive], { cwd: work });
  return join(work, "package");
}

function check({ languageId, packageName, version, wasm }: VendoredGrammar, packageFolder: string): void {
  const target = join(grammarsFolder, languageId);
  const found = sha256(join(packageFolder, wasm));
  if (write) {
    copyFileSync(join(packageFolder, wasm), join(target, wasm));
    copyFileSync(join(packageFolder, "LICENSE"), join(target, "LICENSE"));
    console.log(`${languageId}: wrote ${wasm} of ${packageName}@${version}, sha256 ${found}`);
    return;
  }
  const committed = sha256(join(target, wasm));
  if (committed === found) {
    console.log(`${languageId}: ${wasm} is the file of ${packageName}@${version}`);
    return;
  }
  failures += 1;
  console.error(
    `${languageId}: ${wasm} has sha256 ${committed}, the file of ${packageName}@${version} ${found}`,
  );
}

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
