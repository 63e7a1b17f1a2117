// What the daemon says of its model, for scripts: by the request `hearth/status`, which every session answers.
import type { Editor } from "./editor.ts";

interface Totals {
  readonly requests: number;
  readonly evaluated: number;
  readonly reused: number;
  readonly generated: number;
}

interface Status {
  readonly daemonPid: number;
  readonly inference: {
    readonly state: { readonly kind: string; readonly reason?: string };
    readonly modelName?: string;
    readonly backend: string;
    readonly threads: number;
    readonly memoryBytes: number;
    readonly queueLength: number;
    readonly totals: Totals;
  };
}

export async function readStatus(editor: Editor): Promise<Status> {
  return (await editor.request("hearth/status", {})) as Status;
}

/** True when the model answers within `timeoutMs`. */
export async function untilModelIsReady(editor: Editor, timeoutMs: number): Promise<boolean> {
  const untilMs = performance.now() + timeoutMs;
  for (;;) {
    const { kind } = (await readStatus(editor)).inference.state;
    if (kind === "ready") return true;
    if (performance.now() >= untilMs || kind === "failed" || kind === "off") return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function describeModel(editor: Editor): Promise<string> {
  const { inference } = await readStatus(editor);
  if (inference.state.kind !== "ready") return `no model: ${inference.state.reason ?? inference.state.kind}`;
  const megabytes = (inference.memoryBytes / 1e6).toFixed(0);
  return `model ${inference.modelName ?? "?"} on ${inference.backend}, ${inference.threads} thread(s), ${megabytes} MB`;
}

/** The running totals; with `before`, what was added since as text such as `2 evaluated, 312 reused`. */
export async function tokensSince(editor: Editor): Promise<Totals>;
export async function tokensSince(editor: Editor, before: Totals): Promise<string>;
export async function tokensSince(editor: Editor, before?: Totals): Promise<Totals | string> {
  const { totals } = (await readStatus(editor)).inference;
  if (before === undefined) return totals;
  const evaluated = totals.evaluated - before.evaluated;
  const reused = totals.reused - before.reused;
  const generated = totals.generated - before.generated;
  return `${evaluated} evaluated, ${reused} reused, ${generated} new`;
}
