// Check 6: every position lies in the text it speaks of, on a code-point boundary, in the negotiated unit; start ≤ end.
import { offsetAt, positionAt } from "../../../../server/text/index.ts";
import type { Position, PositionEncoding, Text } from "../../../../server/text/index.ts";
import type { Check } from "../check.ts";
import { contentOf } from "../check.ts";
import { comparePositions, placesIn } from "../places.ts";
import type { Place } from "../places.ts";

export const positionsCheck: Check = {
  number: 6,
  name: "positions",
  open: (session, report) => ({
    inspect(traffic) {
      const content = contentOf(traffic);
      if (content === undefined || content.method === "initialize") return;
      const byText = new Map<string, Place[]>();
      for (const place of placesIn(content)) {
        if (comparePositions(place.start, place.end) > 0)
          report(`a range ends before it starts: ${show(place)}`, content.message);
        const key = `${place.version ?? ""} ${place.uri}`;
        byText.set(key, [...(byText.get(key) ?? []), place]);
      }
      for (const places of byText.values()) {
        const first = places[0];
        if (first === undefined) continue;
        const revisions = session
          .revisionsSince(first.uri, content.since)
          .filter((revision) => first.version === undefined || revision.version === first.version);
        if (revisions.length === 0) continue;
        const newest = revisions.at(-1);
        const fitting = revisions.some((revision) =>
          places.every((place) => fits(place, revision.text, session.encoding)),
        );
        if (fitting || newest === undefined) continue;
        const bad = places.find((place) => !fits(place, newest.text, session.encoding)) ?? first;
        report(`${show(bad)} does not lie in ${bad.uri} on a character's edge`, content.message);
      }
    },
  }),
};

function fits(place: Place, text: Text, encoding: PositionEncoding): boolean {
  return isExact(place.start, text, encoding) && isExact(place.end, text, encoding);
}

/** A position that means itself: the way to an offset and back clamps nothing and splits no character. */
export function isExact(position: Position, text: Text, encoding: PositionEncoding): boolean {
  const back = positionAt(text, offsetAt(text, position, encoding), encoding);
  return comparePositions(back, position) === 0;
}

function show(place: Place): string {
  const { start, end } = place;
  return `${start.line}:${start.character}-${end.line}:${end.character}`;
}
