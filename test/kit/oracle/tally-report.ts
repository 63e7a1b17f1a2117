// Around a whole test run: empties the oracle's tally before it and prints the sum after it.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tallyFile } from "./tally.ts";

export default function startTally(): () => void {
  rmSync(tallyFile, { force: true });
  return () => {
    if (!existsSync(tallyFile)) return;
    const lines = readFileSync(tallyFile, "utf8").trim().split("\n");
    const sum = (column: number): number =>
      lines.reduce((total, line) => total + Number(line.split(" ")[column] ?? 0), 0);
    process.stdout.write(
      `oracle: ${sum(0)} messages checked in ${lines.length} conversations, ${sum(1)} violations\n`,
    );
  };
}
