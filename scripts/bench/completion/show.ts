// The report of the completion benchmark for people: tables on the terminal, and a page with charts.
import { drawBars } from "../../report/charts.ts";
import type { Bar } from "../../report/charts.ts";
import { htmlPage } from "../../report/page.ts";
import type { PagePart } from "../../report/page.ts";
import { percent, textTable } from "../../report/text-table.ts";
import { percentile } from "../../report/statistics.ts";
import { phaseOf, quietness } from "./figures.ts";
import { QUIET_CORES } from "./foreign-load.ts";
import type { CompletionReport } from "./report-types.ts";
import { phases } from "./trace.ts";
import { judge } from "./verdicts.ts";

interface Table {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function printReport(report: CompletionReport, print: (line: string) => void): void {
  for (const line of introduction(report)) print(line);
  for (const { title, headings, rows } of tables(report)) {
    if (rows.length > 0) print(`\n${title}\n${textTable(headings, rows)}`);
  }
  for (const problem of report.problems) print(`\nnote: ${problem}`);
}

export function renderPage(report: CompletionReport): string {
  const all = tables(report);
  const parts: PagePart[] = introduction(report).map((text) => ({ kind: "text", text }));
  const [verdicts, ...others] = all;
  if (verdicts !== undefined) parts.push(...asParts(verdicts));
  for (const file of new Set(report.traces.map((trace) => trace.file))) {
    parts.push({ kind: "heading", text: `Typing in ${file}` });
    parts.push(
      { kind: "chart", svg: timeChart(report, file) },
      { kind: "chart", svg: tokenChart(report, file) },
    );
  }
  for (const table of others) if (table.rows.length > 0) parts.push(...asParts(table));
  if (report.problems.length > 0) {
    parts.push({ kind: "heading", text: "Notes" });
    parts.push(...report.problems.map((text): PagePart => ({ kind: "text", text })));
  }
  return htmlPage("hearth: completion benchmark", parts);
}

function introduction(report: CompletionReport): readonly string[] {
  const { machine } = report;
  const { samples, loud, most } = quietness(report);
  const quiet =
    samples === 0
      ? "How much other work the machine did is not known here."
      : loud === 0
        ? `The machine was quiet: at most ${most.toFixed(2)} cores of other work in ${samples} samples.`
        : `The machine was NOT quiet: ${loud} of ${samples} samples had more than ${QUIET_CORES} cores of other work (at most ${most.toFixed(2)}). Times are pessimistic; counts of tokens hold.`;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}; ${report.startedAt}, ${report.form} form, ${report.minutes.toFixed(1)} minutes`,
    `${report.model}; ${report.threads} threads for all contestants of the traces, 24 tokens forced`,
    quiet,
  ];
}

function tables(report: CompletionReport): readonly Table[] {
  return [
    {
      title: "What is wanted",
      headings: ["subject", "wanted", "measured", "outcome"],
      rows: judge(report).map(({ subject, wanted, measured, outcome }) => [
        subject,
        wanted,
        measured,
        outcome,
      ]),
    },
    {
      title: "Contestants",
      headings: ["name", "conditions", "MB after"],
      rows: report.contestants.map(({ name, conditions, residentMB }) => [
        name,
        conditions,
        residentMB === undefined ? "?" : String(residentMB),
      ]),
    },
    ...[...new Set(report.traces.map((trace) => trace.file))].map((file) => traceTable(report, file)),
    floorTable(report),
    protocolTable(report),
    pacedTable(report),
    extraTable(report),
  ];
}

/** `p50 / p95 ms (prompt tokens evaluated, tokens generated)`, as in the peers' measurements. */
function traceTable(report: CompletionReport, file: string): Table {
  const traces = report.traces.filter((trace) => trace.file === file);
  const rows = phases.map((phase) => [
    phase,
    ...traces.map((trace) => {
      if (phase === "typing, not waiting") {
        const { open } = trace;
        if (open === undefined) return "–";
        const last = open.lastAnswerMs === undefined ? "none" : `${open.lastAnswerMs.toFixed(0)} ms`;
        return `last ${last}; ${open.answeredBeforeNext}/${open.keys} before the next`;
      }
      const figures = phaseOf(trace, phase);
      if (figures === undefined) return "–";
      const { ms, samples } = figures;
      const evaluated = percentile(
        samples.map(({ reply }) => reply.evaluated),
        0.5,
      );
      const generated = percentile(
        samples.map(({ reply }) => reply.generated),
        0.5,
      );
      const times =
        ms.length === 1
          ? (ms[0] ?? 0).toFixed(0)
          : `${percentile(ms, 0.5).toFixed(0)} / ${percentile(ms, 0.95).toFixed(0)}`;
      return `${times} (${evaluated}, ${generated})`;
    }),
  ]);
  return {
    title: `${file}: p50 / p95 ms (prompt tokens evaluated, generated)`,
    headings: ["phase", ...traces.map((trace) => trace.contestant)],
    rows,
  };
}

function floorTable({ floors, neighbour }: CompletionReport): Table {
  const beside = neighbour?.oneThreadFloor;
  const all = [
    ...floors.map((floor) => ({ ...floor, where: "alone" })),
    ...(beside === undefined ? [] : [{ ...beside, where: "beside a busy process" }]),
  ];
  return {
    title: "The floor: one prompt token and 24 greedy tokens, nothing of hearth",
    headings: ["file", "where", "threads", "tokens held", "p50 ms", "p95 ms", "other cores"],
    rows: all.map(({ file, where, threads, depth, answerMs, foreignCores }) => [
      file,
      where,
      String(threads),
      String(depth),
      percentile(answerMs, 0.5).toFixed(0),
      percentile(answerMs, 0.95).toFixed(0),
      cores(foreignCores),
    ]),
  };
}

function protocolTable({ typed }: CompletionReport): Table {
  return {
    title: "Through the protocol, daemon mode, one key at a time",
    headings: [
      "file",
      "keys",
      "first item p50 / p95 ms",
      "model item p50 / p95 ms",
      "model shown",
      "right item",
      "without the model",
      "evaluated p50 / p95 / most",
      "reused p50",
      "generated p50",
      "other cores",
    ],
    rows: typed.map(({ file, language, keys }) => [
      `${file} (${language})`,
      String(keys.length),
      pair(keys.flatMap(({ firstItemMs }) => firstItemMs ?? [])),
      pair(keys.flatMap(({ modelItemMs }) => modelItemMs ?? [])),
      String(keys.filter(({ modelItemMs }) => modelItemMs !== undefined).length),
      String(keys.filter(({ isRight }) => isRight).length),
      percent(keys.filter(({ modelRequests }) => modelRequests === 0).length / Math.max(1, keys.length)),
      [0.5, 0.95, 1]
        .map((share) =>
          percentile(
            keys.map(({ evaluated }) => evaluated),
            share,
          ),
        )
        .join(" / "),
      String(
        percentile(
          keys.map(({ reused }) => reused),
          0.5,
        ),
      ),
      String(
        percentile(
          keys.map(({ generated }) => generated),
          0.5,
        ),
      ),
      cores(
        percentile(
          keys.flatMap(({ foreignCores }) => foreignCores ?? []),
          0.5,
        ),
      ),
    ]),
  };
}

function pacedTable({ paced }: CompletionReport): Table {
  return {
    title: "Through the protocol, keys at a pace, each cancelling the one before",
    headings: [
      "file",
      "every ms",
      "keys",
      "an item",
      "a right one",
      "the model's",
      "last key: model's answer",
      "other cores",
    ],
    rows: paced.map((one) => [
      one.file,
      String(one.paceMs),
      String(one.keys),
      String(one.usefulBeforeNext),
      String(one.rightBeforeNext),
      String(one.modelBeforeNext),
      `${one.lastModelAnswerMs.toFixed(0)} ms`,
      cores(one.foreignCores),
    ]),
  };
}

function extraTable({ neighbour, twoEditors, longTrace, alternating, many }: CompletionReport): Table {
  const rows: string[][] = [];
  for (const { contestant, documents, keys } of [...alternating, ...(many === undefined ? [] : [many])]) {
    const tokens = keys.map(({ reply }) => reply.evaluated);
    const times = keys.map(({ ms }) => ms);
    rows.push([
      `${documents} documents in turn, ${contestant}`,
      `${percentile(tokens, 0.5)} tokens a key (most ${Math.max(0, ...tokens)}), ${pair(times)} ms`,
    ]);
  }
  if (neighbour !== undefined) {
    const { quietMs, busyMs, afterMs, generated } = neighbour;
    rows.push([
      `24 tokens before, beside and after a busy process (p50)`,
      `${[quietMs, busyMs, afterMs].map((times) => percentile(times, 0.5).toFixed(0)).join(" / ")} ms, ${generated} tokens`,
    ]);
  }
  if (twoEditors !== undefined) {
    const { oneMB, twoMB } = twoEditors;
    rows.push([`daemon with one editor's document, with two`, `${oneMB ?? "?"} / ${twoMB ?? "?"} MB`]);
  }
  if (longTrace !== undefined) {
    const { keys, modelRequests, evaluated, generated, usefulBeforeNext, modelBeforeNext } = longTrace;
    const { accepted, acceptedCharacters, typedCharacters } = longTrace;
    rows.push([
      `trace of ${keys} keys at 150 ms`,
      `${usefulBeforeNext} with an item before the next key, ${modelBeforeNext} with the model's; ${modelRequests} completions, ${evaluated} tokens read, ${generated} written`,
    ]);
    rows.push([
      "accepted in it",
      `${accepted} times, ${acceptedCharacters} characters; ${typedCharacters} typed`,
    ]);
  }
  return { title: "More", headings: ["what", "figures"], rows };
}

