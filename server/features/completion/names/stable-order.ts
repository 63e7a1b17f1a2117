// A list that is asked for again at the same place keeps its order: nothing jumps under the user's eyes when the model's opinion arrives.
import { createLru } from "../../../kernel/index.ts";
import type { CursorPlace } from "../cursor-place.ts";
import type { RankedName } from "./rank.ts";

export interface StableOrder {
  /** `names` with those first that were shown last time, in the order of last time, while place and typed word are the same. */
  arrange(document: string, place: CursorPlace, names: readonly RankedName[]): readonly RankedName[];
  /** These were shown. */
  remember(document: string, place: CursorPlace, names: readonly RankedName[]): void;
}

const MAX_DOCUMENTS = 32;

export function createStableOrder(): StableOrder {
  interface Shown {
    readonly key: string;
    readonly positions: ReadonlyMap<string, number>;
  }
  const documents = createLru<string, Shown>(MAX_DOCUMENTS);
  const keyOf = ({ wordStart, offset, lineLeft }: CursorPlace): string =>
    `${wordStart}:${offset}:${lineLeft}`;
  return {
    arrange(document, place, names) {
      const known = documents.get(document);
      if (known?.key !== keyOf(place)) return names;
      const positionOf = ({ name }: RankedName): number => known.positions.get(name) ?? Infinity;
      return [...names].sort((a, b) => {
        const [first, second] = [positionOf(a), positionOf(b)];
        return first === second ? 0 : first - second;
      });
    },
    remember(document, place, names) {
      const positions = new Map(names.map(({ name }, at) => [name, at]));
      documents.set(document, { key: keyOf(place), positions });
    },
  };
}
