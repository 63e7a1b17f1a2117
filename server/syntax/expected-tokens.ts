// What the grammar would accept where the parser gave up: the short tokens (`:`, `)`, `then`) that may be all that is missing.
import type { Node, Tree } from "web-tree-sitter";
import { lineAt, lineEnd } from "../text/index.ts";
import type { Offset, Text } from "../text/index.ts";

interface ExpectedTokens {
  readonly offset: Offset;
  readonly tokens: readonly string[];
}

const MAX_TOKENS = 6;
/** Punctuation only: keywords inserted by guess seldom say what the user meant, and an opening bracket asks for another. */
const isPunctuation = /^[:;,=)\]}]$|^[=-]>$/;

/** For an ERROR node: in front of it, and at the end of the line on which it begins. */
export function expectedTokens(tree: Tree, node: Node, text: Text): readonly ExpectedTokens[] {
  if (!node.isError) return [];
  const line = lineAt(text, node.startIndex);
  const places = [node.startIndex, Math.min(lineEnd(text, line), text.content.length)];
  return places.flatMap((place) => {
    const leaf = leafEndingBefore(tree, place, text);
    if (leaf === undefined) return [];
    const tokens = tokensAfter(tree, leaf);
    return tokens.length === 0 ? [] : [{ offset: leaf.endIndex, tokens }];
  });
}

function leafEndingBefore(tree: Tree, offset: Offset, text: Text): Node | undefined {
  let at = offset;
  while (at > 0 && /\s/.test(text.content.charAt(at - 1))) at -= 1;
  if (at === 0) return undefined;
  const leaf = tree.rootNode.descendantForIndex(at - 1, at);
  return leaf?.childCount === 0 ? leaf : undefined;
}

function tokensAfter(tree: Tree, leaf: Node): readonly string[] {
  const iterator = tree.language.lookaheadIterator(leaf.nextParseState);
  if (iterator === null) return [];
  const tokens: string[] = [];
  try {
    for (const type of iterator)
      if (isPunctuation.test(type) && tokens.length < MAX_TOKENS) tokens.push(type);
  } finally {
    iterator.delete();
  }
  return tokens;
}
