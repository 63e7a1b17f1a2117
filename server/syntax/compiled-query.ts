// A query file, compiled in parts: compiling a large one as a whole would stop the event loop for up to half a second.
import type { Language as WasmLanguage, Query } from "web-tree-sitter";
import type { Clock } from "../platform/index.ts";
import type { WasmEngine } from "./wasm-engine.ts";

export interface CompiledQuery {
  /** In the order of the file. */
  readonly parts: readonly { readonly query: Query; readonly firstPattern: number }[];
}

/** Compiling analyses the whole grammar once per part: measured 17 ms for Julia, 13 ms for C++, 2 ms for Python. */
const FIRST_PART_PATTERNS = 6;
/** A part that took longer makes the next one smaller. */
const SLOW_PART_MS = 40;
const QUICK_PART_MS = 15;

/** Gives the event loop a turn before each part. Throws what the parser says of a pattern that it cannot compile. */
export async function compileQuery(
  deps: { readonly engine: WasmEngine; readonly clock: Clock },
  language: WasmLanguage,
  source: string,
): Promise<CompiledQuery | undefined> {
  const patterns = splitPatterns(source);
  const parts: { readonly query: Query; readonly firstPattern: number }[] = [];
  let size = FIRST_PART_PATTERNS;
  try {
    for (let first = 0; first < patterns.length;) {
      await deps.clock.yieldTurn();
      const startedMs = deps.clock.nowMs();
      const query = deps.engine.compileQuery(language, patterns.slice(first, first + size).join("\n"));
      parts.push({ query, firstPattern: first });
      const tookMs = deps.clock.nowMs() - startedMs;
      first += size;
      if (tookMs > SLOW_PART_MS) size = Math.max(1, size >> 1);
      else if (tookMs < QUICK_PART_MS) size *= 4;
    }
  } catch (error) {
    for (const { query } of parts) query.delete();
    throw error;
  }
  return parts.length === 0 ? undefined : { parts };
}

/** The patterns of a query file, each with its captures; comments between them are dropped. */
export function splitPatterns(source: string): readonly string[] {
  const starts: number[] = [];
  let depth = 0;
  let last = 0;
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at];
    if (char === ";") {
      const lineFeed = source.indexOf("\n", at);
      at = lineFeed === -1 ? source.length : lineFeed;
      continue;
    }
    if (char === "(" || char === "[" || char === '"') {
      if (depth === 0) starts.push(at);
      if (char !== '"') depth += 1;
      else at = endOfString(source, at);
    } else if (char === ")" || char === "]") depth -= 1;
    last = at + 1;
  }
  return starts.map((start, index) => source.slice(start, starts[index + 1] ?? Math.max(last, start)));
}

function endOfString(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length && source[at] !== '"') at += source[at] === "\\" ? 2 : 1;
  return at;
}
