// Kills the daemon again and again under a typing editor and compares the text to the last character: `npm run prove:kills -- 100`.
import { spawnSync } from "node:child_process";

const kills = Number(process.argv[2] ?? 100);
if (!Number.isInteger(kills) || kills < 1) {
  console.error("usage: prove-kills [number of kills, 100 when not given]");
  process.exit(2);
}
const root = new URL("../..", import.meta.url).pathname;
const startedMs = performance.now();
const run = spawnSync(
  process.execPath,
  [
    `${root}node_modules/vitest/vitest.mjs`,
    "run",
    "--config",
    "scripts/config/vitest.config.ts",
    "test/daemon/kills.test.ts",
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, HEARTH_KILLS: String(kills) } },
);
const seconds = Math.round((performance.now() - startedMs) / 1000);
console.log(
  run.status === 0
    ? `${kills} kills in each form, ${seconds} s: no character lost, no request unanswered.`
    : `failed after ${seconds} s`,
);
process.exitCode = run.status ?? 1;
