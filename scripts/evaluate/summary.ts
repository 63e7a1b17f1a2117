// From single places to the tables: per language and in all, with each part off, the calibration, the rank of names.
import { bootstrapMean, pairedDifference, percentile, wilson } from "../report/statistics.ts";
import type { Interval } from "../report/statistics.ts";
import { atGate, calibrationError, chooseGate, gates, reliability, splitByFile } from "./calibration.ts";
import type { AtGate, Bin, ChosenGate, Judged } from "./calibration.ts";
import type { EvaluatedPlace } from "./completion-task.ts";
import type { MaskKind } from "./masking.ts";
import { variants } from "./variants.ts";

export interface KindSummary {
  readonly language: string;
  readonly kind: MaskKind;
  readonly n: number;
  /** The model's own text, whatever would be shown of it. */
  readonly exact: Interval;
  readonly similarity: Interval;
  /** At the catalogue's gate, after filters and the validity gate. */
  readonly shown: Interval;
  readonly precision: Interval;
}

export interface VariantSummary {
  readonly variant: string;
  readonly name: string;
  readonly n: number;
  readonly exact: Interval;
  readonly similarity: Interval;
  readonly shown: Interval;
  readonly precision: Interval;
  /** Shown and exact, of all places; against all parts on, place by place. */
  readonly useful: Interval;
  readonly difference: Interval | undefined;
}

export interface RankSummary {
  readonly language: string;
  readonly variant: string;
  readonly n: number;
  /** The name is in the menu at all; a name that stands nowhere else cannot be. */
  readonly inMenu: Interval;
  readonly first: Interval;
  readonly firstFive: Interval;
  /** Mean reciprocal rank, over the names that stand in what the server saw. */
  readonly mrr: Interval;
  readonly knowable: number;
}

export interface EvaluationSummary {
  readonly gate: number;
  readonly places: number;
  readonly lines: number;
  readonly promptTokens: number;
  readonly byLanguage: readonly KindSummary[];
  readonly byVariant: readonly VariantSummary[];
  readonly ranks: readonly RankSummary[];
  /** The model's own text, rest of the line and whole lines together. */
  readonly bins: readonly Bin[];
  readonly calibrationError: number;
  /** What would be shown at each gate, all parts on. */
  readonly curve: readonly AtGate[];
  readonly chosen: ChosenGate | undefined;
}

const ALL = "all";

export function summarizeEvaluation(
  places: readonly EvaluatedPlace[],
  gate: number,
  targetPrecision: number,
): EvaluationSummary {
  const languages = [...new Set(places.map((place) => place.language))].sort();
  const base = places.filter(({ variant }) => variant === "all");
  const kinds: readonly MaskKind[] = ["rest", "line", "identifier"];
  const lineLike = base.filter(({ kind }) => kind !== "identifier");
  const judged = lineLike.map(toJudged);
  const bins = reliability(
    lineLike.flatMap(({ raw, meanProbability }) =>
      raw === undefined ? [] : [{ probability: meanProbability, isExact: raw.isExact }],
    ),
  );
  const [choosing, heldOut] = splitByFile(judged);
  return {
    gate,
    places: base.length,
    lines: new Set(base.map(({ line }) => line)).size,
    promptTokens: percentile(
      base.map(({ promptTokens }) => promptTokens),
      0.5,
    ),
    byLanguage: kinds.flatMap((kind) =>
      [ALL, ...languages].map((language) =>
        summarizeKind(
          base.filter((place) => place.kind === kind && (language === ALL || place.language === language)),
          language,
          kind,
          gate,
        ),
      ),
    ),
    byVariant: summarizeVariants(
      places.filter(({ kind }) => kind === "rest"),
      gate,
    ),
    ranks: ["all", "no-names"].flatMap((variant) =>
      [ALL, ...languages].map((language) =>
        summarizeRanks(
          places.filter(
            (place) =>
              place.kind === "identifier" &&
              place.variant === variant &&
              (language === ALL || place.language === language),
          ),
          language,
          variant,
        ),
      ),
    ),
    bins,
    calibrationError: calibrationError(bins),
    curve: gates.map((one) => atGate(judged, one)),
    chosen: chooseGate(choosing, heldOut, targetPrecision),
  };
}

/** What the menu would show counts; what it holds back for other reasons is below every gate. */
function toJudged({ meanProbability, shown, line }: EvaluatedPlace): Judged & { readonly file: string } {
  return {
    probability: shown === undefined ? 0 : meanProbability,
    isExact: shown?.isExact === true,
    file: line.replace(/:\d+$/, ""),
  };
}

function isShown({ shown, meanProbability }: EvaluatedPlace, gate: number): boolean {
  return shown !== undefined && meanProbability >= gate;
}

function counts(
  places: readonly EvaluatedPlace[],
  gate: number,
): Pick<KindSummary, "exact" | "similarity" | "shown" | "precision"> {
  const shown = places.filter((place) => isShown(place, gate));
  const right = shown.filter((place) => place.shown?.isExact === true);
  return {
    exact: wilson(places.filter(({ raw }) => raw?.isExact === true).length, places.length),
    similarity: bootstrapMean(places.map(({ raw }) => raw?.similarity ?? 0)),
    shown: wilson(shown.length, places.length),
    precision: wilson(right.length, shown.length),
  };
}

function summarizeKind(
  places: readonly EvaluatedPlace[],
  language: string,
  kind: MaskKind,
  gate: number,
): KindSummary {
  return { language, kind, n: places.length, ...counts(places, gate) };
}

function summarizeVariants(places: readonly EvaluatedPlace[], gate: number): readonly VariantSummary[] {
  const usefulOf = (variant: string, at: number): ReadonlyMap<string, number> =>
    new Map(
      places
        .filter((place) => place.variant === variant)
        .map((place) => [place.line, isShown(place, at) && place.shown?.isExact === true ? 1 : 0]),
    );
  const all = usefulOf("all", gate);
  const row = (variant: string, name: string, source: string, at: number): VariantSummary => {
    const own = places.filter((place) => place.variant === source);
    const useful = usefulOf(source, at);
    const pairs = [...useful].flatMap(([line, value]) => {
      const base = all.get(line);
      return base === undefined ? [] : [[base, value] as const];
    });
    return {
      variant,
      name,
      n: own.length,
      ...counts(own, at),
      useful: bootstrapMean([...useful.values()]),
      difference:
        variant === "all"
          ? undefined
          : pairedDifference(
              pairs.map(([base]) => base),
              pairs.map(([, changed]) => changed),
            ),
    };
  };
  return [
    ...variants.map(({ id, name }) => row(id, name, id, gate)),
    row("no-gate", "confidence gate off", "all", 0),
  ];
}

function summarizeRanks(places: readonly EvaluatedPlace[], language: string, variant: string): RankSummary {
  const knowable = places.filter(({ isKnowable }) => isKnowable);
  const within = (most: number): number =>
    places.filter(({ rank }) => rank !== undefined && rank <= most).length;
  return {
    language,
    variant,
    n: places.length,
    inMenu: wilson(within(Infinity), places.length),
    first: wilson(within(1), places.length),
    firstFive: wilson(within(5), places.length),
    mrr: bootstrapMean(knowable.map(({ rank }) => (rank === undefined ? 0 : 1 / rank))),
    knowable: knowable.length,
  };
}
