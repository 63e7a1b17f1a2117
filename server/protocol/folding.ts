// Folds as the client can show them: whole lines or exact, at most as many as it wants, the widest ones kept.
import type { FoldingRange } from "vscode-languageserver";
import type { Fold } from "../syntax/index.ts";
import { lineAt, lineText, positionAt } from "../text/index.ts";
import type { Text } from "../text/index.ts";
import type { ClientProfile } from "./client-profile.ts";

export function toFoldingRanges(
  folds: readonly Fold[],
  text: Text,
  closers: readonly string[],
  client: ClientProfile,
): FoldingRange[] {
  const { lineOnly, rangeLimit } = client.folding;
  const byStart = new Map<string, FoldingRange>();
  for (const fold of folds) {
    const range = lineOnly ? toLines(fold, text, closers) : toExact(fold, text, client);
    if (range === undefined) continue;
    const key = lineOnly ? String(range.startLine) : `${range.startLine}:${range.startCharacter ?? 0}`;
    const known = byStart.get(key);
    // Clients show one fold per start: the wider one.
    if (known === undefined || known.endLine < range.endLine) byStart.set(key, range);
  }
  const ranges = [...byStart.values()];
  const kept =
    rangeLimit === undefined || ranges.length <= rangeLimit
      ? ranges
      : ranges.sort((a, b) => heightOf(b) - heightOf(a)).slice(0, rangeLimit);
  return kept.sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
}

/** A last line that holds nothing but the closing bracket stays visible. */
function toLines(fold: Fold, text: Text, closers: readonly string[]): FoldingRange | undefined {
  const startLine = lineAt(text, fold.start);
  let endLine = lastLineOf(fold, text);
  const last = lineText(text, endLine).trimStart();
  if (fold.kind === "code" && closers.some((closer) => last.startsWith(closer))) endLine -= 1;
  return endLine <= startLine ? undefined : { startLine, endLine, ...kindOf(fold) };
}

function toExact(fold: Fold, text: Text, client: ClientProfile): FoldingRange | undefined {
  const start = positionAt(text, fold.start, client.positionEncoding);
  const end = positionAt(text, fold.end, client.positionEncoding);
  if (end.line <= start.line) return undefined;
  return {
    startLine: start.line,
    startCharacter: start.character,
    endLine: end.line,
    endCharacter: end.character,
    ...kindOf(fold),
  };
}

/** A fold that ends right after a line break ends on the line before it. */
function lastLineOf(fold: Fold, text: Text): number {
  const line = lineAt(text, fold.end);
  return fold.end > fold.start && text.lineStarts[line] === fold.end ? line - 1 : line;
}

function kindOf(fold: Fold): { readonly kind?: string } {
  return fold.kind === "code" ? {} : { kind: fold.kind };
}

function heightOf(range: FoldingRange): number {
  return range.endLine - range.startLine;
}
