// Spans to grow a selection through: the nodes around an offset, each strictly larger than the one before, the file last.
import type { Node } from "web-tree-sitter";
import type { Offset, Span, Text } from "../text/index.ts";

export function spansAround(root: Node | undefined, offset: Offset, text: Text): readonly Span[] {
  const whole = { start: 0, end: text.content.length };
  const at = Math.max(0, Math.min(offset, whole.end));
  const spans: Span[] = [];
  for (let node = root === undefined ? null : leafAt(root, at); node !== null; node = node.parent) {
    const span = { start: node.startIndex, end: node.endIndex };
    const inner = spans.at(-1);
    const holdsOffset = span.start <= at && at <= span.end && span.start < span.end;
    const grows =
      inner === undefined ||
      (span.start <= inner.start && inner.end <= span.end && span.end - span.start > inner.end - inner.start);
    if (holdsOffset && grows) spans.push(span);
  }
  const last = spans.at(-1);
  if (last === undefined || last.end - last.start < whole.end) spans.push(whole);
  return spans;
}

/** The token at the offset, or the name that ends there: a cursor behind a name means that name. */
function leafAt(root: Node, offset: Offset): Node | null {
  const following = root.descendantForIndex(offset);
  if (offset === 0 || following === null) return following;
  const before = root.descendantForIndex(offset - 1);
  const namesSomething = before?.isNamed === true && before.endIndex === offset && before.childCount === 0;
  return namesSomething &&
    !(following.isNamed && following.childCount === 0 && following.startIndex === offset)
    ? before
    : following;
}
