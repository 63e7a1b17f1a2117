// What an edit does to the findings of a text: the measure of a verified action.
import type { SyntaxFinding } from "../../syntax/index.ts";
import type { Span, TextEdit } from "../../text/index.ts";

/** True when `fixed` is gone and every finding after the edit was there before. */
export function mendsWithoutHarm(
  fixed: SyntaxFinding,
  before: readonly SyntaxFinding[],
  after: readonly SyntaxFinding[],
  edit: TextEdit,
): boolean {
  const left = before.map((finding) => ({ finding, span: spanAfter(finding.span, edit) }));
  for (const finding of after) {
    const known = left.findIndex((other) => isSame(other, finding));
    if (known < 0 || left[known]?.finding === fixed) return false;
    left.splice(known, 1);
  }
  return true;
}

function isSame(
  before: { readonly finding: SyntaxFinding; readonly span: Span },
  after: SyntaxFinding,
): boolean {
  return (
    before.finding.code === after.code &&
    before.finding.message === after.message &&
    before.span.start === after.span.start &&
    before.span.end === after.span.end
  );
}

/** Text that is inserted at the edge of a span stays outside it. */
function spanAfter(span: Span, edit: TextEdit): Span {
  const shift = edit.newText.length - (edit.end - edit.start);
  const start = span.start >= edit.end ? span.start + shift : Math.min(span.start, edit.start);
  const end = span.end > edit.start ? Math.max(start, span.end + shift) : span.end;
  return { start, end };
}
