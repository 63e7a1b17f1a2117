// The evaluation for people: tables on the terminal, and a page with charts.
import { drawBars, drawPoints } from "../report/charts.ts";
import { htmlPage } from "../report/page.ts";
import type { PagePart } from "../report/page.ts";
import { interval, percent, textTable } from "../report/text-table.ts";
import type { KindSummary } from "./summary.ts";
import type { EvaluationReport } from "./run.ts";

interface Table {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const kindNames = { rest: "rest of the line", line: "whole line", identifier: "name" } as const;

export function printEvaluation(report: EvaluationReport, print: (line: string) => void): void {
  for (const line of introduction(report)) print(line);
  for (const { title, headings, rows } of tables(report)) print(`\n${title}\n${textTable(headings, rows)}`);
  for (const problem of report.problems) print(`\nnote: ${problem}`);
}

export function renderEvaluation(report: EvaluationReport): string {
  const { summary } = report;
  const [languages, parts, ranks, gate] = tables(report);
  const section = (table: Table | undefined, charts: readonly string[]): PagePart[] =>
    table === undefined
      ? []
      : [
          { kind: "heading", text: table.title },
          ...charts.map((svg): PagePart => ({ kind: "chart", svg })),
          { kind: "table", headings: table.headings, rows: table.rows },
        ];
  return htmlPage("hearth: completion evaluation", [
    ...introduction(report).map((text): PagePart => ({ kind: "text", text })),
    ...section(languages, [exactChart(summary.byLanguage)]),
    ...section(parts, [partsChart(report)]),
    ...section(ranks, [ranksChart(report)]),
    ...section(gate, [reliabilityChart(report), gateChart(report)]),
    ...report.problems.map((text): PagePart => ({ kind: "text", text: `Note: ${text}` })),
  ]);
}

function introduction({ model, summary, corpus, seed, minutes, foreignNote }: EvaluationReport): string[] {
  return [
    `${model}; ${summary.lines} masked lines of ${corpus.files} files in ${corpus.packages} packages, ${summary.places} places, seed ${seed}; ${summary.promptTokens} tokens of prompt (p50); ${minutes.toFixed(1)} minutes`,
    "The masked text stands nowhere in what the server saw. Intervals are 95 %: Wilson for shares, bootstrap for means and differences.",
    foreignNote,
  ];
}

function tables({ summary }: EvaluationReport): readonly Table[] {
  return [
    {
      title: `By language, all parts on, gate ${summary.gate}`,
      headings: [
        "asked for",
        "language",
        "n",
        "exact match",
        "edit similarity",
        "shown at the gate",
        "exact among shown",
      ],
      rows: summary.byLanguage.map((row) => [
        kindNames[row.kind],
        row.language,
        String(row.n),
        interval(row.exact),
        interval(row.similarity),
        interval(row.shown),
        row.precision.n === 0 ? "none shown" : interval(row.precision),
      ]),
    },
    {
      title: "Each part switched off in turn (rest of the line, all languages)",
      headings: [
        "variant",
        "n",
        "exact match",
        "edit similarity",
        "shown",
        "exact among shown",
        "shown and exact",
        "difference to all on",
      ],
      rows: summary.byVariant.map((row) => [
        row.name,
        String(row.n),
        interval(row.exact),
        interval(row.similarity),
        interval(row.shown),
        row.precision.n === 0 ? "none shown" : interval(row.precision),
        interval(row.useful),
        row.difference === undefined ? "–" : interval(row.difference),
      ]),
    },
    {
      title: "The right name in the menu, one or two letters typed",
      headings: [
        "language",
        "model scores names",
        "n",
        "in the menu",
        "first",
        "among five",
        "MRR of names that can be known",
        "of them",
      ],
      rows: summary.ranks.map((row) => [
        row.language,
        row.variant === "all" ? "on" : "off",
        String(row.n),
        interval(row.inMenu),
        interval(row.first),
        interval(row.firstFive),
        `${row.mrr.value.toFixed(3)} [${row.mrr.low.toFixed(3)}, ${row.mrr.high.toFixed(3)}]`,
        String(row.knowable),
      ]),
    },
    {
      title: "Calibration and the gate (rest of the line and whole lines)",
      headings: ["what", "figure"],
      rows: gateRows(summary),
    },
  ];
}

function gateRows({ bins, calibrationError, chosen, curve, gate }: EvaluationReport["summary"]): string[][] {
  const rows = bins.map(({ from, to, meanProbability, exact }) => [
    `sure ${from.toFixed(1)} to ${to.toFixed(1)} (mean ${meanProbability.toFixed(2)})`,
    `${interval(exact)} exact, n ${exact.n}`,
  ]);
  rows.push(["expected calibration error", calibrationError.toFixed(3)]);
  for (const one of curve.filter((at) => [0.5, 0.6, 0.7, 0.8, 0.9, gate].includes(at.gate))) {
    rows.push([`at a gate of ${one.gate}`, `shown ${interval(one.shown)}, exact ${interval(one.precision)}`]);
  }
  if (chosen === undefined) return [...rows, ["chosen gate", "too few samples to choose one"]];
  const { isReached, target, chosenOn, heldOut } = chosen;
  return [
    ...rows,
    [
      `chosen gate for a precision of ${percent(target)}`,
      `${chosen.gate}${isReached ? "" : " (the target is not reached: the best lower bound)"}`,
    ],
    [
      "on the files it was chosen on",
      `shown ${interval(chosenOn.shown)}, exact ${interval(chosenOn.precision)}`,
    ],
    ["on the other files", `shown ${interval(heldOut.shown)}, exact ${interval(heldOut.precision)}`],
  ];
}

function exactChart(rows: readonly KindSummary[]): string {
  const kinds = ["rest", "line", "identifier"] as const;
  return drawBars({
    title: "Exact match by language, with 95 % intervals",
    unit: "%",
    series: kinds.map((kind) => kindNames[kind]),
    bars: kinds.flatMap((kind, series) =>
      rows
        .filter((row) => row.kind === kind && row.n > 0)
        .map(({ language, exact }) => ({
          label: `${language}, ${kindNames[kind]}`,
          value: exact.value * 100,
          low: exact.low * 100,
          high: exact.high * 100,
          series,
          note: interval(exact),
        })),
    ),
  });
}

function partsChart({ summary }: EvaluationReport): string {
  return drawBars({
    title: "Shown and exact, shown and wrong: share of all places",
    unit: "%",
    series: ["shown and exact", "shown and wrong"],
    bars: summary.byVariant.flatMap(({ name, useful, shown }) => [
      {
        label: name,
        value: useful.value * 100,
        low: useful.low * 100,
        high: useful.high * 100,
        series: 0,
        note: interval(useful),
      },
      { label: "", value: (shown.value - useful.value) * 100, series: 1 },
    ]),
  });
}

function ranksChart({ summary }: EvaluationReport): string {
  return drawBars({
    title: "The right name first in the menu",
    unit: "%",
    series: ["the model scores names", "it does not"],
    bars: [...new Set(summary.ranks.map(({ language }) => language))].flatMap((language) =>
      summary.ranks
        .filter((row) => row.language === language && row.n > 0)
        .map(({ variant, first }) => ({
          label: variant === "all" ? language : "",
          value: first.value * 100,
          low: first.low * 100,
          high: first.high * 100,
          series: variant === "all" ? 0 : 1,
          note: interval(first),
        })),
    ),
  });
}

function reliabilityChart({ summary }: EvaluationReport): string {
  return drawPoints({
    title: "Calibration: how sure the model was, and how often it was right",
    xLabel: "mean probability of the answer's tokens",
    yLabel: "share of exact answers",
    xMost: 1,
    yMost: 1,
    hasDiagonal: true,
    mark: { x: summary.gate, label: `gate ${summary.gate}` },
    series: [
      {
        name: "bins",
        isLine: false,
        points: summary.bins.map(({ meanProbability, exact }) => ({
          x: meanProbability,
          y: exact.value,
          low: exact.low,
          high: exact.high,
          note: `n ${exact.n}`,
        })),
      },
    ],
  });
}

function gateChart({ summary }: EvaluationReport): string {
  const shown = summary.curve.map((at) => ({ x: at.gate, y: at.shown.value }));
  const precision = summary.curve
    .filter((at) => at.precision.n > 0)
    .map((at) => ({ x: at.gate, y: at.precision.value }));
  const chosen = summary.chosen;
  return drawPoints({
    title: "What a gate shows, and how much of it is right",
    xLabel: "gate",
    yLabel: "share",
    xMost: 1,
    yMost: 1,
    ...(chosen === undefined ? {} : { mark: { x: chosen.gate, label: `chosen ${chosen.gate}` } }),
    series: [
      { name: "shown", isLine: true, points: shown },
      { name: "exact among shown", isLine: true, points: precision },
    ],
  });
}
