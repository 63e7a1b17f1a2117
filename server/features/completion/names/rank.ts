// Candidates to an ordered list: one entry per name, best first, the same order for the same input.
import type { CompletionItemKind } from "../completion.ts";
import { distances } from "./candidate.ts";
import type { Candidate } from "./candidate.ts";
import { matchPenalty } from "./match.ts";

/** At equal distance a variable is meant more often than a type. */
const kindPenalties: ReadonlyMap<CompletionItemKind, number> = new Map([
  ["parameter", 0],
  ["variable", 0],
  ["field", 0],
  ["property", 0],
  ["constant", 1],
  ["function", 1],
  ["method", 1],
  ["enum-member", 1],
  ["class", 2],
]);
const OTHER_KIND = 3;
/** Each doubling of the uses of a name earns two points, at most eight: the width of two scopes. */
const MAX_FREQUENCY_BONUS = 8;
/** A name that was used just above is likely to be used again: worth one scope. */
const RECENT_BONUS = 4;

/** Where a name goes, as the place asks for it. */
export interface RankedName extends Candidate {
  /** The edit replaces the sigil before the word too. */
  readonly coversSigil: boolean;
  /** Begins with the text that the edit replaces. */
  readonly filterText: string;
  /** Lower is better. */
  readonly penalty: number;
  /** Goes on, letter by letter, after what was typed. */
  readonly startsAsTyped: boolean;
}

/** What stands at the cursor and right above it. */
export interface RankingPlace {
  readonly typed: string;
  readonly sigil: string;
  readonly recent: ReadonlySet<string>;
}

export function rankCandidates(
  candidates: Iterable<Candidate>,
  { typed, sigil, recent }: RankingPlace,
): readonly RankedName[] {
  const best = new Map<string, RankedName>();
  for (const candidate of candidates) {
    const fit = fitName(candidate, typed, sigil);
    if (fit === undefined || isTypedWord(candidate, sigil + typed)) continue;
    const frequency = Math.min(MAX_FREQUENCY_BONUS, 2 * Math.log2(1 + candidate.count));
    const bonus = frequency + (recent.has(candidate.name) ? RECENT_BONUS : 0);
    const kind = kindPenalties.get(candidate.kind) ?? OTHER_KIND;
    const penalty = fit.penalty + candidate.distance + kind - bonus;
    const known = best.get(candidate.name);
    if (known !== undefined && known.penalty <= penalty) continue;
    best.set(candidate.name, { ...candidate, ...fit, penalty });
  }
  return [...best.values()].sort((a, b) => a.penalty - b.penalty || compareNames(a.name, b.name));
}

/** Names that can be typed as they are: no operators, paths or patterns. */
const OFFERABLE = /^([@#$]{0,2})([\p{ID_Start}_][\p{ID_Continue}$.?!-]*)$/u;

/** Who has typed a whole name most often means it, not a longer one. */
const WHOLE_NAME_BONUS = 12;
/** A name with another sigil, or with one that was not typed, is meant less often. */
const OTHER_SIGIL = 40;
const UNTYPED_SIGIL = 10;

interface Fit {
  readonly penalty: number;
  readonly coversSigil: boolean;
  readonly filterText: string;
  readonly startsAsTyped: boolean;
}

/** A name that stands nowhere but at the cursor, half typed, is no suggestion for itself. */
function isTypedWord({ name, count, kind }: Candidate, typed: string): boolean {
  return name === typed && count === 1 && kind === "property";
}

function fitName({ name, distance }: Candidate, typed: string, sigil: string): Fit | undefined {
  const [, own, bare] = OFFERABLE.exec(name) ?? [];
  if (own === undefined || bare === undefined) return undefined;
  const match = matchPenalty(typed, bare, distance < distances.keyword);
  if (match === undefined) return undefined;
  const fit = (place: number, coversSigil: boolean): Fit => {
    const replaced = coversSigil ? sigil + typed : typed;
    const whole = name === replaced ? WHOLE_NAME_BONUS : 0;
    return {
      penalty: match + place - whole,
      coversSigil,
      filterText: filterTextOf(name, replaced),
      startsAsTyped: name.startsWith(replaced),
    };
  };
  if (own === sigil) return fit(0, own !== "");
  if (own === "") return fit(OTHER_SIGIL, false);
  if (sigil === "") return fit(UNTYPED_SIGIL, false);
  return own.startsWith(sigil) ? fit(OTHER_SIGIL, true) : undefined;
}

/** Clients that filter by prefix keep a name that fits by its humps, and those that filter loosely go on with the name. */
function filterTextOf(name: string, replaced: string): string {
  return name.startsWith(replaced) ? name : `${replaced} ${name}`;
}

/** By code units: no locale may change the order. Shorter first at equal penalty. */
function compareNames(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
