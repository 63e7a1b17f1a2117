// Tells a tree about edits of its text. The parser wants rows and columns besides offsets; rows count LF only.
import { Edit } from "web-tree-sitter";
import type { Point, Tree } from "web-tree-sitter";
import { applyEdit, lineAt } from "../text/index.ts";
import type { Offset, Text, TextEdit } from "../text/index.ts";

/** `edits` lead, in order, from `before` to `after`, whose text is at hand already. */
export function editTree(tree: Tree, before: Text, after: Text, edits: readonly TextEdit[]): void {
  let text = before;
  edits.forEach((edit, index) => {
    const next = index === edits.length - 1 ? after : applyEdit(text, edit);
    const newEnd = edit.start + edit.newText.length;
    tree.edit(
      new Edit({
        startIndex: edit.start,
        oldEndIndex: edit.end,
        newEndIndex: newEnd,
        startPosition: pointAt(text, edit.start),
        oldEndPosition: pointAt(text, edit.end),
        newEndPosition: pointAt(next, newEnd),
      }),
    );
    text = next;
  });
}

/** The parser's own row and column: a lone CR, which ends a line for LSP, is a character like any other here. */
function pointAt(text: Text, offset: Offset): Point {
  const { content, lineStarts } = text;
  const line = lineAt(text, offset);
  let row = line;
  if (content.includes("\r")) {
    for (let index = 1; index <= line; index += 1)
      if (content.charCodeAt((lineStarts[index] ?? 0) - 1) !== LF) row -= 1;
  }
  const lastLineFeed = offset === 0 ? -1 : content.lastIndexOf("\n", offset - 1);
  return { row, column: offset - lastLineFeed - 1 };
}

const LF = 10;
