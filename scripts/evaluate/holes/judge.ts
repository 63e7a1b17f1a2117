// What answers to holes are worth: each by itself, and summed up with intervals.
import { bootstrapMean, editSimilarity, percentile, wilson } from "../../report/statistics.ts";
import type { Interval } from "../../report/statistics.ts";
import { holeKinds } from "./sample-holes.ts";
import type { Hole, HoleKind } from "./sample-holes.ts";

/** One row of the results file. */
export interface JudgedHole {
  readonly id: string;
  readonly kind: HoleKind;
  readonly language: string;
  readonly isExact: boolean;
  readonly similarity: number;
  readonly isEmpty: boolean;
  /** The answer came to its own end, on the line on which the truth ends. */
  readonly isRightStop: boolean;
  /** 0..1; of a model the mean probability of its tokens. */
  readonly confidence: number;
  readonly promptTokens: number;
  readonly ms: number;
}

export interface HoleAnswer {
  readonly text: string;
  readonly confidence: number;
  /** False: it was cut for its length or for a loop. */
  readonly hasEnded: boolean;
  readonly promptTokens: number;
  readonly ms: number;
}

export interface HoleSummary {
  readonly kind: HoleKind;
  readonly language: string;
  readonly n: number;
  readonly exact: Interval;
  readonly similarity: Interval;
  readonly empty: Interval;
  readonly rightStop: Interval;
  /** Shown at the gate, and right among those. */
  readonly shown: Interval;
  readonly precisionAtGate: Interval;
  /** Right among the most confident answers, `CONFIDENT_SHARE` of all. */
  readonly precisionConfident: Interval;
  readonly promptTokens: number;
  readonly ms: number;
}

const CONFIDENT_SHARE = 0.3;
export const ALL = "all";

/** Blanks at the ends of lines do not count. A line's answer is judged by its first line, a block's by all of it. */
export function judge(hole: Hole, answer: HoleAnswer): JudgedHole {
  const tidy = (text: string): string =>
    text
      .split("\n")
      .map((line) => line.trimEnd())
      .join("\n")
      .trimEnd();
  const given = tidy(hole.kind === "block" ? answer.text : (answer.text.split("\n")[0] ?? ""));
  const wanted = tidy(hole.truth);
  const { id, kind, language } = hole;
  return {
    id,
    kind,
    language,
    isExact: given === wanted,
    similarity: editSimilarity(given, wanted),
    isEmpty: given.trim() === "",
    isRightStop: answer.hasEnded && given.split("\n").length === wanted.split("\n").length,
    confidence: answer.confidence,
    promptTokens: answer.promptTokens,
    ms: answer.ms,
  };
}

export function summarizeHoles(judged: readonly JudgedHole[], gate: number): readonly HoleSummary[] {
  const languages = [...new Set(judged.map(({ language }) => language))].sort();
  return holeKinds.flatMap((kind) =>
    [ALL, ...languages].map((language) => {
      const own = judged.filter(
        (one) => one.kind === kind && (language === ALL || one.language === language),
      );
      return { kind, language, ...sumUp(own, gate) };
    }),
  );
}

function sumUp(own: readonly JudgedHole[], gate: number): Omit<HoleSummary, "kind" | "language"> {
  const share = (of: readonly JudgedHole[], holds: (one: JudgedHole) => boolean): Interval =>
    wilson(of.filter(holds).length, of.length);
  const shown = own.filter(({ confidence, isEmpty }) => confidence >= gate && !isEmpty);
  const surest = [...own]
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, Math.round(own.length * CONFIDENT_SHARE));
  return {
    n: own.length,
    exact: share(own, ({ isExact }) => isExact),
    similarity: bootstrapMean(own.map(({ similarity }) => similarity)),
    empty: share(own, ({ isEmpty }) => isEmpty),
    rightStop: share(own, ({ isRightStop }) => isRightStop),
    shown: wilson(shown.length, own.length),
    precisionAtGate: share(shown, ({ isExact }) => isExact),
    precisionConfident: share(surest, ({ isExact }) => isExact),
    promptTokens: percentile(
      own.map(({ promptTokens }) => promptTokens),
      0.5,
    ),
    ms: percentile(
      own.map(({ ms }) => ms),
      0.5,
    ),
  };
}
