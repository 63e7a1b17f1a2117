// Many edits as few: the regions of the text before them that they replaced, sorted and apart from each other.
import type { TextEdit } from "../text/index.ts";

/** `start..end` before all edits became `newStart..newEnd` after them. */
export interface ReplacedRegion {
  readonly start: number;
  readonly end: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** The regions after one more edit, whose offsets are in the text that `regions` led to. A burst at one place stays one region. */
export function addEdit(regions: readonly ReplacedRegion[], edit: TextEdit): readonly ReplacedRegion[] {
  const growth = edit.newText.length - (edit.end - edit.start);
  const before: ReplacedRegion[] = [];
  const after: ReplacedRegion[] = [];
  let deltaBefore = 0;
  let first: ReplacedRegion | undefined;
  let last: ReplacedRegion | undefined;
  for (const region of regions) {
    if (region.newEnd < edit.start) {
      before.push(region);
      deltaBefore = region.newEnd - region.end;
    } else if (region.newStart > edit.end) {
      after.push({ ...region, newStart: region.newStart + growth, newEnd: region.newEnd + growth });
    } else {
      first ??= region;
      last = region;
    }
  }
  // Outside the regions that the edit joins, an offset was moved by what the region before it grew.
  const deltaAfter = last === undefined ? deltaBefore : last.newEnd - last.end;
  const joined: ReplacedRegion = {
    start: Math.min(first?.start ?? Infinity, edit.start - deltaBefore),
    end: Math.max(last?.end ?? -Infinity, edit.end - deltaAfter),
    newStart: Math.min(first?.newStart ?? Infinity, edit.start),
    newEnd: Math.max(last?.newEnd ?? -Infinity, edit.end) + growth,
  };
  return [...before, joined, ...after];
}

/** Where `start..end` is now: undefined when an edit reached it or its border. */
export function moveSpan(
  regions: readonly ReplacedRegion[],
  start: number,
  end: number,
): { readonly start: number; readonly end: number } | undefined {
  let delta = 0;
  for (const region of regions) {
    if (region.start > end) break;
    if (region.end >= start) return undefined;
    delta = region.newEnd - region.end;
  }
  return { start: start + delta, end: end + delta };
}
