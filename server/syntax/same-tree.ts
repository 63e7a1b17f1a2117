// Whether two trees say the same about a text: node by node, kinds, spans and flags.
import type { Tree } from "web-tree-sitter";

/** The offset where they first differ, or undefined when they do not. */
export function firstDifference(a: Tree, b: Tree): number | undefined {
  const left = a.walk();
  const right = b.walk();
  try {
    for (;;) {
      const isSame =
        left.nodeTypeId === right.nodeTypeId &&
        left.startIndex === right.startIndex &&
        left.endIndex === right.endIndex &&
        left.nodeIsMissing === right.nodeIsMissing &&
        left.currentFieldId === right.currentFieldId;
      if (!isSame) return Math.min(left.startIndex, right.startIndex);
      const goesDown = left.gotoFirstChild();
      if (goesDown !== right.gotoFirstChild()) return left.startIndex;
      if (goesDown) continue;
      for (;;) {
        const goesOn = left.gotoNextSibling();
        if (goesOn !== right.gotoNextSibling()) return left.startIndex;
        if (goesOn) break;
        const goesUp = left.gotoParent();
        if (goesUp !== right.gotoParent()) return left.startIndex;
        if (!goesUp) return undefined;
      }
    }
  } finally {
    left.delete();
    right.delete();
  }
}
