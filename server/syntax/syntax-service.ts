// The interface of the room: a syntax document per open text, snapshots that are safe to read, facts of any text.
import type { Offset, Span, Text, TextEdit } from "../text/index.ts";
import type { FileFacts } from "./facts.ts";
import type { Language, LanguageRegistry } from "./languages.ts";

/** Something that the parser could not make sense of, in one sentence. */
export interface SyntaxFinding {
  readonly span: Span;
  /** What is wrong and, where that can be known, what was expected. */
  readonly message: string;
  /** Stable: `missing-token`, `unexpected-text`, `unclosed-bracket`, `unclosed-string`, … */
  readonly code: string;
  /** An edit that may mend it; features verify it by reparsing before anyone sees it. */
  readonly repair: { readonly title: string; readonly edit: TextEdit } | undefined;
}

export interface OutlineItem {
  readonly name: string;
  readonly kind: FileFacts["declarations"][number]["kind"];
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly OutlineItem[];
}

export interface Fold extends Span {
  readonly kind: "code" | "comment" | "imports";
}

export type PlaceKind = "code" | "string" | "comment";

/** One parsed text. Everything is computed on demand from a tree that this snapshot owns; results are plain data and cached. */
export interface SyntaxSnapshot {
  readonly language: Language;
  readonly text: Text;
  facts(): FileFacts;
  /**
   * Already filtered by the language's trust. Empty also when the text is too large to judge, and, where a second parser must
   * agree, until `SyntaxDocument.whenJudged` has resolved.
   */
  findings(): readonly SyntaxFinding[];
  outline(): readonly OutlineItem[];
  folds(): readonly Fold[];
  /** From the innermost span that holds `offset` out to the whole file; each contains the one before. */
  selectionSpans(offset: Offset): readonly Span[];
  placeAt(offset: Offset): PlaceKind;
  /** ERROR and MISSING nodes of this text, whatever the language's trust: the measure of the validity gate. */
  errorCount(): number;
  /** Error count of the text after `edit`, by an incremental parse of a copy; undefined when that takes longer than `budgetMs`. */
  errorCountAfter(edit: TextEdit, budgetMs: number): number | undefined;
  /** As `errorCountAfter`, with the names that the text after `edit` declares and uses where `edit` wrote. */
  trialOf(edit: TextEdit, budgetMs: number): EditTrial | undefined;
  /** Findings of the text after `edit`, as `findings()`; undefined when that takes longer than `budgetMs`. */
  findingsAfter(edit: TextEdit, budgetMs: number): readonly SyntaxFinding[] | undefined;
}

/** What a text would be after an edit. */
export interface EditTrial {
  readonly errorCount: number;
  /** What touches the new text; spans are those of the text after the edit. */
  readonly declarations: FileFacts["declarations"];
  readonly references: FileFacts["references"];
  readonly imports: FileFacts["imports"];
}

/** The syntax of one open document. `update` is synchronous; large texts are parsed in slices off the mutation's turn. */
export interface SyntaxDocument {
  readonly language: Language | undefined;
  /** `edits` lead, in order, from the text before to `text`. Never throws. */
  update(text: Text, edits: readonly TextEdit[]): void;
  /** The snapshot of the newest text, or undefined while it is not parsed yet (grammar loading, large text). */
  current(): SyntaxSnapshot | undefined;
  /** Resolves with the snapshot of `text` or a newer one; undefined when there is no grammar, it failed, or `signal` fired. */
  whenParsed(signal: AbortSignal): Promise<SyntaxSnapshot | undefined>;
  /**
   * As `whenParsed`, but waits until `findings()` is final: where the grammar is not to be believed alone, a second parser is asked
   * first, in a thread of its own. Findings need this one; everything else is there with `whenParsed`.
   */
  whenJudged(signal: AbortSignal): Promise<SyntaxSnapshot | undefined>;
  /** Snapshots handed out stay usable until their text is replaced twice; dispose deletes the trees. */
  dispose(): void;
}

export interface SyntaxStatus {
  readonly loadedGrammars: readonly string[];
  /** Loaded grammars whose code has been run often enough to be quick. */
  readonly warmGrammars: readonly string[];
  /** Trees in the parser's memory: bounded by a few per open document. */
  readonly liveTrees: number;
  /** The native parser for batch work: absent, broken (throws at load) or working, with the reason. */
  readonly native: { readonly state: "absent" | "broken" | "working"; readonly reason: string };
  readonly failedGrammars: readonly { readonly languageId: string; readonly reason: string }[];
}

export interface SyntaxService {
  readonly languages: LanguageRegistry;
  openDocument(language: Language | undefined, text: Text): SyntaxDocument;
  /** Facts of a text that is not open; native parser where it works, wasm otherwise. */
  factsOf(language: Language, text: Text, signal: AbortSignal): Promise<FileFacts | undefined>;
  /** Finds out whether the native parser works here; batch work does it by itself. Never rejects. */
  probeNative(): Promise<void>;
  status(): SyntaxStatus;
  dispose(): void;
}
