// Shows what the model is doing while it cannot answer yet: fetched, loaded, missing, failed.
import type { InferenceService, InferenceStatus, ModelState } from "../inference/index.ts";
import type { Clock } from "../platform/index.ts";
import type { ClientProfile, ProgressToken } from "../protocol/index.ts";
import type { ClientCalls } from "./client-calls.ts";
import type { Notices } from "./notices.ts";

export interface ModelProgress {
  start(): void;
  /** The client does not want to see this progress any more. The work goes on: other editors wait for it too. */
  cancel(token: ProgressToken): void;
  /** Closes what is shown; for shutdown. */
  end(): void;
}

/** Loading a small model takes less than this and is not worth a sign. */
const SHOW_AFTER_MS = 700;
const MIN_REPORT_MS = 250;

interface Shown {
  readonly token: string;
  /** `asking`: the client was asked to create the token and has not answered. */
  phase: "asking" | "begun" | "over";
  reportedMs: number;
  text: string;
}

export function createModelProgress(deps: {
  readonly inference: InferenceService;
  readonly client: ClientProfile;
  readonly calls: ClientCalls;
  readonly notices: Notices;
  readonly clock: Clock;
  /** Distinguishes this session's tokens from others'. */
  readonly owner: string;
}): ModelProgress {
  const { inference, client, calls, notices, clock } = deps;
  let shown: Shown | undefined;
  let stopWaiting: (() => void) | undefined;
  let subscription = { dispose: (): void => undefined };
  let tokens = 0;

  const send = (token: string, value: object): void => calls.tell("$/progress", { token, value });

  const open = async (): Promise<void> => {
    tokens += 1;
    const mine: Shown = {
      token: `hearth/model/${deps.owner}/${tokens}`,
      phase: "asking",
      reportedMs: clock.nowMs(),
      text: "",
    };
    shown = mine;
    const answer = await calls.ask("window/workDoneProgress/create", { token: mine.token });
    if (mine.phase !== "asking") return;
    const status = inference.status();
    if (!answer.ok || !isBusy(status.state)) {
      mine.phase = "over";
      shown = undefined;
      return;
    }
    mine.phase = "begun";
    mine.text = JSON.stringify(describe(status.state));
    send(mine.token, {
      kind: "begin",
      title: titleOf(status),
      cancellable: false,
      ...describe(status.state),
    });
  };

  const close = (message: string | undefined): void => {
    stopWaiting?.();
    stopWaiting = undefined;
    const last = shown;
    shown = undefined;
    if (last === undefined) return;
    const wasBegun = last.phase === "begun";
    last.phase = "over";
    if (wasBegun) send(last.token, { kind: "end", ...(message === undefined ? {} : { message }) });
  };

  const report = (status: InferenceStatus): void => {
    if (shown?.phase !== "begun") return;
    const details = describe(status.state);
    const text = JSON.stringify(details);
    const nowMs = clock.nowMs();
    if (text === shown.text || nowMs - shown.reportedMs < MIN_REPORT_MS) return;
    shown.text = text;
    shown.reportedMs = nowMs;
    send(shown.token, { kind: "report", ...details });
  };

  const onStatus = (status: InferenceStatus): void => {
    const { state } = status;
    if (!isBusy(state)) {
      close(state.kind === "ready" ? "ready" : undefined);
      if (state.kind === "missing") notices.show("warning", `${state.reason} ${state.remedy}`);
      if (state.kind === "failed") notices.show("warning", `the model cannot be used: ${state.reason}`);
      return;
    }
    if (!client.workDoneProgress) {
      if (state.kind === "downloading")
        notices.show("info", `${titleOf(status)}; known names are completed meanwhile.`);
      return;
    }
    if (shown !== undefined) report(status);
    else
      stopWaiting ??= clock.schedule(SHOW_AFTER_MS, () => {
        stopWaiting = undefined;
        if (shown === undefined && isBusy(inference.status().state)) void open();
      });
  };

  return {
    start() {
      subscription = inference.onStatus(onStatus);
      onStatus(inference.status());
    },
    cancel(token) {
      if (shown?.token === token) close(undefined);
    },
    end() {
      subscription.dispose();
      close(undefined);
    },
  };
}

function isBusy(state: ModelState): boolean {
  return state.kind === "downloading" || state.kind === "loading";
}

function titleOf(status: InferenceStatus): string {
  const name = status.modelName ?? "the model";
  return status.state.kind === "downloading" ? `fetching ${name}` : `loading ${name}`;
}

function describe(state: ModelState): { readonly message?: string; readonly percentage?: number } {
  if (state.kind !== "downloading") return { message: "loading" };
  const { receivedBytes, totalBytes, phase } = state;
  const verb = phase === undefined || phase === "fetching" ? "" : `${phase}, `;
  if (totalBytes === undefined || totalBytes <= 0) return { message: `${verb}${megabytes(receivedBytes)}` };
  return {
    message: `${verb}${megabytes(receivedBytes)} of ${megabytes(totalBytes)}`,
    percentage: Math.max(0, Math.min(100, Math.floor((receivedBytes / totalBytes) * 100))),
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
