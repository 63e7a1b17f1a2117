// Languages as data: everything that hearth knows of a language comes from grammars/<id>/manifest.json.

/** How far a grammar's ERROR and MISSING nodes may be believed (facts: which grammars reject valid modern code). */
export type SyntaxTrust = "trusted" | "confirmed" | "silent";

export interface Language {
  readonly id: string;
  readonly name: string;
  /** Identifiers that editors send in `languageId`. */
  readonly editorIds: readonly string[];
  /** With the dot, lower case. */
  readonly extensions: readonly string[];
  /** Exact file names such as `Dockerfile`. */
  readonly filenames: readonly string[];
  /** Interpreter names on a `#!` line. */
  readonly interpreters: readonly string[];
  readonly keywords: readonly string[];
  /** Names that are known without any import. */
  readonly builtins: readonly string[];
  readonly lineComment: string | undefined;
  readonly blockComment: readonly [string, string] | undefined;
  /** Texts after which a member name follows, such as `.` and `::`. */
  readonly memberOperators: readonly string[];
  readonly brackets: readonly (readonly [string, string])[];
  readonly quotes: readonly string[];
  /** Pattern of a trimmed line that opens a block, beside lines that end in `{`; undefined where there is no other way. */
  readonly blockOpener: string | undefined;
  /** Pattern of the start of a line that closes such a block; undefined where indentation alone does. */
  readonly blockCloser: string | undefined;
  /** Every name that a file uses is declared in it, imported by its name, a keyword or one of `builtins`. */
  readonly hasClosedNames: boolean;
  readonly syntaxFindings: SyntaxTrust;
}

export interface LanguageRegistry {
  readonly all: readonly Language[];
  byId(id: string): Language | undefined;
  /** By the editor's identifier, then by file name, extension and `#!` line. */
  detect(document: {
    readonly editorId: string;
    readonly path: string | undefined;
    readonly firstLine: string;
  }): Language | undefined;
}
