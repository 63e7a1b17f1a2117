// The ERROR and MISSING nodes of a tree: the only evidence for a syntax finding (`hasError` alone can be true without any).
import type { Node, Tree } from "web-tree-sitter";

/** Outermost ERROR nodes and all MISSING nodes in text order, at most `limit`; an ERROR's own inside is not looked at. */
export function errorNodes(tree: Tree, limit: number): readonly Node[] {
  const found: Node[] = [];
  const cursor = tree.walk();
  try {
    for (;;) {
      const node = cursor.currentNode;
      const isFound = node.isError || node.isMissing;
      if (isFound) found.push(node);
      if (found.length >= limit) return found;
      if (!isFound && node.hasError && cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return found;
    }
  } finally {
    cursor.delete();
  }
}
