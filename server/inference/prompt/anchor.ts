// Where the text that changes begins: the line on which somebody started to type, also when they have pressed Enter since.

export interface Anchor {
  /** How many pieces stand before it, of how many above the cursor, and the last two of them. */
  readonly count: number;
  readonly total: number;
  readonly last: string | undefined;
  readonly beforeLast: string | undefined;
}

/** Where the suffix stands between the prefix and the answer, these pieces of text have it in front of them. */
const MOST_PIECES = 16;

/**
 * Fill-in-the-middle prompts that end with the suffix evaluate all of it again when the text above changes; so what was
 * written since stays behind it, as the beginning of the middle, while it is short and the anchor's own line is there.
 */
export function placeAnchor(above: readonly string[], previous: Anchor | undefined): Anchor {
  if (previous !== undefined) {
    const moved = previous.count + above.length - previous.total;
    for (const count of [previous.count, moved]) {
      const isSame =
        count >= 0 &&
        count <= above.length &&
        above.length - count <= MOST_PIECES &&
        above[count - 1] === previous.last &&
        above[count - 2] === previous.beforeLast;
      if (isSame) return anchorAt(above, count);
    }
  }
  return anchorAt(above, above.length);
}

export function anchorAt(above: readonly string[], count: number): Anchor {
  return { count, total: above.length, last: above[count - 1], beforeLast: above[count - 2] };
}
