// The test runner's settings: one place that says where tests live and how long a state may be waited for.
import { defineConfig } from "vitest/config";

const inKit = (file: string): string => new URL(`../../test/kit/${file}`, import.meta.url).pathname;

export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  test: {
    include: ["test/**/*.test.ts"],
    // Tests that start processes run what a user runs: the build in dist/.
    globalSetup: [inKit("fresh-build.ts"), inKit("oracle/tally-report.ts")],
    exclude: ["node_modules/**", "dist/**"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default", new URL("count-reporter.ts", import.meta.url).pathname],
  },
});
