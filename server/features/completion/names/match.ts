// How well a name fits what was typed: prefix, then humps of camelCase and snake_case, then any subsequence.

/** Penalty from 0 (exact prefix) up; undefined when the name does not fit. `isNear` names may fit as a subsequence too. */
export function matchPenalty(typed: string, name: string, isNear: boolean): number | undefined {
  if (typed === "") return 0;
  if (name.length < typed.length) return undefined;
  if (name.startsWith(typed)) return 0;
  const lowerTyped = typed.toLowerCase();
  const lowerName = name.toLowerCase();
  if (lowerName.startsWith(lowerTyped)) return IGNORED_CASE;
  if (matchesHumps(lowerTyped, name, lowerName)) return HUMPS;
  if (!isNear) return undefined;
  // A subsequence says little of a short word, so its first letter has to be right.
  const gaps = subsequenceGaps(lowerTyped, lowerName);
  return gaps === undefined ? undefined : SUBSEQUENCE + Math.min(gaps, 40);
}

const IGNORED_CASE = 30;
const HUMPS = 60;
const SUBSEQUENCE = 100;

/** `gfn`, `getFN` and `get_f` fit `getFileName` and `get_file_name`: each typed letter goes on with a hump or starts a later one. */
function matchesHumps(typed: string, name: string, lowerName: string): boolean {
  const starts = humpStarts(name);
  const wanted = typed.replaceAll("_", "");
  if (wanted === "") return false;
  const fits = (from: number, hump: number): boolean => {
    if (from === wanted.length) return true;
    for (let next = hump; next < starts.length; next += 1) {
      const start = starts[next] ?? 0;
      const end = starts[next + 1] ?? name.length;
      let taken = 0;
      while (
        from + taken < wanted.length &&
        start + taken < end &&
        lowerName[start + taken] === wanted[from + taken]
      )
        taken += 1;
      for (let length = taken; length > 0; length -= 1) if (fits(from + length, next + 1)) return true;
      // The first hump has to be hit: `name` alone is no reason to offer `getFileName` this high.
      if (next === 0) return false;
    }
    return false;
  };
  return starts.length <= MAX_HUMPS && fits(0, 0);
}

/** Keeps the search for humps cheap on absurd names. */
const MAX_HUMPS = 12;

function humpStarts(name: string): readonly number[] {
  const starts: number[] = [];
  for (let at = 0; at < name.length; at += 1) {
    const before = name[at - 1];
    const here = name[at] ?? "";
    if (here === "_" || here === "-" || here === "$") continue;
    const follows = before === undefined || before === "_" || before === "-" || before === "$";
    const isUpper = here !== here.toLowerCase();
    const afterLower = before !== undefined && before === before.toLowerCase();
    // The `S` of `HTTPServer` begins a word too.
    const next = name[at + 1];
    const beforeLower = next !== undefined && next !== next.toUpperCase();
    if (follows || (isUpper && (afterLower || beforeLower))) starts.push(at);
  }
  return starts;
}

function subsequenceGaps(typed: string, name: string): number | undefined {
  if (name[0] !== typed[0]) return undefined;
  let gaps = 0;
  let at = 0;
  for (const letter of typed) {
    const found = name.indexOf(letter, at);
    if (found < 0) return undefined;
    gaps += found - at;
    at = found + letter.length;
  }
  return gaps;
}
