// The test runner's settings: one place that says where tests live and how long a state may be waited for.
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  test: {
    include: ["test/**/*.test.ts"],
    // Tests that start processes run what a user runs: the build in dist/.
    globalSetup: [new URL("../../test/kit/fresh-build.ts", import.meta.url).pathname],
    exclude: ["node_modules/**", "dist/**"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default", new URL("count-reporter.ts", import.meta.url).pathname],
  },
});
