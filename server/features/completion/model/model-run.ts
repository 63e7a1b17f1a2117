// One generation of the model: what it has written so far, who waits for it, and how it ended.
import type {
  AnswerPiece,
  InferenceService,
  ModelCompletion,
  ModelFailure,
  ModelProgress,
  RequestClass,
  ScoredName,
  TokenCounts,
} from "../../../inference/index.ts";
import type { BugRecorder } from "../../../kernel/index.ts";
import { finishBlock, plainText, sureLength } from "./block/block-text.ts";
import { straighten } from "./block/straighten.ts";
import { toModelRequest, typedSince } from "./line-question.ts";
import type { LineQuestion } from "./line-question.ts";
import type { LineAnswer, ModelLine } from "./line-answer.ts";
import { namesAfter } from "./typed-through.ts";

export interface LineRequest {
  readonly requestClass: RequestClass;
  /** Names that may stand at the cursor, for the model to score. */
  readonly names: readonly string[];
}

export interface Waiter {
  readonly question: LineQuestion;
  readonly request: LineRequest;
  /** Of two waiters the one with the larger number asked later. */
  readonly order: number;
  settle(answer: LineAnswer): void;
}

export interface ModelRun {
  readonly question: LineQuestion;
  /** Begun before anybody asked. */
  readonly isAhead: boolean;
  readonly waiters: Set<Waiter>;
  readonly outcome: Promise<
    { readonly kind: "line"; readonly line: ModelLine; readonly tokens: TokenCounts } | ModelFailure
  >;
  /** The newest word of the model; undefined before the first token. */
  readonly progress: () => ModelProgress | undefined;
  /** One listener; a later one takes its place. */
  onProgress(listener: () => void): void;
  /** The model stops within one slice; the outcome is `cancelled`. */
  stop(): void;
}

/** What a running answer says to a question that was asked while it ran. */
export interface RunProgress {
  /** From the question's cursor on; not empty. */
  readonly text: string;
  readonly pieces: readonly AnswerPiece[];
  readonly names: readonly ScoredName[];
}

export function createRun(deps: {
  readonly inference: InferenceService;
  readonly bugs: BugRecorder;
  readonly question: LineQuestion;
  readonly request: LineRequest;
  readonly onLine: (line: ModelLine) => void;
}): ModelRun {
  const { inference, bugs, question, request } = deps;
  const controller = new AbortController();
  let progress: ModelProgress | undefined;
  let listener: (() => void) | undefined;
  let isOver = false;

  const complete = async (): ReturnType<InferenceService["complete"]> =>
    inference.complete(
      {
        ...toModelRequest(question, request.requestClass),
        ...(request.names.length === 0 ? {} : { names: request.names }),
        onProgress(told) {
          if (isOver) return;
          progress = { ...told, text: plainText(told.text, question) };
          listener?.();
        },
      },
      controller.signal,
    );

  const work = async (): ModelRun["outcome"] => {
    try {
      const result = await complete();
      isOver = true;
      if (controller.signal.aborted) return { kind: "cancelled" };
      if (!result.ok) return result.failure;
      const line = lineOf(result.value, question);
      deps.onLine(line);
      return { kind: "line", line, tokens: result.value.tokens };
    } catch (error) {
      isOver = true;
      bugs.report("completion.model", error);
      return { kind: "failed", reason: "the model's engine failed" };
    }
  };

  return {
    question,
    isAhead: request.requestClass === "background",
    waiters: new Set(),
    outcome: work(),
    progress: () => progress,
    onProgress(next) {
      listener = next;
    },
    stop() {
      isOver = true;
      controller.abort();
    },
  };
}

function lineOf(completion: ModelCompletion, question: LineQuestion): ModelLine {
  const { text, isConfident, pieces, stop, names } = completion;
  const { block } = question;
  if (block === undefined) {
    const endsLine = stop === "line-end" || stop === "end-of-text";
    return { text: straighten(plainText(text, question), question), isConfident, endsLine, names };
  }
  // Of a block that is doubtful as a whole its first lines may be sure.
  const sure = isConfident ? 0 : sureLength(pieces);
  const kept = sure === 0 ? text : text.slice(0, sure);
  const whole = finishBlock(plainText(kept, question), block, sure === 0 ? stop : "block-end");
  return { text: straighten(whole, question), isConfident: isConfident || sure > 0, endsLine: false, names };
}

/** Whether the run's answer so far and what was typed since agree: one is the beginning of the other. */
export function agreesWith(run: ModelRun, question: LineQuestion): boolean {
  const typed = typedSince(run.question, question);
  if (typed === undefined) return false;
  // At the same place the shape of the answer must be the same, too.
  if (typed === "") return (run.question.block === undefined) === (question.block === undefined);
  const text = run.progress()?.text ?? "";
  return text.startsWith(typed) || typed.startsWith(text);
}

/** Undefined before there is anything beyond what was typed. */
export function progressFor(run: ModelRun, question: LineQuestion): RunProgress | undefined {
  const typed = typedSince(run.question, question);
  const told = run.progress();
  if (typed === undefined || told === undefined || !told.text.startsWith(typed)) return undefined;
  return {
    text: told.text.slice(typed.length),
    pieces: piecesAfter(told.pieces, typed.length),
    names: namesAfter(told.names, typed),
  };
}

function piecesAfter(pieces: readonly AnswerPiece[], length: number): readonly AnswerPiece[] {
  let missing = length;
  const rest: AnswerPiece[] = [];
  for (const piece of pieces) {
    if (missing >= piece.text.length) missing -= piece.text.length;
    else {
      rest.push({ ...piece, text: piece.text.slice(missing) });
      missing = 0;
    }
  }
  return rest;
}
