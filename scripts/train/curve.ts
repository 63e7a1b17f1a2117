// The curves of one or more trainings as a page: node dist/scripts/train/curve.js RUN/log.jsonl … > curve.html
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { drawPoints } from "../report/charts.ts";
import type { Point, PointChart } from "../report/charts.ts";
import { htmlPage } from "../report/page.ts";

/** A line of train.py's log. */
interface LogRow {
  readonly tokens: number;
  readonly loss?: number;
  readonly validation?: Readonly<
    Record<string, { readonly bitsPerCharacter: number; readonly exact?: number }>
  >;
}

interface Run {
  readonly name: string;
  readonly rows: readonly LogRow[];
}

/** Single steps are noisy: the training loss is the mean of so many parts of the run. */
const PARTS = 100;
const MILLION = 1e6;

const runs = process.argv.slice(2).map((file): Run => ({
  name: basename(dirname(file)),
  rows: readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as LogRow),
}));

function chart(title: string, yLabel: string, pointsOf: (run: Run) => readonly Point[]): string {
  const series = runs.map((run) => ({ name: run.name, points: pointsOf(run), isLine: true }));
  const all = series.flatMap(({ points }) => points);
  const most = (values: readonly number[]): number => Math.max(Number.MIN_VALUE, ...values);
  const drawn: PointChart = {
    title,
    xLabel: "million tokens",
    yLabel,
    xMost: most(all.map(({ x }) => x)),
    yMost: most(all.map(({ y }) => y)),
    series,
  };
  return drawPoints(drawn);
}

function trainingLoss({ rows }: Run): readonly Point[] {
  const steps = rows.filter((row) => row.loss !== undefined);
  const size = Math.max(1, Math.ceil(steps.length / PARTS));
  return Array.from({ length: Math.ceil(steps.length / size) }, (_, part) => {
    const own = steps.slice(part * size, (part + 1) * size);
    const y = own.reduce((sum, { loss = 0 }) => sum + loss, 0) / own.length;
    return { x: (own.at(-1)?.tokens ?? 0) / MILLION, y };
  });
}

function validation(kind: string, value: "bitsPerCharacter" | "exact"): (run: Run) => readonly Point[] {
  return ({ rows }) =>
    rows.flatMap(({ tokens, validation: found }) => {
      const y = found?.[kind]?.[value];
      return y === undefined ? [] : [{ x: tokens / MILLION, y }];
    });
}

const charts = [
  chart("Training loss", "nats per token", trainingLoss),
  chart("Validation packages, plain text", "bits per character", validation("plain", "bitsPerCharacter")),
  chart("Validation packages, rest of a line", "bits per character", validation("rest", "bitsPerCharacter")),
  chart("Validation packages, rest of a line", "exact", validation("rest", "exact")),
];
process.stdout.write(
  htmlPage(
    "hearth: training",
    charts.map((svg) => ({ kind: "chart", svg })),
  ),
);
