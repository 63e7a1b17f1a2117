// The holes for people: a table of one model by language, and one of all models that were asked the same.
import { interval, textTable } from "../../report/text-table.ts";
import { ALL } from "./judge.ts";
import type { HoleSummary } from "./judge.ts";
import type { HolesReport } from "./run-holes.ts";
import type { HoleKind } from "./sample-holes.ts";

const kindNames: Readonly<Record<HoleKind, string>> = {
  rest: "rest of the line",
  line: "whole line",
  block: "block",
};

const HEADINGS = [
  "n",
  "exact match",
  "edit similarity",
  "empty",
  "right stop",
  "shown at the gate",
  "exact among shown",
  "exact among the surest 30 %",
  "ms (p50)",
];

export function printHoles(
  report: HolesReport,
  comparable: readonly HolesReport[],
  print: (line: string) => void,
): void {
  const { corpus, summary } = report;
  print(
    `${report.model}; ${report.holes} holes of ${corpus.files} files in ${corpus.packages} held-out packages (${corpus.file}); ${summary[0]?.promptTokens ?? 0} tokens of prompt (p50); greedy; gate ${report.gate}`,
  );
  const rows = summary.map((row) => [kindNames[row.kind], row.language, ...cells(row)]);
  print(`\n${textTable(["asked for", "language", ...HEADINGS], rows)}`);
  const others = comparable.flatMap((one) =>
    one.summary
      .filter(({ language }) => language === ALL)
      .map((row) => [kindNames[row.kind], one.model, ...cells(row)]),
  );
  others.sort(
    (a, b) => Object.values(kindNames).indexOf(a[0] ?? "") - Object.values(kindNames).indexOf(b[0] ?? ""),
  );
  print(`\n${textTable(["asked for", "model", ...HEADINGS], others)}`);
  for (const problem of report.problems) print(`\nnote: ${problem}`);
}

function cells(row: HoleSummary): readonly string[] {
  return [
    String(row.n),
    interval(row.exact),
    interval(row.similarity),
    interval(row.empty),
    interval(row.rightStop),
    interval(row.shown),
    row.precisionAtGate.n === 0 ? "none shown" : interval(row.precisionAtGate),
    interval(row.precisionConfident),
    row.ms.toFixed(0),
  ];
}
