// From a text as the model gave it to an edit that may be shown, or to nothing.
import { lineBreakOf } from "../../../text/index.ts";
import type { Offset, TextEdit } from "../../../text/index.ts";
import type { DocumentSnapshot } from "../../../workspace/index.ts";
import { straighten } from "./block/straighten.ts";
import { filterText } from "./filters/block-filter.ts";
import { linePlaceAt } from "./filters/line-filter.ts";
import { createMemberTest, findInvention } from "./identifiers.ts";
import type { KnowsName } from "./identifiers.ts";
import type { LineQuestion } from "./line-question.ts";
import { judgeValidity } from "./validity.ts";

/** The text from `start` to where the line goes on: the typed part of a word, or a selected menu entry. */
export interface Head {
  readonly start: Offset;
  readonly end: Offset;
  readonly text: string;
}

/** Parts that a measurement switches off to see what they are worth. */
export interface CompletionParts {
  /** Off: the model does not see the known names, and they keep their order. */
  readonly names: boolean;
  /** Off: the model's text is shown as it comes, but for control characters. */
  readonly filters: boolean;
  /** Off: nothing is parsed before it is shown. */
  readonly gate: boolean;
  /** Off: names in the model's text are not looked up. */
  readonly identifiers: boolean;
}

export const allParts: CompletionParts = { names: true, filters: true, gate: true, identifiers: true };

export interface ShownText {
  /** Replaces `head` by its text and what is kept of the model's. */
  readonly edit: TextEdit;
  /** What is kept, with LF for line breaks: it has to be typed at the cursor to come to the same text. */
  readonly kept: string;
  /** It uses a name that nothing defines. */
  readonly isDoubtful: boolean;
}

export interface Showing {
  readonly snapshot: DocumentSnapshot;
  readonly question: LineQuestion;
  readonly head: Head;
  readonly parts: CompletionParts;
  /** Undefined where not all names can be known. */
  readonly knows: KnowsName | undefined;
}

/** A block is tried with fewer and fewer lines, so many times at most. */
const MAX_CUTS = 4;

/** Undefined when nothing worth showing is left. */
export function showText(text: string, showing: Showing): ShownText | undefined {
  const { snapshot, question, head, parts } = showing;
  const place = linePlaceAt(snapshot, question.before, question.after);
  // A part of a running answer comes as the model writes it.
  let kept = parts.filters ? filterText(straighten(text, question), place) : cutAtNull(text);
  for (let cut = 0; kept !== undefined && kept.trim() !== "" && cut < MAX_CUTS; cut += 1) {
    const lineBreak = lineBreakOf(snapshot.text);
    const written = lineBreak === "\n" ? kept : kept.replaceAll("\n", lineBreak);
    const edit = { start: head.start, end: head.end, newText: head.text + written };
    const knows = parts.identifiers ? showing.knows : undefined;
    const { validity, trial } = parts.gate || knows !== undefined ? judgeValidity(snapshot, edit) : untried;
    if (validity !== "invalid" || !parts.gate) {
      const cursor = edit.start + head.text.length;
      const operators = snapshot.language?.memberOperators ?? [];
      const isMember = createMemberTest(snapshot.text.content, edit, operators);
      const invention =
        trial === undefined || knows === undefined
          ? "none"
          : findInvention(trial, edit, cursor, knows, isMember);
      return invention === "head" ? undefined : { edit, kept, isDoubtful: invention !== "none" };
    }
    kept = withoutLastLine(kept);
  }
  return undefined;
}

const untried = { validity: "unknown", trial: undefined } as const;

/** Undefined for the first line: it is whole or nothing. */
function withoutLastLine(text: string): string | undefined {
  const lastBreak = text.trimEnd().lastIndexOf("\n");
  if (lastBreak < 0) return undefined;
  const shorter = text.slice(0, lastBreak).trimEnd();
  return shorter === "" ? undefined : shorter;
}

function cutAtNull(text: string): string {
  const end = text.indexOf("\u0000");
  return end < 0 ? text : text.slice(0, end);
}
