// Selection chains: from the innermost range out, each inside its parent.
import type { SelectionRange } from "vscode-languageserver";
import type { PositionEncoding, Span, Text } from "../text/index.ts";
import { toRange } from "./ranges.ts";

/** `spans` go from the innermost to the outermost. */
export function toSelectionRange(
  spans: readonly Span[],
  text: Text,
  encoding: PositionEncoding,
): SelectionRange | undefined {
  let outer: SelectionRange | undefined;
  for (const span of [...spans].reverse()) {
    const range = toRange(text, span, encoding);
    outer = outer === undefined ? { range } : { range, parent: outer };
  }
  return outer;
}
