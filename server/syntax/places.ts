// Whether an offset stands in code, in a string or in a comment.
import type { Offset, Text } from "../text/index.ts";
import { lineEnd } from "../text/index.ts";
import type { Match } from "./captures.ts";
import type { Language } from "./languages.ts";
import type { PlaceKind } from "./syntax-service.ts";

const placeOfCapture: ReadonlyMap<string, PlaceKind> = new Map([
  ["string", "string"],
  ["comment", "comment"],
  ["code", "code"],
]);

/** The innermost capture that holds the offset decides; a comment to the end of its line also holds that end. */
export function placeOf(
  matches: readonly Match[],
  offset: Offset,
  text: Text,
  line: number,
  language: Language,
): PlaceKind {
  let place: PlaceKind = "code";
  let length = Infinity;
  for (const { captures } of matches)
    for (const { name, start, end } of captures) {
      const kind = placeOfCapture.get(name);
      if (kind === undefined || offset <= start || end - start >= length) continue;
      const isOpenAtEnd =
        kind === "comment" && offset === Math.min(end, lineEnd(text, line)) && !isBlock(text, end, language);
      if (offset >= end && !isOpenAtEnd) continue;
      place = kind;
      length = end - start;
    }
  return place;
}

function isBlock(text: Text, end: Offset, language: Language): boolean {
  return language.blockComment !== undefined && text.content.endsWith(language.blockComment[1], end);
}
