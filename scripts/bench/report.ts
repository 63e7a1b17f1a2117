// The benchmark's report as a table for people.
import type { LoadReport } from "./load.ts";
import type { MachineNote } from "./machine.ts";
import type { Summary } from "./sample.ts";
import type { StartupReport } from "./startup.ts";
import type { TypingReport } from "./typing.ts";

export interface BenchReport {
  readonly machine: MachineNote;
  readonly model: string;
  readonly hasModel: boolean;
  readonly startup: StartupReport;
  readonly load: LoadReport;
  readonly typing: readonly TypingReport[];
  readonly daemonWithModelMB: number | undefined;
}

export function printReport(report: BenchReport, print: (line: string) => void): void {
  const { machine, startup, load } = report;
  const row = (name: string, summary: Summary, unit: string): void => {
    const cells = [summary.p50, summary.p95, summary.p99, summary.max].map((value) =>
      String(value).padStart(9),
    );
    print(`  ${name.padEnd(44)}${cells.join("")} ${unit} (n ${summary.n})`);
  };
  print(
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, load before ${machine.loadBefore}`,
  );
  print(report.model);
  print(`\n  ${"".padEnd(44)}${["p50", "p95", "p99", "max"].map((name) => name.padStart(9)).join("")}`);
  print("start-up, to the answer of initialize");
  row("no daemon yet", startup.coldDaemonMs, "ms");
  row("daemon runs", startup.warmDaemonMs, "ms");
  for (const typing of report.typing) {
    print(`typing: ${typing.recording} (${typing.description})`);
    row("completion, at the recorded pace", typing.paced.completionMs, "ms");
    row("documentSymbol between the keys", typing.paced.symbolsMs, "ms");
    row("completion, key by key", typing.stepped.completionMs, "ms");
    row("prompt tokens evaluated per request", typing.stepped.evaluatedPerRequest, "tokens");
    row("prompt tokens evaluated per typed key", typing.stepped.evaluatedPerTypedKey, "tokens");
    row("prompt tokens reused per request", typing.stepped.reusedPerTypedKey, "tokens");
    row("prompt tokens evaluated per Enter", typing.stepped.evaluatedPerEnter, "tokens");
    print(
      `  answered before the next key: ${percent(typing.paced.answered)}, with the model's line: ${percent(typing.paced.answeredWithModelLine)}; ` +
        `key by key without asking the model: ${percent(typing.stepped.answeredWithoutModel)}`,
    );
  }
  print("load (documents of Python; ms to the answer of documentSymbol)");
  print(`  2,000 edits and an answer               ${load.twoThousandEditsMs} ms`);
  print(`  200 documents                           ${load.twoHundredDocumentsMs} ms`);
  print(`  100 cancelled completions               ${load.hundredCancelledMs} ms`);
  print(
    `  5 MB file: open, 10 edits               ${load.fiveMegabytes.openMs}, ${load.fiveMegabytes.editMs} ms; daemon grew by ${load.fiveMegabytes.grownMB} MB`,
  );
  print(
    `  1 MB line: open, 10 edits               ${load.oneMegabyteLine.openMs}, ${load.oneMegabyteLine.editMs} ms`,
  );
  print("memory, resident");
  print(`  forwarder                               ${startup.forwarderMB ?? "?"} MB`);
  print(`  daemon, no model                        ${startup.daemonWithoutModelMB ?? "?"} MB`);
  print(`  daemon, after the typing sessions       ${report.daemonWithModelMB ?? "?"} MB`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
