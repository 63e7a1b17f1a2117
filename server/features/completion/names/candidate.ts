// A name that may be offered, before it is ranked.
import type { CompletionItemKind } from "../completion.ts";

export interface Candidate {
  readonly name: string;
  readonly kind: CompletionItemKind;
  /** Distance from the cursor in rank points: 0 is declared in the innermost scope. */
  readonly distance: number;
  /** How often the file uses the name. */
  readonly count: number;
  readonly detail: string | undefined;
}

/** Rank points of where a name comes from. One scope further out costs `scopeStep`. */
export const distances = {
  scopeStep: 4,
  farthestScope: 24,
  bareMember: 16,
  unknownMember: 16,
  import: 22,
  keyword: 26,
  builtin: 30,
  declaredLater: 36,
  otherDocument: 44,
  word: 60,
} as const;
