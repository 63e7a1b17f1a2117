// The model's side of completion: one question at a time per document, answers remembered, failures told and never thrown.
import type { BugRecorder } from "../../../kernel/index.ts";
import type { InferenceService, ModelFailure, RequestClass, TokenCounts } from "../../../inference/index.ts";
import { isSameQuestion, toModelRequest } from "./line-question.ts";
import type { LineQuestion } from "./line-question.ts";
import { createTypedThroughCache } from "./typed-through.ts";
import type { RememberedLine } from "./typed-through.ts";

export type LineAnswer =
  { readonly kind: "line"; readonly line: RememberedLine; readonly tokens: TokenCounts } | ModelFailure;

export interface ModelLines {
  /** A line that is known without the model. */
  recall(question: LineQuestion): LineAnswer | undefined;
  /**
   * Asks the model, or joins a running question of the same text; a different question of the same document is
   * superseded. When `signal` fires the caller is answered at once, and the model stops when nobody else waits.
   */
  ask(question: LineQuestion, requestClass: RequestClass, signal: AbortSignal): Promise<LineAnswer>;
  /** Lets the model know where completion is likely to be asked next. */
  warm(question: LineQuestion): void;
  /** The document was closed. */
  forget(document: string): void;
}

export interface ModelLinesDeps {
  readonly inference: InferenceService;
  readonly bugs: BugRecorder;
}

interface RunningQuestion {
  readonly question: LineQuestion;
  readonly answer: Promise<LineAnswer>;
  readonly stop: (reason: "cancelled" | "superseded") => void;
  waiting: number;
}

const noTokens: TokenCounts = { evaluated: 0, reused: 0, generated: 0 };

export function createModelLines({ inference, bugs }: ModelLinesDeps): ModelLines {
  const cache = createTypedThroughCache();
  const running = new Map<string, RunningQuestion>();
  let modelId: string | undefined;
  inference.onStatus((status) => {
    // Another model would have written other lines.
    if (status.modelId !== modelId) cache.clear();
    modelId = status.modelId;
  });

  const start = (question: LineQuestion, requestClass: RequestClass): RunningQuestion => {
    const controller = new AbortController();
    let stopped: "cancelled" | "superseded" | undefined;
    const run = async (): Promise<LineAnswer> => {
      try {
        const result = await inference.complete(toModelRequest(question, requestClass), controller.signal);
        if (stopped !== undefined) return { kind: stopped };
        if (!result.ok) return result.failure;
        const { text, isConfident, tokens } = result.value;
        const line = { text, isConfident };
        cache.remember(question, line);
        return { kind: "line", line, tokens };
      } catch (error) {
        bugs.report("completion.model", error);
        return { kind: "failed", reason: "the model's engine failed" };
      }
    };
    const answer = run();
    const entry: RunningQuestion = {
      question,
      answer,
      stop: (reason) => {
        stopped ??= reason;
        controller.abort();
      },
      waiting: 0,
    };
    running.set(question.document, entry);
    void answer.then(() => {
      if (running.get(question.document) === entry) running.delete(question.document);
    });
    return entry;
  };

  return {
    recall(question) {
      const line = cache.recall(question);
      return line === undefined ? undefined : { kind: "line", line, tokens: noTokens };
    },

    ask(question, requestClass, signal) {
      if (signal.aborted) return Promise.resolve({ kind: "cancelled" });
      const known = running.get(question.document);
      const isJoined = known !== undefined && isSameQuestion(known.question, question);
      if (!isJoined) known?.stop("superseded");
      const entry = isJoined ? known : start(question, requestClass);
      entry.waiting += 1;
      return new Promise((resolve) => {
        const onAbort = (): void => {
          entry.waiting -= 1;
          if (entry.waiting === 0) entry.stop("cancelled");
          resolve({ kind: "cancelled" });
        };
        signal.addEventListener("abort", onAbort, { once: true });
        void entry.answer.then((answer) => {
          signal.removeEventListener("abort", onAbort);
          resolve(answer);
        });
      });
    },

    warm(question) {
      if (!running.has(question.document)) inference.warm(toModelRequest(question, "warming"));
    },

    forget(document) {
      running.get(document)?.stop("cancelled");
      cache.forget(document);
      inference.forget(document);
    },
  };
}
