// Ghost text: the model's line at the cursor, from the same questions and the same memory as the menu.
import type { InlineFeature, InlineQuery } from "./completion.ts";
import { readCursorPlace } from "./cursor-place.ts";
import { questionAt } from "./model/line-question.ts";
import type { ModelLines } from "./model/model-lines.ts";
import { showLine } from "./model/shown-line.ts";
import { lineAt } from "../../text/index.ts";

export interface InlineDeps {
  readonly lines: ModelLines;
}

export function createInline({ lines }: InlineDeps): InlineFeature {
  return {
    async suggest(query, signal) {
      const { snapshot } = query;
      const head = headOf(query);
      if (head === undefined || snapshot.oversize !== undefined) return [];
      const question = questionAt(snapshot, head.start, head.end, head.text);
      const answer =
        lines.recall(question) ??
        (await lines.ask(question, query.isInvoked ? "explicit" : "typing", signal));
      if (answer.kind !== "line" || signal.aborted) return [];
      // Someone who asks by hand wants to see a doubtful line rather than none.
      if (!answer.line.isConfident && !query.isInvoked) return [];
      const edit = showLine(snapshot, question, answer.line.text, head);
      return edit === undefined ? [] : [{ edit, filterText: edit.newText.trimStart() }];
    },
  };
}

interface Head {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The typed part of the word, or the menu's selected entry in its place; undefined where ghost text would disturb. */
function headOf({ snapshot, offset, selected }: InlineQuery): Head | undefined {
  const place = readCursorPlace(snapshot, offset);
  if (selected === undefined) {
    if (place.isInsideWord) return undefined;
    return { start: place.wordStart, end: offset, text: place.typed };
  }
  const { start, end, newText } = selected.edit;
  const isUsable =
    start <= offset &&
    offset <= end &&
    end <= snapshot.text.content.length &&
    lineAt(snapshot.text, start) === lineAt(snapshot.text, end) &&
    !/[\r\n]/.test(newText);
  return isUsable ? { start, end, text: newText } : undefined;
}
