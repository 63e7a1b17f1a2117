// The part of a running answer that can be shown at a deadline: sure so far, and cut where a reader would cut it.
import type { Language } from "../../../syntax/index.ts";
import { bracketBalance } from "./filters/bracket-scan.ts";
import { commonBrackets } from "./filters/line-filter.ts";
import { PART_GATE } from "./line-answer.ts";
import type { RunProgress } from "./model-run.ts";

/** One token as doubtful as this ends the part before it. */
const TOKEN_GATE = 0.4;

export interface PartialPlace {
  /** The cursor's line left of the cursor, with the typed part of a word. */
  readonly lineLeft: string;
  readonly language: Language | undefined;
}

/** What is sure of a block so far: whole lines that leave none of their own brackets open, whose end may be seconds away. */
export function sureLines(progress: RunProgress, language: Language | undefined): string | undefined {
  const brackets = language?.brackets ?? commonBrackets;
  const lines = sureText(progress).split("\n").slice(0, -1);
  let open = 0;
  let whole = 0;
  lines.forEach((line, at) => {
    const balance = bracketBalance(line, brackets);
    open += balance.open - balance.unopened.length;
    if (open <= 0 && line.trim() !== "") whole = at + 1;
  });
  return whole === 0 ? undefined : lines.slice(0, whole).join("\n").trimEnd();
}

/** Of a block whole lines, of a line its words; undefined when nothing sure and whole is there yet. */
export function partialLine(progress: RunProgress, place: PartialPlace): string | undefined {
  const sure = sureText(progress);
  const lastBreak = sure.lastIndexOf("\n");
  if (sure.slice(0, lastBreak + 1).trim() !== "") return sureLines(progress, place.language);
  const line = sure.slice(lastBreak + 1);
  const left = lastBreak < 0 ? place.lineLeft : "";
  const end = boundaryIn(line, left, place.language);
  return end === undefined ? undefined : sure.slice(0, sure.length - line.length + end);
}

function sureText({ text, pieces }: RunProgress): string {
  let length = 0;
  let sum = 0;
  let count = 0;
  for (const piece of pieces) {
    if (piece.probability < TOKEN_GATE) break;
    sum += piece.probability;
    count += 1;
    length += piece.text.length;
  }
  if (count === 0 || sum / count < PART_GATE) return "";
  return text.slice(0, Math.min(length, text.length));
}

/**
 * The longest part that ends behind a whole word or a closing bracket, outside strings, with no bracket of its own left
 * open. A word is whole when another character follows it: the next token may go on with the last one.
 */
function boundaryIn(line: string, left: string, language: Language | undefined): number | undefined {
  const brackets = language?.brackets ?? commonBrackets;
  const openLeft = bracketBalance(left, brackets).open;
  for (let end = line.length; end > 0; end -= 1) {
    const part = line.slice(0, end);
    const last = part.at(-1) ?? "";
    const next = line.charAt(end);
    const isCloser = brackets.some(([, close]) => close === last);
    const isWord = WORD.test(last) && next !== "" && !WORD.test(next);
    if (!isCloser && !isWord) continue;
    if (isInString(left + part, language)) continue;
    // A closing bracket may belong to what stands left of the cursor; an open one would be the suggestion's own.
    const { open } = bracketBalance(left + part, brackets);
    if (open <= openLeft && bracketBalance(part, brackets).open === 0) return end;
  }
  return undefined;
}

const WORD = /[\p{ID_Continue}$]/u;

function isInString(text: string, language: Language | undefined): boolean {
  const quotes = new Set((language?.quotes ?? ['"', "'", "`"]).filter((quote) => quote.length === 1));
  let open = "";
  for (let at = 0; at < text.length; at += 1) {
    const here = text[at] ?? "";
    if (open !== "" && here === "\\") at += 1;
    else if (here === open) open = "";
    else if (open === "" && quotes.has(here)) open = here;
  }
  return open !== "";
}
