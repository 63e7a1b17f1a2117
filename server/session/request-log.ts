// What is remembered of each request: one line in the log, a histogram per method, a trace line for clients that asked.
import { createHistogram } from "../kernel/index.ts";
import type { Histogram, HistogramSummary } from "../kernel/index.ts";
import type { Log } from "../platform/index.ts";
import type { RequestRecord } from "./answering.ts";
import type { ClientCalls } from "./client-calls.ts";

export interface RequestLog {
  answered(record: RequestRecord): void;
  /** A synchronous turn of this length was spent on the method. */
  turn(method: string, turnMs: number): void;
  /** `off`, `messages` or `verbose`, as the client wants it. */
  setTrace(value: string): void;
  latencies(): Readonly<Record<string, HistogramSummary>>;
}

/** A turn of this length is felt as a stutter by every other editor of the daemon. */
const LONG_TURN_MS = 50;

export function createRequestLog(log: Log, calls: ClientCalls): RequestLog {
  const histograms = new Map<string, Histogram>();
  let isTraced = false;

  const turn = (method: string, turnMs: number): void => {
    if (turnMs > LONG_TURN_MS) log.warn({ method, turnMs: round(turnMs) }, "the event loop was held");
  };

  return {
    turn,
    answered(record) {
      const { method, executionClass, queueMs, runMs, turnMs, outcome } = record;
      turn(method, turnMs);
      let histogram = histograms.get(method);
      if (histogram === undefined) histograms.set(method, (histogram = createHistogram()));
      histogram.record(queueMs + runMs);
      log.info(
        { method, class: executionClass, queueMs: round(queueMs), runMs: round(runMs), outcome },
        "request",
      );
      if (!isTraced) return;
      calls.tell("$/logTrace", {
        message: `${method}: ${outcome} after ${round(queueMs + runMs)} ms (${round(queueMs)} ms queued)`,
      });
    },
    setTrace(value) {
      isTraced = value === "messages" || value === "verbose" || value === "compact";
    },
    latencies: () =>
      Object.fromEntries([...histograms].map(([method, histogram]) => [method, histogram.summary()])),
  };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
