// A daemon's status for the eye.
import type { DaemonStatus } from "../daemon/index.ts";

export function renderStatus(status: DaemonStatus): string {
  const lines = [
    `hearth ${status.version} (build ${status.build}), process ${status.pid}, up ${duration(status.uptimeMs)}`,
    `  node ${status.node} on ${status.platform}, ${megabytes(status.memory.residentBytes)} resident`,
    `  socket ${status.socket ?? "none (private)"}`,
    `  model  ${status.inference.modelName ?? "none"}: ${stateOf(status)}`,
    `  sessions ${status.sessions.length}`,
  ];
  for (const session of status.sessions) {
    lines.push(
      `    ${session.id} ${session.clientName} (${session.phase}), ${session.openDocuments} open documents, ` +
        session.folders.join(" "),
    );
    for (const [method, latency] of Object.entries(session.latencies)) {
      lines.push(
        `      ${method}: ${latency.count} answers, p50 ${latency.p50Ms.toFixed(1)} ms, p95 ${latency.p95Ms.toFixed(1)} ms, ` +
          `p99 ${latency.p99Ms.toFixed(1)} ms`,
      );
    }
  }
  return lines.join("\n");
}

function stateOf({ inference: { state } }: DaemonStatus): string {
  return "reason" in state ? `${state.kind} (${state.reason})` : state.kind;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(0)} MB`;
}

function duration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
