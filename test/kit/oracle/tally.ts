// How many messages the oracle has checked in this run of the tests, written down so that all processes' counts can be added up.
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Oracle } from "./oracle.ts";

/** One line per finished conversation: messages checked, violations found. */
export const tallyFile: string = join(
  fileURLToPath(new URL("../../../", import.meta.url)),
  ".cache",
  "oracle-tally.txt",
);

export function recordTally(oracle: Oracle): void {
  mkdirSync(join(tallyFile, ".."), { recursive: true });
  appendFileSync(tallyFile, `${oracle.messagesChecked} ${oracle.violations.length}\n`);
}
