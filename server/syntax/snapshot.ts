// One parsed text: answers are computed from its tree when first asked for, and kept as plain data.
import type { Node } from "web-tree-sitter";
import type { Clock } from "../platform/index.ts";
import type { Offset, Span, Text, TextEdit } from "../text/index.ts";
import { lineAt } from "../text/index.ts";
import { confirmedFindings, withoutUnconfirmed } from "./agreement.ts";
import { runQuery } from "./captures.ts";
import type { Match } from "./captures.ts";
import type { CompiledQuery } from "./compiled-query.ts";
import { collectFacts } from "./collect-facts.ts";
import { errorNodes } from "./error-nodes.ts";
import type { FileFacts } from "./facts.ts";
import { foldsOf } from "./folds.ts";
import type { Grammar } from "./grammar-store.ts";
import { findingsByMending } from "./mending.ts";
import { outlineOf } from "./outline.ts";
import { placeOf } from "./places.ts";
import type { QueryName } from "./query-files.ts";
import type { Problem } from "./second-opinion.ts";
import { spansAround } from "./selection.ts";
import type { Fold, OutlineItem, SyntaxFinding, SyntaxSnapshot } from "./syntax-service.ts";
import { tryEdit } from "./trial.ts";
import type { OwnedTree, WasmEngine } from "./wasm-engine.ts";

/** More errors than this are not told apart: the text is not code of this language. */
const COUNTED_ERRORS = 1_000;

export interface OwnedSnapshot extends SyntaxSnapshot {
  readonly owned: OwnedTree;
  /** Facts from the nodes that touch `span`; for a small span far cheaper than those of the whole text. */
  factsAround(span: Span): FileFacts;
  /** Whether a second parser has to be asked before `findings` says anything. */
  needsOpinion(): boolean;
  /** What the grammar alone says, whatever its trust. */
  unconfirmed(): readonly SyntaxFinding[];
  /** The second parser's answer, undefined when it gave none. */
  judge(problems: readonly Problem[] | undefined): void;
  /** Works on `findings` until the deadline; true when they are there. At least one trial is made. */
  mend(deadlineMs: number): boolean;
  /** Nobody wants them any more: what was tried is given back. Asking again begins anew. */
  stopMending(): void;
}

/** Runs a query on the snapshot's tree, or knows what it matched. */
type MatchSource = (name: QueryName, query: CompiledQuery) => readonly Match[];

