// Many edits as few regions: the same answer as following each edit in turn.
import fc from "fast-check";
import { expect, test } from "vitest";
import { addEdit, moveSpan } from "../../server/syntax/replaced-regions.ts";
import type { ReplacedRegion } from "../../server/syntax/replaced-regions.ts";
import type { TextEdit } from "../../server/text/index.ts";

const LENGTH = 40;
const steps = fc.array(fc.record({ at: fc.nat(60), deleted: fc.nat(5), inserted: fc.nat(5) }), {
  maxLength: 12,
});

/** Edits that lie inside the text that the ones before them left. */
function editsOf(wanted: readonly { at: number; deleted: number; inserted: number }[]): TextEdit[] {
  let length = LENGTH;
  return wanted.map(({ at, deleted, inserted }) => {
    const start = Math.min(at, length);
    const end = Math.min(length, start + deleted);
    length += inserted - (end - start);
    return { start, end, newText: "x".repeat(inserted) };
  });
}

function follow(span: { start: number; end: number }, edits: readonly TextEdit[]): typeof span | undefined {
  let { start, end } = span;
  for (const edit of edits) {
    if (end < edit.start) continue;
    if (start <= edit.end) return undefined;
    const growth = edit.newText.length - (edit.end - edit.start);
    start += growth;
    end += growth;
  }
  return { start, end };
}

test("a span moves through the regions as it moves through the edits", () => {
  fc.assert(
    fc.property(steps, fc.nat(LENGTH), fc.nat(6), (wanted, start, length) => {
      const edits = editsOf(wanted);
      const regions = edits.reduce<readonly ReplacedRegion[]>(addEdit, []);
      const span = { start, end: Math.min(LENGTH, start + length) };
      expect(moveSpan(regions, span.start, span.end)).toEqual(follow(span, edits));
    }),
    { numRuns: 5000 },
  );
});

test("regions are sorted, apart from each other, and account for the new length", () => {
  fc.assert(
    fc.property(steps, (wanted) => {
      const edits = editsOf(wanted);
      const regions = edits.reduce<readonly ReplacedRegion[]>(addEdit, []);
      const grown = edits.reduce((sum, { start, end, newText }) => sum + newText.length - (end - start), 0);
      const replaced = regions.reduce(
        (sum, region) => sum + region.newEnd - region.newStart - (region.end - region.start),
        0,
      );
      expect(replaced).toBe(grown);
      regions.forEach((region, index) => {
        const next = regions[index + 1];
        if (next !== undefined) expect(next.newStart).toBeGreaterThan(region.newEnd);
      });
    }),
    { numRuns: 2000 },
  );
});

test("a burst at one place is one region", () => {
  const burst = Array.from({ length: 500 }, (_, at): TextEdit => ({ start: at, end: at, newText: "x" }));
  expect(burst.reduce<readonly ReplacedRegion[]>(addEdit, [])).toHaveLength(1);
});
