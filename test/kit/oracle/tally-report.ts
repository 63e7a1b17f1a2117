// Around a whole test run: empties the oracle's tally before it, and sums it up for the reporter after it.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tallyFile } from "./tally.ts";

export default function startTally(): void {
  rmSync(tallyFile, { force: true });
}

/** One line for people; undefined when no conversation was held. */
export function describeTally(): string | undefined {
  if (!existsSync(tallyFile)) return undefined;
  const lines = readFileSync(tallyFile, "utf8").trim().split("\n");
  const sum = (column: number): number =>
    lines.reduce((total, line) => total + Number(line.split(" ")[column] ?? 0), 0);
  return `oracle: ${sum(0)} messages checked in ${lines.length} conversations, ${sum(1)} violations`;
}