/** The snapshot owns `owned`. After its release, what was not asked for before is empty. */
export function createSnapshot(deps: {
  readonly grammar: Grammar;
  readonly text: Text;
  readonly owned: OwnedTree;
  readonly engine: WasmEngine;
  readonly clock: Clock;
  readonly matches: MatchSource;
}): OwnedSnapshot {
  const { grammar, text, owned } = deps;
  const language = grammar.language;

  const matches = (name: QueryName, range?: Span): readonly Match[] => {
    const query = owned.isReleased ? undefined : grammar.query(name);
    if (query === undefined) return [];
    return range === undefined ? deps.matches(name, query) : runQuery(query, owned.tree, range);
  };
  const nodesWithErrors = (limit: number): readonly Node[] =>
    owned.isReleased ? [] : errorNodes(owned.tree, limit);

  const facts = once(() =>
    collectFacts(language, text.content, {
      declarations: matches("declarations"),
      scopes: matches("scopes"),
      imports: matches("imports"),
      references: matches("references"),
    }),
  );
  const outline = once(() => outlineOf(facts()));
  const folds = once(() => foldsOf(text, matches("folds")));
  const errorCount = once(() => nodesWithErrors(COUNTED_ERRORS).length);
  // Valid code that the grammar is known to reject.
  const tolerated = once(() =>
    matches("tolerated").flatMap(({ captures }) => captures.filter(({ name }) => name === "tolerated")),
  );
  const isTolerated = ({ span }: SyntaxFinding): boolean =>
    tolerated().some(({ start, end }) => start <= span.end && span.start <= end);
  let mending: ReturnType<typeof findingsByMending> | undefined;
  let found: readonly SyntaxFinding[] | undefined;
  const mend = (deadlineMs: number): boolean => {
    const isGone = owned.isReleased && mending === undefined;
    if (found === undefined && (isGone || errorCount() === 0)) found = [];
    while (found === undefined) {
      const steps = mending ?? findingsByMending(deps, { text, owned });
      // One that throws has ended: whoever asks again begins anew, and hears of it as well.
      mending = undefined;
      const step = steps.next();
      if (step.done === true) {
        found = step.value.filter((finding) => !isTolerated(finding));
        break;
      }
      mending = steps;
      if (deps.clock.nowMs() >= deadlineMs) return false;
    }
    return true;
  };
  const treeFindings = (): readonly SyntaxFinding[] => {
    mend(Infinity);
    return found ?? [];
  };
  let opinion: { readonly problems: readonly Problem[] | undefined } | undefined;
  // css-tree 3.2.1 rejects nested selectors (`.x & {}`), as the grammar does: where both are wrong, agreement proves nothing.
  const competence = grammar.manifest.confirmWith === "css" ? "closing" : "everything";
  const confirmed = once(() => confirmedFindings(text, treeFindings(), opinion?.problems ?? [], competence));
  const findings = (): readonly SyntaxFinding[] => {
    switch (language.syntaxFindings) {
      case "trusted":
        return treeFindings();
      case "confirmed":
        return opinion === undefined ? [] : confirmed();
      case "silent":
        return [];
    }
  };

  /** Runs `read` on the snapshot of the text after `edit`; undefined when the parse takes longer than `budgetMs`. */
  const after = <Answer>(
    edit: TextEdit,
    budgetMs: number,
    read: (next: OwnedSnapshot) => Answer,
  ): Answer | undefined => {
    if (owned.isReleased) return undefined;
    const next = tryEdit(deps, { text, owned }, edit, deps.clock.nowMs() + budgetMs);
    if (next === undefined) return undefined;
    try {
      const matches: MatchSource = (_name, query) => runQuery(query, next.owned.tree);
      return read(createSnapshot({ ...deps, text: next.text, owned: next.owned, matches }));
    } finally {
      next.owned.release();
    }
  };

  return {
    owned,
    language,
    text,
    factsAround: (span) =>
      collectFacts(language, text.content, {
        declarations: matches("declarations", span),
        scopes: [],
        imports: matches("imports", span),
        references: matches("references", span),
      }),
    facts: (): FileFacts => facts(),
    findings,
    needsOpinion: () => language.syntaxFindings === "confirmed" && opinion === undefined && errorCount() > 0,
    judge(problems) {
      opinion = { problems };
    },
    mend: (deadlineMs) => language.syntaxFindings === "silent" || mend(deadlineMs),
    stopMending() {
      mending?.return([]);
      mending = undefined;
    },
    outline: (): readonly OutlineItem[] => outline(),
    folds: (): readonly Fold[] => folds(),
    selectionSpans: (offset: Offset) =>
      spansAround(owned.isReleased ? undefined : owned.tree.rootNode, offset, text),
    placeAt(offset) {
      const line = lineAt(text, offset);
      const around = { start: Math.max(0, offset - 1), end: offset + 1 };
      return placeOf(matches("places", around), offset, text, line, language);
    },
    errorCount: () => errorCount(),
    errorCountAfter: (edit, budgetMs) => after(edit, budgetMs, (next) => next.errorCount()),
    trialOf: (edit, budgetMs) =>
      after(edit, budgetMs, (next) => {
        const span = { start: edit.start, end: edit.start + edit.newText.length };
        const touches = (other: Span): boolean => other.start <= span.end && span.start <= other.end;
        const { declarations, references, imports } = next.factsAround(span);
        return {
          errorCount: next.errorCount(),
          declarations: declarations.filter(({ nameSpan }) => touches(nameSpan)),
          references: references.filter((reference) => touches(reference.span)),
          imports: imports.filter((statement) => touches(statement.span)),
        };
      }),
    findingsAfter: (edit, budgetMs) =>
      after(edit, budgetMs, (next) => {
        if (language.syntaxFindings !== "confirmed") return next.findings();
        return withoutUnconfirmed(next.unconfirmed(), treeFindings(), findings());
      }),
    unconfirmed: treeFindings,
  };
}

function once<Value>(compute: () => Value): () => Value {
  let kept: { readonly value: Value } | undefined;
  return () => (kept ??= { value: compute() }).value;
}
