// The version of the installed package.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resolvePaths } from "../platform/index.ts";

export function readVersion(): string {
  const { packageRoot } = resolvePaths(process.env);
  const manifest = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    version?: string;
  };
  return manifest.version ?? "unknown";
}
