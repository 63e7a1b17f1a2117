// Open documents of one client: unsaved text, its syntax, and immutable snapshots for readers.
import type { Language, SyntaxDocument } from "../syntax/index.ts";
import type { ContentChange, PositionEncoding, Text, TextEdit } from "../text/index.ts";

/** What a request reads: taken when its message arrived, never changed afterwards. */
export interface DocumentSnapshot {
  /** Names the opened document in the whole daemon: two clients with one file open have two identities. */
  readonly id: string;
  /** As the client spelled it; echoed back byte for byte. */
  readonly uri: string;
  readonly version: number;
  readonly text: Text;
  readonly language: Language | undefined;
  /** File path of a `file:` URI, undefined for untitled and virtual documents. */
  readonly path: string | undefined;
  /** Path relative to the workspace folder that holds it, else the last part of the URI: what the model and people see. */
  readonly displayPath: string;
  readonly syntax: SyntaxDocument;
  /** Too long or with too long lines for per-keystroke analysis; `reason` is the sentence shown once. */
  readonly oversize: { readonly reason: string } | undefined;
}

export interface OpenedDocument {
  readonly uri: string;
  readonly editorId: string;
  readonly version: number;
  readonly content: string;
}

export interface DocumentChange {
  readonly uri: string;
  readonly version: number;
  readonly changes: readonly ContentChange[];
}

/** All methods are synchronous: nothing can be observed half applied. Problems are sentences for the log. */
export interface DocumentStore {
  /** A second open of a document is reported and its text taken: the client's later changes are relative to it. */
  open(document: OpenedDocument): { readonly problems: readonly string[] };
  /**
   * A change of an unknown document or with a version that does not grow is refused and reported. The edits are those
   * that were applied, in order, each relative to the text before it.
   */
  change(
    change: DocumentChange,
    encoding: PositionEncoding,
  ): { readonly problems: readonly string[]; readonly edits: readonly TextEdit[] };
  close(uri: string): { readonly problems: readonly string[] };
  get(uri: string): DocumentSnapshot | undefined;
  all(): readonly DocumentSnapshot[];
  dispose(): void;
}

export interface WorkspaceFolder {
  readonly uri: string;
  readonly name: string;
}
