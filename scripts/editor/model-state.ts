// What the daemon says of its model, for scripts.
import { askStatus } from "../../server/daemon/index.ts";
import type { DaemonStatus } from "../../server/daemon/index.ts";

type Totals = DaemonStatus["inference"]["totals"];

/** Rejects when no daemon runs. */
export async function readStatus(): Promise<DaemonStatus> {
  const status = await askStatus();
  if (status === undefined) throw new Error("no daemon is running");
  return status;
}

/** True when the model answers within `timeoutMs`. */
export async function untilModelIsReady(timeoutMs: number): Promise<boolean> {
  const untilMs = performance.now() + timeoutMs;
  for (;;) {
    const { kind } = (await readStatus()).inference.state;
    if (kind === "ready" || kind === "unloaded") return true;
    if (performance.now() >= untilMs || kind === "failed") return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function describeModel(): Promise<string> {
  const { inference } = await readStatus();
  const { state } = inference;
  if (state.kind !== "ready") return `no model: ${"reason" in state ? state.reason : state.kind}`;
  const megabytes = (inference.memoryBytes / 1e6).toFixed(0);
  return `model ${inference.modelName ?? "?"} on ${inference.backend}, ${inference.threads} thread(s), ${megabytes} MB`;
}

export async function readTotals(): Promise<Totals> {
  return (await readStatus()).inference.totals;
}

/** What was added between two readings, as text. */
export function describeTokens(before: Totals, after: Totals): string {
  if (before.requests === after.requests) return "no model evaluation";
  return `${after.evaluated - before.evaluated} evaluated, ${after.reused - before.reused} reused, ${after.generated - before.generated} new`;
}

/** Until the model's lane is empty; gives up after half a minute. */
export async function untilModelRests(): Promise<void> {
  const untilMs = performance.now() + 30_000;
  while (performance.now() < untilMs) {
    const { inference } = await readStatus();
    if (inference.queueLength === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
