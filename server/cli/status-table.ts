// A daemon's status for the eye.
import type { DaemonStatus } from "../daemon/index.ts";
import { formatBytes } from "../inference/index.ts";
import { describeReach, describeServer } from "./server-words.ts";

export function renderStatus(status: DaemonStatus): string {
  const { inference, syntax, memory } = status;
  const idle =
    status.idleExitMs === null ? "never" : `after ${duration(status.idleExitMs)} without an editor`;
  const speed = inference.tokensPerSecond;
  const lines = [
    `hearth ${status.version} (build ${status.build}), process ${status.pid}, up ${duration(status.uptimeMs)}`,
    `  runs on    node ${status.node}, ${status.platform}; ends ${idle}`,
    `  memory     ${formatBytes(memory.residentBytes)} resident, ${formatBytes(memory.heapBytes)} heap; longest stall ${status.longestStallMs} ms`,
    `  socket     ${status.socket ?? "none (private)"}`,
    `  model      ${inference.modelName ?? "none"}: ${stateOf(status)}`,
    ...serverLines(inference),
    ...(inference.promptNote === undefined ? [] : [`  prompt     ${inference.promptNote}`]),
    `  inference  ${inference.backend}, ${inference.threads} threads, ${inference.gpuLayers} layers on a GPU, queue ${inference.queueLength}, ` +
      `${formatBytes(inference.memoryBytes)}, ${speed.prefill.toFixed(0)} tokens/s read, ${speed.decode.toFixed(0)} tokens/s written`,
    `  grammars   ${syntax.loadedGrammars.join(", ") || "none loaded"}; native parser ${syntax.native.state}`,
    `  answered   ${answersOf(status)}`,
    `  accepted   ${acceptanceOf(status)}`,
    `  bugs       ${status.bugs.length === 0 ? "none" : status.bugs.map((bug) => `${bug.key} (${bug.count})`).join(", ")}`,
    `  sessions   ${status.sessions.length}`,
  ];
  for (const session of status.sessions) {
    lines.push(
      `    ${session.id} ${session.clientName || "unnamed client"} (${session.phase}), editor ${session.editorPid}, ` +
        `${session.openDocuments} open documents, ${session.requestsInFlight} in flight ${session.folders.join(" ")}`,
    );
    const latencies = Object.entries(session.latencies);
    if (latencies.length === 0) continue;
    const row = (cells: readonly string[]): string =>
      `      ${cells.map((cell, at) => (at === 0 ? cell.padEnd(34) : cell.padStart(8))).join(" ")}`;
    lines.push(row(["milliseconds", "count", "p50", "p95", "p99", "max"]));
    for (const [method, { count, p50Ms, p95Ms, p99Ms, maxMs }] of latencies) {
      const cells = [p50Ms, p95Ms, p99Ms, maxMs].map((value) => value.toFixed(1));
      lines.push(row([method, String(count), ...cells]));
    }
  }
  return lines.join("\n");
}

/** Where the model's lines came from since the daemon started. */
function answersOf({ completion }: DaemonStatus): string {
  const { cache, kept, asked, unanswered, partial, ahead } = completion;
  return (
    `${cache} remembered, ${kept} from an answer that was running, ${asked} asked of the model, ${unanswered} without a line; ` +
    `${partial} shown in part, ${ahead} worked out ahead`
  );
}

/** Suggestions by kind, over all models and languages: how many were taken, and how many of those stayed. */
function acceptanceOf({ acceptance }: DaemonStatus): string {
  const kinds = [...new Set(acceptance.map((row) => row.kind))];
  const parts = kinds.map((kind) => {
    const rows = acceptance.filter((row) => row.kind === kind);
    const sum = (count: "shown" | "accepted" | "judged" | "kept"): number =>
      rows.reduce((total, row) => total + row[count], 0);
    const kept = sum("judged") === 0 ? "" : `, ${sum("kept")} of ${sum("judged")} kept after 30 s`;
    return `${kind} ${sum("accepted")} of ${sum("shown")} shown${kept}`;
  });
  return parts.join("; ") || "nothing shown yet";
}

function serverLines(inference: DaemonStatus["inference"]): readonly string[] {
  const line = describeServer(inference);
  const reach = inference.server === undefined ? undefined : describeReach(inference.server);
  return [
    ...(line === undefined ? [] : [`  server     ${line}`]),
    ...(reach === undefined ? [] : [`             ${reach}`]),
  ];
}

function stateOf({ inference: { state } }: DaemonStatus): string {
  if (state.kind === "downloading") {
    const of = state.totalBytes === undefined ? "" : ` of ${formatBytes(state.totalBytes)}`;
    return `${state.phase ?? "fetching"}, ${formatBytes(state.receivedBytes)}${of}`;
  }
  return "reason" in state ? `${state.kind} (${state.reason})` : state.kind;
}

function duration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
