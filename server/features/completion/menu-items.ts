// Entries of the menu: the model's text as one line, or as a block beside its first line, and known names.
import type { CompletionItem } from "./completion.ts";
import type { CursorPlace } from "./cursor-place.ts";
import type { ShownText } from "./model/shown-line.ts";
import type { RankedName } from "./names/rank.ts";

type Unranked = Omit<CompletionItem, "rank">;

/** A block comes with a short variant: its first line. */
export function modelItems({ edit }: ShownText): readonly Unranked[] {
  const { newText } = edit;
  const firstEnd = firstLineEnd(newText);
  const first = newText.slice(0, firstEnd);
  const label = first.trim();
  const line: Unranked = {
    kind: "model-line",
    label,
    edit: { ...edit, newText: first },
    filterText: label,
    detail: "model",
  };
  if (newText.slice(firstEnd).trim() === "") return [line];
  const lines = newText.trim().split(/\r\n|\r|\n/).length;
  const block: Unranked = {
    kind: "model-block",
    label,
    edit,
    preview: newText,
    filterText: label,
    detail: `model, ${lines} lines`,
  };
  return [block, line];
}

/** Behind the first line that has text. */
export function firstLineEnd(text: string): number {
  const start = text.search(/\S/);
  const found = start < 0 ? -1 : text.slice(start).search(/[\r\n]/);
  return found < 0 ? text.length : start + found;
}

export function nameItem(ranked: RankedName, place: CursorPlace): Unranked {
  const { kind, name, filterText, detail, coversSigil } = ranked;
  const start = coversSigil ? place.wordStart - place.sigil.length : place.wordStart;
  const edit = { start, end: place.offset, newText: name };
  const rest = place.isInsideWord ? { wordEnd: place.wordEnd } : {};
  return { kind, label: name, edit, ...rest, filterText, detail };
}
