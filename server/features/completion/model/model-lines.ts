// The model's side of completion: one running answer per document that typing may agree with, answers remembered, failures told and never thrown.
import type { BugRecorder } from "../../../kernel/index.ts";
import type { InferenceService, TokenCounts } from "../../../inference/index.ts";
import type { Clock } from "../../../platform/index.ts";
import { toModelRequest, typedSince } from "./line-question.ts";
import type { LineQuestion } from "./line-question.ts";
import type { LineAnswer } from "./line-answer.ts";
import { createLookAhead } from "./look-ahead.ts";
import { agreesWith, createRun, progressFor } from "./model-run.ts";
import type { LineRequest, ModelRun, RunProgress, Waiter } from "./model-run.ts";
import { restOfLine, createTypedThroughCache } from "./typed-through.ts";

/** Since the start, over all documents; menu and ghost text together. */
export interface LineTotals {
  /** Questions answered with a line, by where it came from. */
  readonly cache: number;
  readonly kept: number;
  readonly asked: number;
  /** Questions that ended without one: superseded, cancelled, no model, failed. */
  readonly unanswered: number;
  /** Parts of running answers that were shown at a deadline. */
  readonly partial: number;
  /** States after acceptance that were worked out before anybody asked. */
  readonly ahead: number;
}

export interface ModelLines {
  /** A line that is known without the model. */
  recall(question: LineQuestion): LineAnswer | undefined;
  /**
   * Asks the model, or joins the running question of the document while what was typed since agrees with its answer so
   * far; otherwise that one is superseded. When `signal` fires the caller is answered at once, and the model stops
   * shortly after unless somebody joins.
   */
  ask(question: LineQuestion, request: LineRequest, signal: AbortSignal): Promise<LineAnswer>;
  /** Waits while the model is being loaded; true when it can be asked then. */
  loaded(signal: AbortSignal): Promise<boolean>;
  /** What the running answer says so far to this question. */
  progress(question: LineQuestion): RunProgress | undefined;
  /** A part of the running answer was shown. */
  notePartial(): void;
  /** `accepted` was shown at `question`: works out what `next`, the question after its acceptance, will be answered. */
  lookAhead(question: LineQuestion, accepted: string, next: LineQuestion): void;
  /** Lets the model know where completion is likely to be asked next. */
  warm(question: LineQuestion): void;
  /** The document was closed. */
  forget(document: string): void;
  totals(): LineTotals;
}

export interface ModelLinesDeps {
  readonly inference: InferenceService;
  readonly bugs: BugRecorder;
  readonly clock: Clock;
  /** False: nothing is worked out before it is asked for, so that a measurement sees questions only. Absent: true. */
  readonly looksAhead?: boolean;
}

/** Editors cancel and ask again at every key: what runs is worth keeping for the next one, which comes at once or not at all. */
const GRACE_MS = 80;

const noTokens: TokenCounts = { evaluated: 0, reused: 0, generated: 0 };

