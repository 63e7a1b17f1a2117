// The text after the cursor as the model sees it: kept while somebody types, also when the editor closes a bracket there.

/** Brackets, quotes and separators that editors put behind the cursor on their own. */
const CLOSERS = /[)\]}>"'`;,\s]/g;

/**
 * The suffix stands in front of what is typed: a bracket closed behind the cursor would cost the evaluation of all of
 * it. While the anchor stays such a change is not shown to the model; an answer that closes the bracket once more is
 * cut by the one who shows it, as for models that do not see the suffix at all.
 */
export function keepSuffix(after: string, previous: string | undefined): string {
  if (previous === undefined) return after;
  const [rest, below] = cutLine(after);
  const [previousRest, previousBelow] = cutLine(previous);
  const isTrivial = rest.replace(CLOSERS, "") === previousRest.replace(CLOSERS, "");
  const length = Math.min(below.length, previousBelow.length);
  const isSameBelow = below.slice(0, length) === previousBelow.slice(0, length);
  return isTrivial && isSameBelow ? previous : after;
}

function cutLine(text: string): readonly [string, string] {
  const end = text.indexOf("\n");
  return end === -1 ? [text, ""] : [text.slice(0, end), text.slice(end)];
}
