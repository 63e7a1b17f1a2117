// The ERROR and MISSING nodes of a tree: the only evidence for a syntax finding (`hasError` alone can be true without any).
import type { Node, Tree } from "web-tree-sitter";

/**
 * Outermost ERROR nodes and all MISSING nodes in text order, at most `limit`; an ERROR's own inside is not looked at. Where the
 * whole text is one ERROR, those inside it are meant, and the whole only when there is none.
 */
export function errorNodes(tree: Tree, limit: number): readonly Node[] {
  const found = innerErrorNodes(tree, limit);
  return found.length === 0 && tree.rootNode.isError ? [tree.rootNode] : found;
}

/** As `errorNodes`, without the whole. */
export function innerErrorNodes(tree: Tree, limit: number): readonly Node[] {
  const found: Node[] = [];
  const cursor = tree.walk();
  try {
    for (;;) {
      const node = cursor.currentNode;
      const isFound = node.isMissing || (node.isError && cursor.currentDepth > 0);
      if (isFound) found.push(node);
      if (found.length >= limit) return found;
      if (!isFound && node.hasError && cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return found;
    }
  } finally {
    cursor.delete();
  }
}

/** Each node counts as much as this many units of text that the parser could not use. */
export const NODE_WEIGHT = 10;
const WEIGHED_NODES = 200;

/** How much of the text the parser could not make sense of; 0 when nothing is wrong. */
export function damageOf(tree: Tree): number {
  const { rootNode } = tree;
  const whole = rootNode.isError ? rootNode.endIndex - rootNode.startIndex + NODE_WEIGHT : 0;
  return innerErrorNodes(tree, WEIGHED_NODES).reduce(
    (sum, node) => sum + (node.isMissing ? 0 : node.endIndex - node.startIndex) + NODE_WEIGHT,
    whole,
  );
}
