// The open documents of one client: each change makes a new immutable snapshot; what cannot be applied is reported.
import type { Language, SyntaxDocument, SyntaxService } from "../syntax/index.ts";
import { applyChanges, createText, lineEnd } from "../text/index.ts";
import type { Text, TextEdit } from "../text/index.ts";
import type { DocumentSnapshot, DocumentStore, OpenedDocument, WorkspaceFolder } from "./documents.ts";
import { defaultSizeLimits, oversizeReason } from "./size-limits.ts";
import type { SizeLimits } from "./size-limits.ts";
import { displayPathOf, filePathOf, uriKey } from "./uris.ts";

export interface DocumentStoreDeps {
  readonly syntax: SyntaxService;
  /** Names the client in the whole daemon, so that document identities are unique there. */
  readonly owner: string;
  /** The workspace folders as they are now; read when a snapshot is made. */
  readonly folders: () => readonly WorkspaceFolder[];
  readonly limits?: SizeLimits;
}

export function createDocumentStore(deps: DocumentStoreDeps): DocumentStore {
  const limits = deps.limits ?? defaultSizeLimits;
  const documents = new Map<string, DocumentSnapshot>();
  let opened = 0;

  const oversizeOf = (displayPath: string, text: Text): DocumentSnapshot["oversize"] => {
    const reason = oversizeReason(displayPath, text, limits);
    return reason === undefined ? undefined : { reason };
  };

  /** An oversize text has a syntax document without a language: nothing is parsed. */
  const openSyntax = (
    language: Language | undefined,
    text: Text,
    oversize: DocumentSnapshot["oversize"],
  ): SyntaxDocument => deps.syntax.openDocument(oversize === undefined ? language : undefined, text);

  /** The next snapshot of an open document; its syntax is replaced only when the text crosses the size limits. */
  const advance = (
    known: DocumentSnapshot,
    version: number,
    text: Text,
    edits: readonly TextEdit[],
  ): DocumentSnapshot => {
    const displayPath = displayPathOf(known.uri, deps.folders());
    const oversize = oversizeOf(displayPath, text);
    let { syntax } = known;
    if ((oversize === undefined) === (known.oversize === undefined)) {
      syntax.update(text, edits);
    } else {
      syntax.dispose();
      syntax = openSyntax(known.language, text, oversize);
    }
    return { ...known, version, text, displayPath, syntax, oversize };
  };

  const store = (document: OpenedDocument): void => {
    const text = createText(document.content);
    const path = filePathOf(document.uri);
    const displayPath = displayPathOf(document.uri, deps.folders());
    const firstLine = text.content.slice(0, Math.min(lineEnd(text, 0), MAX_FIRST_LINE));
    // A virtual document may carry a file name too, such as `git:/src/a.py`.
    const language = deps.syntax.languages.detect({
      editorId: document.editorId,
      path: path ?? displayPath,
      firstLine,
    });
    const oversize = oversizeOf(displayPath, text);
    opened += 1;
    documents.set(uriKey(document.uri), {
      id: `${deps.owner}:${opened}`,
      uri: document.uri,
      version: document.version,
      text,
      language,
      path,
      displayPath,
      syntax: openSyntax(language, text, oversize),
      oversize,
    });
  };

  return {
    open(document) {
      const known = documents.get(uriKey(document.uri));
      known?.syntax.dispose();
      store(document);
      return problemsOf(
        known !== undefined && `${document.uri} was opened although it is open; its new text was taken`,
      );
    },

    change(change, encoding) {
      const key = uriKey(change.uri);
      const known = documents.get(key);
      if (known === undefined) {
        return {
          ...problemsOf(`a change of ${change.uri} was refused: the document is not open`),
          edits: [],
        };
      }
      if (!(change.version > known.version)) {
        const versions = `its version ${change.version} does not follow ${known.version}`;
        return { ...problemsOf(`a change of ${change.uri} was refused: ${versions}`), edits: [] };
      }
      const { text, edits, problems } = applyChanges(known.text, change.changes, encoding);
      documents.set(key, advance(known, change.version, text, edits));
      return { problems: problems.map((problem) => `${change.uri}: ${problem}`), edits };
    },

    close(uri) {
      const key = uriKey(uri);
      const known = documents.get(key);
      known?.syntax.dispose();
      documents.delete(key);
      return problemsOf(known === undefined && `${uri} was closed although it is not open`);
    },

    get: (uri) => documents.get(uriKey(uri)),
    all: () => [...documents.values()],

    dispose() {
      for (const document of documents.values()) document.syntax.dispose();
      documents.clear();
    },
  };
}

/** Enough of a first line for `#!` detection. */
const MAX_FIRST_LINE = 300;

function problemsOf(problem: string | false): { readonly problems: readonly string[] } {
  return { problems: problem === false ? [] : [problem] };
}
