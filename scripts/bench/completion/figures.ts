// Figures that are read out of a report in more than one place.
import { percent } from "../../report/text-table.ts";
import { percentile } from "../../report/statistics.ts";
import { QUIET_CORES } from "./foreign-load.ts";
import type { AtOnce, LongTrace, TwoEditors } from "./protocol-parts.ts";
import type { AskedKey } from "./protocol-typing.ts";
import type { CompletionReport } from "./report-types.ts";
import type { Phase, Sample, TraceResult } from "./trace.ts";

export interface PhaseFigures {
  readonly samples: readonly Sample[];
  readonly ms: readonly number[];
  readonly firstTokenMs: readonly number[];
  /** Prompt tokens held, in the middle of the samples. */
  readonly depth: number;
}

export function traceOf(report: CompletionReport, contestant: string, file: string): TraceResult | undefined {
  return report.traces.find((trace) => trace.contestant === contestant && trace.file === file);
}

export function phaseOf(trace: TraceResult | undefined, phase: Phase): PhaseFigures | undefined {
  const samples = trace?.samples.filter((sample) => sample.phase === phase) ?? [];
  if (samples.length === 0) return undefined;
  return {
    samples,
    ms: samples.map(({ ms }) => ms),
    firstTokenMs: samples.map(({ ms, reply }) => reply.firstTokenMs ?? ms),
    depth: percentile(
      samples.map(({ reply }) => reply.evaluated + (reply.reused ?? 0)),
      0.5,
    ),
  };
}

/** Typed characters for which the model had to work, expected or not. */
export function workedTyping(trace: TraceResult | undefined): readonly Sample[] {
  return (trace?.samples ?? []).filter(
    ({ phase, reply }) => (phase === "typing" || phase === "typing the unexpected") && reply.evaluated > 0,
  );
}

/**
 * Milliseconds per generated token in the middle of the samples for which the model had to work: answers that ended early
 * compare fairly, and answers that were remembered do not count.
 */
export function perToken(trace: TraceResult | undefined): number | undefined {
  const times = workedTyping(trace).flatMap(({ ms, reply }) =>
    reply.generated > 0 ? [ms / reply.generated] : [],
  );
  return times.length === 0 ? undefined : percentile(times, 0.5);
}

export function floorOf(report: CompletionReport, file: string): number | undefined {
  const floor = report.floors.find((one) => one.file === file);
  return floor === undefined ? undefined : percentile(floor.answerMs, 0.5) / 24;
}

/** Per typed key; what keys that needed no model left undone is caught up by the next request and shared among them. */
export function protocolTokens(report: CompletionReport): readonly number[] {
  return report.typed.flatMap(({ keys }) => {
    let waiting = 0;
    return keys.flatMap((key) => {
      waiting += 1;
      if (key.modelRequests === 0) return [];
      const share = key.evaluated / waiting;
      const shares = Array.from({ length: waiting }, () => share);
      waiting = 0;
      return shares;
    });
  });
}

export function alternatingTokens(report: CompletionReport, contestant: string): readonly number[] {
  const found = report.alternating.find((one) => one.contestant === contestant);
  return found?.keys.map(({ reply }) => reply.evaluated) ?? [];
}

export function residentGrowth(pair: TwoEditors | undefined): number | undefined {
  return pair?.oneMB === undefined || pair.twoMB === undefined ? undefined : pair.twoMB - pair.oneMB;
}

/** p95 beside another editor over p95 alone, for the same keys in a document that was as new. */
export function slowdown(
  { alone, together }: AtOnce["seats"][number],
  figure: "firstItemMs" | "modelAnswerMs",
): number {
  const p95 = (keys: readonly AskedKey[]): number =>
    percentile(
      keys.flatMap((key) => key[figure] ?? []),
      0.95,
    );
  return p95(together) / Math.max(1, p95(alone));
}

export function describeSeats(atOnce: AtOnce | undefined, figure: "firstItemMs" | "modelAnswerMs"): string {
  const p95 = (keys: readonly AskedKey[]): string =>
    percentile(
      keys.flatMap((key) => key[figure] ?? []),
      0.95,
    ).toFixed(0);
  return (atOnce?.seats ?? [])
    .map(
      ({ files, alone, together }) =>
        `${files}, ${alone.length} keys: ${p95(alone)} alone, ${p95(together)} ms together`,
    )
    .join("; ");
}

export function lineTotalsShares(
  trace: LongTrace | undefined,
): { readonly withoutModel: string; readonly kept: string } | undefined {
  if (trace === undefined) return undefined;
  const { cache, kept, asked, unanswered, partial, ahead } = trace.totals;
  const answered = cache + kept + asked;
  if (answered === 0) return undefined;
  const of = `of ${answered} answers; ${unanswered} questions superseded or cancelled, ${partial} shown in part, ${ahead} worked out ahead`;
  return {
    withoutModel: `${percent(cache / answered)} (${cache} ${of})`,
    kept: `${percent(kept / answered)} (${kept} ${of})`,
  };
}

/** How quiet it was: every sample whose foreign load is known. */
export function quietness(report: CompletionReport): {
  readonly samples: number;
  readonly loud: number;
  readonly most: number;
} {
  const loads = [
    ...report.traces.flatMap(({ samples, open }) => [...samples, ...(open === undefined ? [] : [open])]),
    ...report.typed.flatMap(({ keys }) => keys),
    ...report.paced,
    ...report.floors,
    ...report.alternating,
    ...[report.cancel, report.many, report.menuWork, report.twoEditors, report.longTrace].filter(
      (part) => part !== undefined,
    ),
  ].flatMap(({ foreignCores }) => foreignCores ?? []);
  return {
    samples: loads.length,
    loud: loads.filter((cores) => cores > QUIET_CORES).length,
    most: Math.max(0, ...loads),
  };
}
