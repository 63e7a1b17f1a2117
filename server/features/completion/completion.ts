// Completion: known names at once, the model's line beside them when it is there in time.
import type { ModelFailure, TokenCounts } from "../../inference/index.ts";
import type { DeclarationKind } from "../../syntax/index.ts";
import type { Offset, TextEdit } from "../../text/index.ts";
import type { DocumentSnapshot } from "../../workspace/index.ts";
import type { AnswerSource } from "./model/line-answer.ts";

export type CompletionItemKind = DeclarationKind | "keyword" | "word" | "model-line" | "model-block";

export interface CompletionItem {
  readonly kind: CompletionItemKind;
  /** One line; for a model line the text that the line will read from the start of the typed word on. */
  readonly label: string;
  /** Replaces the typed part of the word; single-line range that touches the cursor. A block's text has several lines. */
  readonly edit: TextEdit;
  /** Where a word that goes on behind the cursor ends, for users who have their editor replace whole words. */
  readonly wordEnd?: Offset;
  /** The whole text of a block, for clients that show a preview beside the menu. */
  readonly preview?: string;
  /** Starts with what the user typed of the word. */
  readonly filterText: string;
  /** Position in the list; lower is better. */
  readonly rank: number;
  readonly detail: string | undefined;
}

export interface CompletionQuery {
  readonly snapshot: DocumentSnapshot;
  /** The client's other open documents: names of those in the same language are offered below the document's own. */
  readonly others?: readonly DocumentSnapshot[];
  readonly offset: Offset;
  readonly isInvoked: boolean;
  /** How long the answer may wait for the model; known names are always there at once. */
  readonly modelDeadlineMs: number;
  /** The same where there is no name to show, if that may take longer. */
  readonly deadlineWithoutNamesMs?: number;
  /** True leaves the model out: names only, such as for an editor that shows the model's line as ghost text. */
  readonly isModelOff?: boolean;
  readonly maxItems: number;
}

export interface CompletionAnswer {
  readonly items: readonly CompletionItem[];
  /** The model is still at work, or there were more names than `maxItems`: ask again on the next key. */
  readonly isIncomplete: boolean;
  readonly model: {
    /** `partial`: a part of the answer that was still being written at the deadline. */
    readonly outcome: "answered" | "partial" | "late" | "none" | ModelFailure["kind"] | "gated";
    /** Where the model's text came from; undefined when there was none. */
    readonly source?: AnswerSource | undefined;
    readonly tokens: TokenCounts | undefined;
  };
}

export interface CompletionFeature {
  complete(query: CompletionQuery, signal: AbortSignal): Promise<CompletionAnswer>;
}

/** Ghost text at the cursor. */
export interface InlineSuggestion {
  readonly edit: TextEdit;
  readonly filterText: string;
}

export interface InlineQuery {
  readonly snapshot: DocumentSnapshot;
  readonly offset: Offset;
  /** The menu's selected item, when one is open: a suggestion must extend it. */
  readonly selected: { readonly edit: TextEdit } | undefined;
  readonly isInvoked: boolean;
  /** The client's other open documents: names that they define are no inventions of the model's. */
  readonly others?: readonly DocumentSnapshot[];
}

export interface InlineFeature {
  /** Best first. Who asks by hand gets up to three: the whole, its first line, its first part. */
  suggest(query: InlineQuery, signal: AbortSignal): Promise<readonly InlineSuggestion[]>;
}