function timeChart(report: CompletionReport, file: string): string {
  const bars = report.traces
    .filter((trace) => trace.file === file)
    .flatMap((trace): Bar[] => {
      const figures = phaseOf(trace, "typing");
      if (figures === undefined) return [];
      const [value, high] = [percentile(figures.ms, 0.5), percentile(figures.ms, 0.95)];
      return [{ label: trace.contestant, value, high, note: `${value.toFixed(0)} / ${high.toFixed(0)} ms` }];
    });
  const floor = report.floors.find((one) => one.file === file);
  if (floor !== undefined) {
    bars.push({ label: "floor at hearth's depth", value: percentile(floor.answerMs, 0.5), series: 4 });
  }
  return drawBars({ title: `${file}: one typed character to 24 tokens, p50 and p95`, unit: "ms", bars });
}

function tokenChart(report: CompletionReport, file: string): string {
  const shown = ["typing", "Enter", "40 lines down", "back", "line inserted above"] as const;
  const traces = report.traces.filter((trace) => trace.file === file);
  const bars = shown.flatMap((phase) =>
    traces.flatMap((trace, index): Bar[] => {
      const figures = phaseOf(trace, phase);
      if (figures === undefined) return [];
      const value = percentile(
        figures.samples.map(({ reply }) => reply.evaluated),
        0.5,
      );
      return [{ label: index === 0 ? phase : "", value, series: index, note: String(value) }];
    }),
  );
  const series = traces.map(({ contestant }) => contestant);
  return drawBars({ title: `${file}: prompt tokens evaluated`, unit: "tokens", bars, series });
}

function asParts({ title, headings, rows }: Table): PagePart[] {
  return [
    { kind: "heading", text: title },
    { kind: "table", headings, rows },
  ];
}

function pair(values: readonly number[]): string {
  if (values.length === 0) return "–";
  return `${percentile(values, 0.5).toFixed(0)} / ${percentile(values, 0.95).toFixed(0)}`;
}

function cores(foreign: number | undefined): string {
  return foreign === undefined ? "?" : foreign.toFixed(2);
}
