// Words of the text near the cursor: what is left to offer without a grammar, and a sign of which names are in use.
import type { Offset } from "../../../text/index.ts";
import { distances } from "./candidate.ts";
import type { Candidate } from "./candidate.ts";

/** UTF-16 units on each side of the cursor; keeps the scan under a few milliseconds in a text of any size. */
const REACH = 50_000;
const MIN_LENGTH = 3;
const WORD = /[\p{ID_Start}_$][\p{ID_Continue}$]*/gu;

/** The word at the cursor itself counts only where it stands a second time. */
export function wordsNear(content: string, wordStart: Offset, offset: Offset): Candidate[] {
  const from = Math.max(0, offset - REACH);
  const counts = new Map<string, number>();
  for (const match of content.slice(from, offset + REACH).matchAll(WORD)) {
    const [word] = match;
    const start = from + match.index;
    if (
      word.length < MIN_LENGTH ||
      (start <= offset && offset <= start + word.length && start >= wordStart)
    ) {
      continue;
    }
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => ({
    name,
    kind: "word" as const,
    distance: distances.word,
    count,
    detail: undefined,
  }));
}

/** How far back a name counts as in use, in UTF-16 units: about the screen above the cursor. */
const RECENT_REACH = 2_000;

/** The words just above the cursor; the one that is being typed is not among them unless it stands there too. */
export function recentWords(content: string, wordStart: Offset): ReadonlySet<string> {
  const words = content.slice(Math.max(0, wordStart - RECENT_REACH), wordStart).matchAll(WORD);
  return new Set(Array.from(words, ([word]) => word));
}
