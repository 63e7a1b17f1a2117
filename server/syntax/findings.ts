// Syntax findings in words: what is wrong and, where the grammar says so, what was expected.
import type { Node } from "web-tree-sitter";
import type { Text } from "../text/index.ts";
import type { SyntaxFinding } from "./syntax-service.ts";

export function findingOf(node: Node, text: Text): SyntaxFinding {
  const span = { start: node.startIndex, end: node.endIndex };
  if (node.isMissing) {
    const token = node.isNamed ? node.type.replaceAll("_", " ") : `\`${node.type}\``;
    const edit = { start: span.start, end: span.start, newText: node.type };
    return {
      span,
      message: `${token} is missing here`,
      code: "missing-token",
      repair: node.isNamed ? undefined : { title: `Insert ${token}`, edit },
    };
  }
  const quoted = text.content.slice(span.start, Math.min(span.end, span.start + 30)).split(/[\r\n]/)[0] ?? "";
  return { span, message: `\`${quoted}\` is not expected here`, code: "unexpected-text", repair: undefined };
}
