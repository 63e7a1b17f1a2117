// Facts of one text as lines, in the format of grammars/README.md: the golden files beside the samples hold exactly this.
import type { SyntaxSnapshot } from "../../server/syntax/index.ts";
import { lineAt, positionAt } from "../../server/text/index.ts";
import type { Offset, Span, Text } from "../../server/text/index.ts";

interface Line {
  readonly at: Offset;
  /** Facts that start together stand in this order: scope, declaration, import, reference, fold, finding. */
  readonly rank: number;
  readonly text: string;
}

export function factsText(snapshot: SyntaxSnapshot): string {
  const { text } = snapshot;
  const facts = snapshot.facts();
  const place = (span: Span): string => `${point(text, span.start)}-${point(text, span.end)}`;
  const scopeName = (index: number): string => {
    const scope = facts.scopes[index];
    if (scope === undefined) throw new Error(`there is no scope ${index}`);
    return scope.kind === "file" ? "file" : `${scope.kind}@${point(text, scope.span.start)}`;
  };
  const lines: Line[] = [
    ...facts.scopes
      .filter((scope) => scope.kind !== "file")
      .map((scope) => ({ at: scope.span.start, rank: 0, text: `scope ${scope.kind} ${place(scope.span)}` })),
    ...facts.declarations.map(({ kind, name, nameSpan, scope }) => ({
      at: nameSpan.start,
      rank: 1,
      text: `declaration ${kind} ${name} ${place(nameSpan)} scope=${scopeName(scope)}`,
    })),
    ...facts.imports.map(({ source, names, span }) => ({
      at: span.start,
      rank: 2,
      text: [
        `import source=${source}`,
        ...(names.length === 0 ? [] : [`names=${names.map(nameWithAlias).join(",")}`]),
        place(span),
      ].join(" "),
    })),
    ...facts.references.map(({ kind, name, span }) => ({
      at: span.start,
      rank: 3,
      text: `reference ${kind} ${name} ${place(span)}`,
    })),
    ...snapshot.folds().map((fold) => ({
      at: fold.start,
      rank: 4,
      text: `fold ${fold.kind} ${lineAt(text, fold.start) + 1}-${lineAt(text, fold.end) + 1}`,
    })),
    ...snapshot.findings().map(({ code, span, message }) => ({
      at: span.start,
      rank: 5,
      text: `finding ${code} ${place(span)} ${message}`,
    })),
  ];
  lines.sort((a, b) => a.at - b.at || a.rank - b.rank);
  return lines.map((line) => `${line.text}\n`).join("");
}

function nameWithAlias({ name, alias }: { readonly name: string; readonly alias: string }): string {
  return name === alias ? name : `${name} as ${alias}`;
}

function point(text: Text, offset: Offset): string {
  const { line, character } = positionAt(text, offset, "utf-16");
  return `${line + 1}:${character + 1}`;
}
