// What a finished answer tells its caller.
import type { Answer, AnswerStop } from "../decode/answer.ts";
import { cutPieces } from "../decode/pieces.ts";
import type { ModelCompletion, ScoredName, TokenCounts } from "../inference-service.ts";
import type { CatalogueEntry } from "../model-source.ts";

interface Finished {
  readonly answer: Answer;
  readonly stop: AnswerStop;
  readonly names: readonly ScoredName[];
  readonly tokens: TokenCounts;
  readonly startedMs: number;
  readonly prefillMs: number;
  readonly firstTokenMs: number | undefined;
  readonly endedMs: number;
}

export function describeOutcome(
  entry: CatalogueEntry,
  submittedMs: number,
  { answer, stop, ...finished }: Finished,
): ModelCompletion {
  const text = stop === "line-end" || stop === "end-of-text" ? answer.text.trimEnd() : answer.text;
  const totalMs = finished.endedMs - submittedMs;
  // Of a block that was cut the lines before the cut are as good as any.
  const isCut = stop === "repetition" || (stop === "low-confidence" && !text.includes("\n"));
  return {
    text,
    pieces: text === answer.text ? answer.pieces : cutPieces(answer.pieces, text.length),
    names: finished.names,
    meanProbability: answer.meanProbability,
    minProbability: answer.minProbability,
    isConfident: text.trim() !== "" && !isCut && answer.meanProbability >= entry.confidenceGate,
    stop,
    tokens: finished.tokens,
    timing: {
      queuedMs: finished.startedMs - submittedMs,
      prefillMs: finished.prefillMs,
      firstTokenMs: finished.firstTokenMs ?? totalMs,
      totalMs,
    },
    modelId: entry.id,
  };
}
