// What a query found, as plain data: the same from the WebAssembly and the native parser, and valid after the tree is gone.
import type { Tree } from "web-tree-sitter";
import type { CompiledQuery } from "./compiled-query.ts";
import type { Span } from "../text/index.ts";

export interface Capture extends Span {
  readonly name: string;
}

export interface Match {
  /** Place of the pattern in the query file: earlier patterns win. */
  readonly pattern: number;
  readonly captures: readonly Capture[];
}

/** Nodes count UTF-16 units, but a query's range counts bytes (web-tree-sitter 0.27.1; a test notices when that changes). */
const BYTES_PER_UNIT = 2;

/** Matches with a node that touches `range`, or all. */
export function runQuery(query: CompiledQuery, tree: Tree, range?: Span): readonly Match[] {
  const options =
    range === undefined
      ? {}
      : {
          startIndex: range.start * BYTES_PER_UNIT,
          endIndex: Math.max(1, range.end) * BYTES_PER_UNIT,
        };
  const root = tree.rootNode;
  return query.parts.flatMap((part) =>
    part.query.matches(root, options).map(({ patternIndex, captures }) => ({
      pattern: part.firstPattern + patternIndex,
      captures: captures.map(({ name, node }) => ({ name, start: node.startIndex, end: node.endIndex })),
    })),
  );
}

/** One number per span: texts are shorter than 2^22 units (see `MAX_PARSED_LENGTH`), so two spans never share one. */
export function spanKey(span: Span): number {
  return span.start * 0x400000 + (span.end - span.start);
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
