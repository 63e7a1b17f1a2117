// What became of suggestions: offered, accepted, still there after a while. Counted on this machine, told to nobody.
import type { Span, TextEdit } from "../../text/index.ts";
import type { DocumentSnapshot } from "../../workspace/index.ts";

/** `name`: one of the known names; the others come from the model. */
export type SuggestionKind = "name" | "line" | "block" | "inline";

export interface Suggestion {
  readonly kind: Exclude<SuggestionKind, "name">;
  readonly edit: TextEdit;
  readonly model: string;
}

/** Counters of one kind, model and language. */
export interface AcceptanceCounts {
  /** Sent to an editor; the same suggestion sent again at the next key counts once. For names: menus, once per word. */
  readonly shown: number;
  readonly accepted: number;
  /** Accepted ones of which it is known whether they were kept. */
  readonly judged: number;
  /** After 30 s at least half of the text was still there. */
  readonly kept: number;
}

export interface AcceptanceRow extends AcceptanceCounts {
  readonly kind: SuggestionKind;
  /** Empty for names. */
  readonly model: string;
  readonly language: string;
}

/** All methods are synchronous and cheap: they run between a key and its answer. */
export interface AcceptanceFeature {
  /** A suggestion for `snapshot` goes to the editor; the number names it to `accepted`. */
  offered(snapshot: DocumentSnapshot, suggestion: Suggestion): number;
  /** Known names go to the editor, for the word of which `typed` stands there. */
  offeredNames(snapshot: DocumentSnapshot, typed: Span, names: readonly string[]): void;
  /** The editor says so. Unknown numbers, such as those of a daemon that is gone, count for nothing. */
  accepted(suggestion: number): void;
  /** The document became `snapshot` by `edits`, each relative to the text that the one before it left. */
  changed(snapshot: DocumentSnapshot, edits: readonly TextEdit[]): void;
  /** No later text of this document will be seen: what was accepted is judged by the last one. */
  closed(snapshot: DocumentSnapshot): void;
  /** All that was ever counted on this machine. */
  rows(): readonly AcceptanceRow[];
  /** Writes what is not on the disk yet. */
  dispose(): void;
}
