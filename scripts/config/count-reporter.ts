// Ends a test run with one plain line of counts; in CI a skipped test is a failure, so that nothing is left out silently.
import { describeTally } from "../../test/kit/oracle/tally-report.ts";
import type { Reporter, TestModule } from "vitest/node";

export default class CountReporter implements Reporter {
  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const skipped: string[] = [];
    for (const module of testModules) {
      // A file that could not be collected has no tests to count, but it is a failure.
      if (module.state() === "failed" && [...module.children.allTests()].length === 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") counts.passed += 1;
        else if (state === "failed") counts.failed += 1;
        else {
          counts.skipped += 1;
          skipped.push(test.fullName);
        }
      }
    }
    for (const name of skipped) process.stdout.write(`skipped: ${name}\n`);
    if (process.env["CI"] === "true" && counts.skipped > 0) {
      process.stdout.write("In CI every test must run: a skip is a failure.\n");
      process.exitCode = 1;
    }
    const tally = describeTally();
    if (tally !== undefined) process.stdout.write(`\n${tally}\n`);
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  }
}
