// The symbols of a file as a tree: declarations nested by their spans, without what only matters inside a body.
import type { DeclarationKind, FileFacts } from "./facts.ts";
import type { OutlineItem } from "./syntax-service.ts";
import type { Span } from "../text/index.ts";
import { contains } from "./captures.ts";

const neverShown: ReadonlySet<DeclarationKind> = new Set(["parameter", "type-parameter", "label"]);
const shownOutsideBodies: ReadonlySet<DeclarationKind> = new Set(["variable", "constant"]);

interface OpenItem extends OutlineItem {
  readonly children: OpenItem[];
}

export function outlineOf(facts: FileFacts): readonly OutlineItem[] {
  const isShown = ({ kind, scope }: FileFacts["declarations"][number]): boolean => {
    if (neverShown.has(kind)) return false;
    if (!shownOutsideBodies.has(kind)) return true;
    const around = facts.scopes[scope]?.kind;
    return around === "file" || around === "class";
  };
  const shown = facts.declarations
    .filter(isShown)
    .sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  const roots: OpenItem[] = [];
  const open: OpenItem[] = [];
  for (const { name, kind, span, nameSpan } of shown) {
    while (open.length > 0 && !isInside(open.at(-1)?.span, span)) open.pop();
    const item: OpenItem = { name, kind, span, nameSpan, children: [] };
    (open.at(-1)?.children ?? roots).push(item);
    open.push(item);
  }
  return roots;
}

/** Two names of one statement (`a = b = 1`) have one span and are siblings. */
function isInside(outer: Span | undefined, inner: Span): boolean {
  if (outer === undefined || !contains(outer, inner)) return false;
  return outer.start !== inner.start || outer.end !== inner.end;
}