export function createModelLines(deps: ModelLinesDeps): ModelLines {
  const { inference, bugs, clock, looksAhead = true } = deps;
  const cache = createTypedThroughCache();
  const running = new Map<string, ModelRun>();
  const totals = { cache: 0, kept: 0, asked: 0, unanswered: 0, partial: 0, ahead: 0 };
  let asked = 0;
  let modelId: string | undefined;

  const start = (question: LineQuestion, request: LineRequest): ModelRun =>
    createRun({ inference, bugs, question, request, onLine: (line) => cache.remember(question, line) });

  const ahead = createLookAhead({
    isKnown: (question) => cache.recall(question) !== undefined,
    start(question) {
      totals.ahead += 1;
      return start(question, { requestClass: "background", names: [] });
    },
  });

  inference.onStatus((status) => {
    // Another model would have written other lines.
    if (status.modelId !== modelId) {
      cache.clear();
      ahead.clear();
    }
    modelId = status.modelId;
  });

  const give = (waiter: Waiter, answer: LineAnswer): void => {
    if (answer.kind === "line") totals[answer.source] += 1;
    else totals.unanswered += 1;
    waiter.settle(answer);
  };

  /** Ends the run and tells those who wait for it; `except` goes on elsewhere. */
  const supersede = (run: ModelRun, except?: Waiter): void => {
    for (const waiter of run.waiters) if (waiter !== except) give(waiter, { kind: "superseded" });
    run.waiters.clear();
    run.stop();
  };

  const begin = (waiter: Waiter): void => {
    const { document } = waiter.question;
    const run = start(waiter.question, waiter.request);
    adopt(document, run);
    run.waiters.add(waiter);
  };

  /** From here on the run is the document's. */
  const adopt = (document: string, run: ModelRun): void => {
    running.set(document, run);
    run.onProgress(() => dropWhoDisagrees(document, run));
    void run.outcome.then((outcome) => {
      if (running.get(document) === run) running.delete(document);
      finish(run, outcome);
    });
  };

  /** The newest question rules: when it disagrees with what comes, the run is of no more use. */
  const dropWhoDisagrees = (document: string, run: ModelRun): void => {
    const newest = newestOf(run);
    for (const waiter of run.waiters) {
      if (agreesWith(run, waiter.question)) continue;
      if (waiter === newest) {
        supersede(run, waiter);
        if (running.get(document) === run) begin(waiter);
        else give(waiter, { kind: "superseded" });
        return;
      }
      run.waiters.delete(waiter);
      give(waiter, { kind: "superseded" });
    }
  };

  const finish = (run: ModelRun, outcome: Awaited<ModelRun["outcome"]>): void => {
    const newest = newestOf(run);
    for (const waiter of [...run.waiters]) {
      run.waiters.delete(waiter);
      if (outcome.kind !== "line") {
        give(waiter, outcome);
        continue;
      }
      const typed = typedSince(run.question, waiter.question) ?? "";
      const line = restOfLine(outcome.line, typed, waiter.question);
      const isKept = typed !== "" || run.isAhead;
      if (line !== undefined) {
        const tokens = isKept ? noTokens : outcome.tokens;
        give(waiter, { kind: "line", line, tokens, source: isKept ? "kept" : "asked" });
      } else if (waiter === newest && !running.has(waiter.question.document)) begin(waiter);
      else give(waiter, { kind: "superseded" });
    }
  };

  /** The run that this question may join; others of the document end. */
  const findRun = (question: LineQuestion): ModelRun | undefined => {
    const { document } = question;
    const known = running.get(document);
    if (known !== undefined && agreesWith(known, question)) return known;
    const prepared = ahead.take(question);
    if (known !== undefined) supersede(known);
    running.delete(document);
    if (prepared !== undefined) adopt(document, prepared);
    return prepared;
  };

  return {
    recall(question) {
      ahead.visit(question);
      const line = cache.recall(question);
      if (line === undefined) return undefined;
      totals.cache += 1;
      return { kind: "line", line, tokens: noTokens, source: "cache" };
    },

    ask(question, request, signal) {
      if (signal.aborted) return Promise.resolve({ kind: "cancelled" });
      return new Promise((resolve) => {
        asked += 1;
        const onAbort = (): void => {
          const run = running.get(question.document);
          if (run?.waiters.delete(waiter) === true && run.waiters.size === 0) {
            clock.schedule(GRACE_MS, () => {
              if (run.waiters.size === 0) run.stop();
            });
          }
          give(waiter, { kind: "cancelled" });
        };
        const waiter: Waiter = {
          question,
          request,
          order: asked,
          settle(answer) {
            signal.removeEventListener("abort", onAbort);
            resolve(answer);
          },
        };
        signal.addEventListener("abort", onAbort, { once: true });
        ahead.visit(question);
        const run = findRun(question);
        if (run === undefined) begin(waiter);
        else run.waiters.add(waiter);
      });
    },

    loaded(signal) {
      const { state } = inference.status();
      if (state.kind !== "loading" || signal.aborted) return Promise.resolve(state.kind === "ready");
      return new Promise((resolve) => {
        const end = (isReady: boolean): void => {
          changes.dispose();
          signal.removeEventListener("abort", onAbort);
          resolve(isReady);
        };
        const onAbort = (): void => end(false);
        const changes = inference.onStatus(({ state: { kind } }) => {
          if (kind !== "loading") end(kind === "ready");
        });
        signal.addEventListener("abort", onAbort, { once: true });
      });
    },

    progress(question) {
      const run = running.get(question.document);
      return run === undefined ? undefined : progressFor(run, question);
    },

    notePartial: () => void (totals.partial += 1),
    lookAhead(question, accepted, next) {
      if (looksAhead) ahead.begin(question, accepted, next);
    },

    warm(question) {
      const { document } = question;
      if (running.has(document) || ahead.isBusy(document)) return;
      inference.warm(toModelRequest(question, "warming"));
    },

    forget(document) {
      const run = running.get(document);
      if (run !== undefined) {
        for (const waiter of run.waiters) give(waiter, { kind: "cancelled" });
        run.waiters.clear();
        run.stop();
      }
      running.delete(document);
      ahead.drop(document);
      cache.forget(document);
      inference.forget(document);
    },

    totals: () => ({ ...totals }),
  };
}

function newestOf(run: ModelRun): Waiter | undefined {
  let newest: Waiter | undefined;
  for (const waiter of run.waiters) if (newest === undefined || waiter.order > newest.order) newest = waiter;
  return newest;
}
