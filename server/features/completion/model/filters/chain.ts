// The filters in their order: first what is no text, then what is no new text, then what is no code.
import { cutAtWrongBracket } from "./bracket-balance.ts";
import { dropBlank } from "./blank.ts";
import { cutAtControlText } from "./control-text.ts";
import type { LineFilter, LinePlace } from "./line-filter.ts";
import { dropRepetition } from "./repetition.ts";
import { cutSuffixEcho } from "./suffix-echo.ts";

const chain: readonly LineFilter[] = [
  cutAtControlText,
  dropBlank,
  dropRepetition,
  cutSuffixEcho,
  cutAtWrongBracket,
  dropBlank,
];

export function filterLine(line: string, place: LinePlace): string | undefined {
  let kept: string | undefined = line;
  for (const filter of chain) {
    if (kept === undefined) return undefined;
    kept = filter(kept, place);
  }
  return kept;
}
