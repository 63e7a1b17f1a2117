// Charts as SVG text: colours come from the page's style, so they are readable in light and dark; every text is escaped.

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Whiskers: an interval, or a p95 above a p50. */
  readonly low?: number;
  readonly high?: number;
  /** Which colour of the series; 0 when there is one series. */
  readonly series?: number;
  /** Shown at the bar's end; the value when absent. */
  readonly note?: string;
}

export interface BarChart {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly Bar[];
  /** Names of the series, for the legend; none without. */
  readonly series?: readonly string[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
  readonly note?: string;
}

export interface PointChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** The largest value of each axis; both begin at 0. */
  readonly xMost: number;
  readonly yMost: number;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly Point[];
    readonly isLine: boolean;
  }[];
  /** A thin line from corner to corner: where a calibrated model would lie. */
  readonly hasDiagonal?: boolean;
  /** A dashed upright line, such as the gate. */
  readonly mark?: { readonly x: number; readonly label: string };
}

const WIDTH = 760;
const LABEL_WIDTH = 250;
const NOTE_WIDTH = 170;
const ROW = 22;

/** One row per bar, from left to right. */
export function drawBars({ title, unit, bars: given, series = [] }: BarChart): string {
  const bars = given.filter((bar) => Number.isFinite(bar.value));
  const most = Math.max(Number.MIN_VALUE, ...bars.map((bar) => Math.max(bar.value, bar.high ?? 0)));
  const scale = (value: number): number => (Math.max(0, value) / most) * (WIDTH - LABEL_WIDTH - NOTE_WIDTH);
  const top = series.length > 0 ? 54 : 34;
  const rows = bars.map((bar, index) => {
    const y = top + index * ROW;
    const end = Math.max(scale(bar.value), bar.high === undefined ? 0 : scale(bar.high));
    const note = bar.note ?? `${roughly(bar.value)} ${unit}`;
    return [
      text(LABEL_WIDTH - 8, y + 13, bar.label, "end"),
      `<rect class="s${(bar.series ?? 0) % 5}" x="${LABEL_WIDTH}" y="${y + 2}" width="${fixed(scale(bar.value))}" height="${ROW - 7}" rx="2"/>`,
      bar.high === undefined
        ? ""
        : line(
            LABEL_WIDTH + scale(bar.low ?? bar.value),
            y + 9.5,
            LABEL_WIDTH + scale(bar.high),
            y + 9.5,
            "whisker",
          ),
      text(LABEL_WIDTH + end + 6, y + 13, note, "start"),
    ].join("");
  });
  return svg(top + bars.length * ROW + 8, title, [heading(title), legend(series), ...rows]);
}

export function drawPoints(chart: PointChart): string {
  const [left, top, width, height] = [60, 40, 520, 340];
  const x = (value: number): number => left + (Math.min(value, chart.xMost) / chart.xMost) * width;
  const y = (value: number): number => top + height - (Math.min(value, chart.yMost) / chart.yMost) * height;
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((share) => [
    line(x(0), y(share * chart.yMost), x(chart.xMost), y(share * chart.yMost), "grid"),
    text(left - 6, y(share * chart.yMost) + 4, roughly(share * chart.yMost), "end"),
    text(x(share * chart.xMost), top + height + 16, roughly(share * chart.xMost), "middle"),
  ]);
  const series = chart.series.flatMap(({ points, isLine }, index) => {
    const path = points.map((point) => `${fixed(x(point.x))},${fixed(y(point.y))}`).join(" ");
    return [
      isLine ? `<polyline class="l${index % 5}" points="${path}"/>` : "",
      ...points.map((point) =>
        [
          point.high === undefined
            ? ""
            : line(x(point.x), y(point.low ?? point.y), x(point.x), y(point.high), "whisker"),
          isLine
            ? ""
            : `<circle class="s${index % 5}" cx="${fixed(x(point.x))}" cy="${fixed(y(point.y))}" r="5"/>`,
          point.note === undefined ? "" : text(x(point.x) + 8, y(point.y) - 6, point.note, "start"),
        ].join(""),
      ),
    ];
  });
  const names = chart.series.map((one, index) =>
    [
      `<rect class="s${index % 5}" x="${left + width + 16}" y="${top + index * 20}" width="12" height="12" rx="2"/>`,
      text(left + width + 34, top + 10 + index * 20, one.name, "start"),
    ].join(""),
  );
  return svg(top + height + 46, chart.title, [
    heading(chart.title),
    ...ticks,
    chart.hasDiagonal === true ? line(x(0), y(0), x(chart.xMost), y(chart.yMost), "diagonal") : "",
    chart.mark === undefined
      ? ""
      : line(x(chart.mark.x), y(0), x(chart.mark.x), y(chart.yMost), "mark") +
        text(x(chart.mark.x) + 4, top + 12, chart.mark.label, "start"),
    ...series,
    ...names,
    text(left + width / 2, top + height + 36, chart.xLabel, "middle"),
    text(left - 44, top - 8, chart.yLabel, "start"),
  ]);
}

export function escapeText(value: string): string {
  return (
    value
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;")
      // Control characters are not allowed in a document of this kind, escaped or not.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd")
  );
}

function svg(height: number, title: string, parts: readonly string[]): string {
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeText(title)}">${parts.join("")}</svg>`;
}

function heading(title: string): string {
  return `<text class="title" x="0" y="16">${escapeText(title)}</text>`;
}

function legend(series: readonly string[]): string {
  let at = LABEL_WIDTH;
  return series
    .map((name, index) => {
      const part = `<rect class="s${index % 5}" x="${at}" y="28" width="12" height="12" rx="2"/>${text(at + 18, 38, name, "start")}`;
      at += 40 + name.length * 7;
      return part;
    })
    .join("");
}

function text(x: number, y: number, value: string, anchor: "start" | "middle" | "end"): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}">${escapeText(value)}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, name: string): string {
  return `<line class="${name}" x1="${fixed(x1)}" y1="${fixed(y1)}" x2="${fixed(x2)}" y2="${fixed(y2)}"/>`;
}

function fixed(value: number): string {
  return Number.isFinite(value) ? value.toFixed(1) : "0";
}

function roughly(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2).replace(/\.?0+$/, "");
}
