// Check 15: what contains what: symbols, folding ranges, selection ranges; the data of hierarchy items survives.
import { at, isObject, listAt, numberAt, textAt } from "../../json.ts";
import { offsetAt, positionAt } from "../../../../server/text/index.ts";
import type { Position } from "../../../../server/text/index.ts";
import type { Check, Content } from "../check.ts";
import { contentOf } from "../check.ts";
import { comparePositions, isPosition } from "../places.ts";
import type { SessionModel } from "../session-model.ts";

interface Range {
  readonly start: Position;
  readonly end: Position;
}

export const structureCheck: Check = {
  number: 15,
  name: "structure",
  open: (session, report) => ({
    inspect(traffic) {
      const content = contentOf(traffic);
      if (content?.isReply !== true || !Array.isArray(content.value)) return;
      const say = (sentence: string): void => report(sentence, content.message);
      switch (content.method) {
        case "textDocument/documentSymbol":
          for (const symbol of content.value) inspectSymbol(symbol, undefined, say);
          return;
        case "textDocument/foldingRange":
          inspectFolds(content, session, say);
          return;
        case "textDocument/selectionRange":
          inspectSelections(content, session, say);
          return;
        case "textDocument/prepareCallHierarchy":
        case "textDocument/prepareTypeHierarchy":
          for (const item of content.value) inspectSymbol(item, undefined, say);
          return;
      }
    },
  }),
};

function inspectSymbol(symbol: unknown, parent: Range | undefined, say: (sentence: string) => void): void {
  const range = at(symbol, "range");
  const selection = at(symbol, "selectionRange");
  if (!isRange(range) || !isRange(selection)) return;
  const name = textAt(symbol, "name") ?? "";
  if (name.trim() === "") say("a symbol without a name");
  if (!contains(range, selection)) say(`the selectionRange of ${name} is not inside its range`);
  if (parent !== undefined && !contains(parent, range)) say(`the symbol ${name} is not inside its parent`);
  for (const child of listAt(symbol, "children")) inspectSymbol(child, range, say);
}

function inspectFolds(content: Content, session: SessionModel, say: (sentence: string) => void): void {
  const revisions = session.revisionsSince(textAt(content.params, "textDocument.uri") ?? "", content.since);
  const lines = Math.max(0, ...revisions.map((revision) => revision.text.lineStarts.length));
  for (const fold of content.value as readonly unknown[]) {
    const start = numberAt(fold, "startLine") ?? 0;
    const end = numberAt(fold, "endLine") ?? 0;
    if (start > end) say(`a fold ends at line ${end}, before its start ${start}`);
    if (revisions.length > 0 && end >= lines) say(`a fold ends at line ${end} of ${lines}`);
  }
}

function inspectSelections(content: Content, session: SessionModel, say: (sentence: string) => void): void {
  const asked = listAt(content.params, "positions");
  const given = content.value as readonly unknown[];
  if (asked.length !== given.length) {
    say(`${given.length} selection ranges for ${asked.length} positions`);
    return;
  }
  const text = session.revisionsSince(textAt(content.params, "textDocument.uri") ?? "", content.since)[0]
    ?.text;
  given.forEach((selection, index) => {
    const position = asked[index];
    const range = at(selection, "range");
    if (text !== undefined && isPosition(position) && isRange(range)) {
      const place = positionAt(text, offsetAt(text, position, session.encoding), session.encoding);
      if (!contains(range, { start: place, end: place }))
        say("a selection range that does not hold its position");
    }
    for (let inner: unknown = selection; isObject(inner); inner = inner["parent"]) {
      const own = inner["range"];
      const outer = at(inner["parent"], "range");
      if (isRange(own) && isRange(outer) && !contains(outer, own))
        say("a selection range that its parent does not contain");
    }
  });
}

function contains(outer: Range, inner: Range): boolean {
  return comparePositions(outer.start, inner.start) <= 0 && comparePositions(inner.end, outer.end) <= 0;
}

function isRange(value: unknown): value is Range {
  return isPosition(at(value, "start")) && isPosition(at(value, "end"));
}
