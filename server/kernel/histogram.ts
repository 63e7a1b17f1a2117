// Durations counted in logarithmic buckets: constant memory, percentiles good to about 10 %.

export interface HistogramSummary {
  readonly count: number;
  /** All in milliseconds; 0 when nothing was recorded. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface Histogram {
  record(durationMs: number): void;
  summary(): HistogramSummary;
}

const SMALLEST_MS = 0.01;
const GROWTH = 1.1;
const BUCKETS = 220; // reaches 0.01 ms * 1.1^220, about three and a half hours

export function createHistogram(): Histogram {
  const counts = new Uint32Array(BUCKETS);
  let count = 0;
  let maxMs = 0;

  const percentile = (share: number): number => {
    if (count === 0) return 0;
    const wanted = Math.ceil(count * share);
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += counts[bucket] ?? 0;
      if (seen >= wanted) return Math.min(maxMs, SMALLEST_MS * GROWTH ** (bucket + 1));
    }
    return maxMs;
  };

  return {
    record(durationMs) {
      const steps = Math.floor(Math.log(Math.max(durationMs, SMALLEST_MS) / SMALLEST_MS) / Math.log(GROWTH));
      const bucket = Math.min(BUCKETS - 1, steps);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      count += 1;
      maxMs = Math.max(maxMs, durationMs);
    },
    summary: () => ({
      count,
      p50Ms: percentile(0.5),
      p95Ms: percentile(0.95),
      p99Ms: percentile(0.99),
      maxMs,
    }),
  };
}
