// What the model says to a question about a place.
import type { ModelFailure, ScoredName, TokenCounts } from "../../../inference/index.ts";

/** A line or block as the model gave it; filters run when it is shown, since the place changes while one types. */
export interface ModelLine {
  /** From the cursor on; line breaks are LF. */
  readonly text: string;
  readonly isConfident: boolean;
  /** The model ended the line itself: at its end there is nothing more to ask. */
  readonly endsLine: boolean;
  /** What the model thinks of the names that it was asked about. */
  readonly names: readonly ScoredName[];
}

/** Mean probability that a part of an answer must have to be shown without the rest. Chosen, not calibrated as the models' gates are. */
export const PART_GATE = 0.8;

/** `cache`: known before. `kept`: from a generation that ran already when more was typed. `asked`: evaluated for this question. */
export type AnswerSource = "cache" | "kept" | "asked";

export type LineAnswer =
  | {
      readonly kind: "line";
      readonly line: ModelLine;
      readonly tokens: TokenCounts;
      readonly source: AnswerSource;
    }
  | ModelFailure;
