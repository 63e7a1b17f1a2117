// Ghost text: the model's line or block at the cursor, from the same questions and the same memory as the menu.
import type { Clock } from "../../platform/index.ts";
import { lineAt } from "../../text/index.ts";
import type { Offset, TextEdit } from "../../text/index.ts";
import type { InlineFeature, InlineQuery, InlineSuggestion } from "./completion.ts";
import { readCursorPlace } from "./cursor-place.ts";
import { firstLineEnd } from "./menu-items.ts";
import type { LineAnswer } from "./model/line-answer.ts";
import { questionAt } from "./model/line-question.ts";
import type { ModelLines } from "./model/model-lines.ts";
import { questionAfter } from "./model/next-question.ts";
import { sureLines } from "./model/partial-line.ts";
import { allParts, showText } from "./model/shown-line.ts";
import type { CompletionParts, Head, ShownText } from "./model/shown-line.ts";
import type { KnownNames } from "./names/known-names.ts";
import { waitAtMost } from "./wait.ts";

/** A block takes seconds on a processor; after this long its first lines are shown as soon as they are sure. */
const PART_AFTER_MS = 1000;
/** The protocol cannot tell an editor that there is more, so whoever has nothing yet waits on. */
const PART_EVERY_MS = 100;

export interface InlineDeps {
  readonly lines: ModelLines;
  readonly clock: Clock;
  /** Shared with the menu; absent: the model's names are not looked up. */
  readonly names?: KnownNames;
  /** Absent: all on. */
  readonly parts?: CompletionParts;
}

export function createInline({ lines, clock, names, parts = allParts }: InlineDeps): InlineFeature {
  return {
    async suggest(query, signal) {
      const { snapshot, isInvoked } = query;
      const place = readCursorPlace(snapshot, query.offset);
      const head = headOf(query, place);
      if (head === undefined || snapshot.oversize !== undefined) return [];
      const question = questionAt(snapshot, head.start, head.end, head.text);
      const knows = place.kind === "code" ? names?.knower(snapshot, query.others ?? []) : undefined;
      const show = (text: string): ShownText | undefined => {
        const shown = showText(text, { snapshot, question, head, parts, knows });
        // Someone who asks by hand wants to see a doubtful text rather than none.
        return shown?.isDoubtful === true && !isInvoked ? undefined : shown;
      };
      let answer = lines.recall(question);
      if (answer === undefined) {
        const request = { requestClass: isInvoked ? "explicit" : "typing", names: [] } as const;
        const asked = askPatiently(lines, question, request, signal);
        if (question.block !== undefined && !isInvoked) {
          const firstLines = (): ShownText | undefined => {
            const progress = lines.progress(question);
            const text = progress === undefined ? undefined : sureLines(progress, snapshot.language);
            return text === undefined ? undefined : show(text);
          };
          const part = await partBefore(asked, firstLines, clock, signal);
          if (part !== undefined) {
            lines.notePartial();
            return [toSuggestion(part.edit)];
          }
        }
        answer = await asked;
      }
      if (answer.kind !== "line" || signal.aborted) return [];
      if (!answer.line.isConfident && !isInvoked) return [];
      const shown = show(answer.line.text);
      if (shown === undefined) return [];
      lines.lookAhead(question, shown.kept, questionAfter(snapshot, question, shown.kept));
      return (isInvoked ? variantsOf(shown.edit, head, shown.kept) : [shown.edit]).map(toSuggestion);
    },
  };
}

/** What there is of an answer after a while; undefined where the answer comes first. */
async function partBefore(
  asked: Promise<LineAnswer>,
  findPart: () => ShownText | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<ShownText | undefined> {
  for (let waitMs = PART_AFTER_MS; ; waitMs = PART_EVERY_MS) {
    const answer = await waitAtMost(waitMs, clock, signal, () => asked);
    const part = answer === undefined ? findPart() : undefined;
    if (answer !== undefined || part !== undefined) return part;
  }
}

/** Ghost text may come late, since nothing waits for it: a pause while the model is being loaded is answered when it is there. */
async function askPatiently(
  lines: ModelLines,
  ...[question, request, signal]: Parameters<ModelLines["ask"]>
): Promise<LineAnswer> {
  const answer = await lines.ask(question, request, signal);
  if (answer.kind !== "not-ready" || !(await lines.loaded(signal))) return answer;
  return lines.recall(question) ?? lines.ask(question, request, signal);
}

function toSuggestion(edit: TextEdit): InlineSuggestion {
  return { edit, filterText: edit.newText.slice(0, firstLineEnd(edit.newText)).trimStart() };
}

/** The whole, its first line, and its first name or call. */
function variantsOf(edit: TextEdit, head: Head, kept: string): readonly TextEdit[] {
  const firstLine = edit.newText.slice(0, firstLineEnd(edit.newText));
  const [firstPart = ""] = FIRST_PART.exec(kept) ?? [];
  const texts = new Set([edit.newText, firstLine, head.text + firstPart]);
  return [...texts].filter((text) => text.trim() !== "").map((newText) => ({ ...edit, newText }));
}

const FIRST_PART = /^[ \t]*[\p{ID_Continue}$.]+(?:\([^()\r\n]*\))?/u;

/**
 * The menu's selected entry, or the typed part of the word where none is selected or the entry does not go with the text:
 * coc.nvim still tells of the entry of a menu that was closed or whose list is being replaced, and of one that it found by
 * letters in between. Undefined where ghost text would disturb.
 */
function headOf(
  { snapshot, offset, selected }: InlineQuery,
  place: ReturnType<typeof readCursorPlace>,
): Head | undefined {
  if (selected !== undefined) {
    const { start, end, newText } = selected.edit;
    if (/[\r\n]/.test(newText)) return undefined;
    if (goesWith(selected.edit, snapshot, offset)) return { start, end, text: newText };
  }
  if (place.isInsideWord) return undefined;
  return { start: place.wordStart, end: place.offset, text: place.typed };
}

/** Ghost text is shown behind what is typed, so what is typed has to be its beginning; case is the menu's business. */
function goesWith(
  { start, end, newText }: TextEdit,
  { text }: InlineQuery["snapshot"],
  offset: Offset,
): boolean {
  const isAround = start <= offset && offset <= end && end <= text.content.length;
  if (!isAround || lineAt(text, start) !== lineAt(text, end)) return false;
  return newText.toLowerCase().startsWith(text.content.slice(start, offset).toLowerCase());
}
