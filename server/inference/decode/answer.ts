// The answer while it grows: its text after the typed part, where the line ends, and how sure the model was.
import type { Choice } from "./choose.ts";
import type { EngineModel, Token } from "../engine/engine.ts";
import type { AnswerPiece } from "../inference-service.ts";
import { findLoop } from "./repetition.ts";

export type AnswerStop = "line-end" | "end-of-text" | "token-limit" | "low-confidence" | "repetition";

export interface Answer {
  /** The text at the cursor so far, one line. */
  readonly text: string;
  readonly tokens: number;
  /** The text in the model's own tokens. */
  readonly pieces: readonly AnswerPiece[];
  readonly meanProbability: number;
  readonly minProbability: number;
  /** What of the typed part is not repeated yet. */
  missing(): string;
  /** A blank line is never answered with another line break: the suggestion belongs on this line. */
  mayFollow(text: string): boolean;
  /** Takes a token that repeats typed text, or goes beyond it. Says why the answer ends here, if it does. */
  take(choice: Choice): AnswerStop | undefined;
  /** The typed part in tokens that were not chosen from candidates. */
  force(tokens: readonly Token[]): void;
}

interface AnswerRules {
  readonly typed: string;
  /** The current line left of the cursor. */
  readonly lineBefore: string;
  readonly maxTokens: number;
  /** Below this mean after a few tokens the rest is not worth its time; 0 never gives up. */
  readonly hopelessBelow: number;
}

/** The first tokens of a line are often the least sure ones. */
const JUDGE_AFTER = 5;

export function createAnswer(
  rules: AnswerRules,
  model: Pick<EngineModel, "textOf" | "isEnd" | "isSpecial">,
): Answer {
  const all: Token[] = [];
  const visible: Token[] = [];
  const probabilities: number[] = [];
  /** A token that only completes a character adds an empty piece. */
  let pieces: readonly AnswerPiece[] = [];
  let missing = rules.typed;
  let text = "";

  const mean = (): number =>
    probabilities.length === 0 ? 0 : probabilities.reduce((sum, one) => sum + one, 0) / probabilities.length;

  const readText = (): string => {
    const whole = model.textOf(all);
    // A character that is not complete yet shows as a replacement character at the end.
    return (whole.startsWith(rules.typed) ? whole.slice(rules.typed.length) : model.textOf(visible)).replace(
      /\uFFFD+$/,
      "",
    );
  };

  const cutLoop = (): AnswerStop | undefined => {
    const worth = findLoop(visible);
    if (worth === undefined) return undefined;
    all.length -= visible.length - worth;
    visible.length = worth;
    probabilities.length = Math.min(probabilities.length, worth);
    pieces = pieces.slice(0, worth);
    text = readText();
    return "repetition";
  };

  return {
    get text() {
      return text;
    },
    get tokens() {
      return visible.length;
    },
    get pieces() {
      return pieces;
    },
    get meanProbability() {
      return mean();
    },
    get minProbability() {
      return probabilities.length === 0 ? 0 : Math.min(...probabilities);
    },
    missing: () => missing,
    mayFollow(next) {
      if (/\S/.test(rules.lineBefore) || /\S/.test(text)) return true;
      return !/^\s*[\r\n]/.test(next);
    },
    take({ candidate, text: piece, share }) {
      if (model.isEnd(candidate.token) || model.isSpecial(candidate.token)) return "end-of-text";
      all.push(candidate.token);
      if (piece.length <= missing.length) {
        missing = missing.slice(piece.length);
        return undefined;
      }
      missing = "";
      visible.push(candidate.token);
      const whole = readText();
      // Half a character with text after it can never become text: the model has lost its way.
      const broken = whole.indexOf("\uFFFD");
      if (broken !== -1) {
        text = whole.slice(0, broken);
        return "low-confidence";
      }
      const end = whole.search(/[\r\n]/);
      const line = end === -1 ? whole : whole.slice(0, end);
      if (line.length > text.length || end === -1) probabilities.push(share);
      pieces = [...pieces, { text: line.slice(text.length), probability: share }];
      text = line;
      if (end !== -1) return "line-end";
      const loop = cutLoop();
      if (loop !== undefined) return loop;
      if (visible.length >= rules.maxTokens) return "token-limit";
      return visible.length >= JUDGE_AFTER && mean() < rules.hopelessBelow ? "low-confidence" : undefined;
    },
    force(tokens) {
      all.push(...tokens);
      missing = "";
    },
  };
}
