// Check 10: an inline completion stays on one line, holds the cursor, and extends the menu's selected item.
import { offsetAt, positionAt } from "../../../../server/text/index.ts";
import { at, textAt } from "../../json.ts";
import type { Check } from "../check.ts";
import { contentOf } from "../check.ts";
import { comparePositions, isPosition } from "../places.ts";
import { completionItemsOf } from "../workspace-edits.ts";

export const inlineCompletionCheck: Check = {
  number: 10,
  name: "inline completion",
  open: (session, report) => ({
    inspect(traffic) {
      const content = contentOf(traffic);
      if (content?.isReply !== true || content.method !== "textDocument/inlineCompletion") return;
      const cursor = at(content.params, "position");
      const revision = session.revisionsSince(
        textAt(content.params, "textDocument.uri") ?? "",
        content.since,
      )[0];
      if (!isPosition(cursor) || revision === undefined) return;
      const { text } = revision;
      const place = positionAt(text, offsetAt(text, cursor, session.encoding), session.encoding);
      const selected = textAt(content.params, "context.selectedCompletionInfo.text");
      for (const item of completionItemsOf(content)) {
        const start = at(item, "range.start") ?? place;
        const end = at(item, "range.end") ?? place;
        if (!isPosition(start) || !isPosition(end)) continue;
        if (start.line !== end.line)
          report("an inline completion that replaces more than one line", content.message);
        else if (comparePositions(start, place) > 0 || comparePositions(end, place) < 0)
          report("an inline completion whose range does not hold the cursor", content.message);
        const inserted = textAt(item, "insertText") ?? textAt(item, "insertText.value") ?? "";
        const selectedStart = at(content.params, "context.selectedCompletionInfo.range.start");
        if (selected === undefined || !isPosition(selectedStart)) continue;
        if (comparePositions(start, selectedStart) === 0 && !inserted.startsWith(selected))
          report(`an inline completion that does not extend the selected "${selected}"`, content.message);
      }
    },
  }),
};
