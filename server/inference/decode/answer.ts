// The answer while it grows: its text after the typed part, where the line or the block ends, and how sure the model was.
import type { Choice } from "./choose.ts";
import { isHopeless } from "./hopeless.ts";
import { cutPieces, meanOf } from "./pieces.ts";
import { findLineLoop, findLoop } from "./repetition.ts";
import type { EngineModel, Token } from "../engine/engine.ts";
import type { AnswerPiece, ModelCompletion } from "../inference-service.ts";

export type AnswerStop = ModelCompletion["stop"];

export interface Answer {
  /** The text at the cursor so far. */
  readonly text: string;
  /** Tokens that were generated, those of a part that was cut away again among them. */
  readonly tokens: number;
  /** The text in the model's own tokens. A token that only completes a character adds an empty piece. */
  readonly pieces: readonly AnswerPiece[];
  /** Of the pieces that are part of the text; the line break that ends a line says nothing about it. */
  readonly meanProbability: number;
  readonly minProbability: number;
  /** What of the typed part is not repeated yet. */
  missing(): string;
  /** A blank line is never answered with another line break: the suggestion belongs on this line. */
  mayFollow(text: string): boolean;
  /** Takes a token that repeats typed text, or goes beyond it. Says why the answer ends here, if it does. */
  take(choice: Choice): AnswerStop | undefined;
  /** Tokens that were not chosen from candidates and repeat this typed text. */
  force(tokens: readonly Token[], text: string): void;
}

interface AnswerRules {
  readonly typed: string;
  /** The current line left of the cursor. */
  readonly lineBefore: string;
  readonly maxTokens: number;
  /** Below this mean after a few tokens of a line the rest is not worth its time; 0 never gives up. */
  readonly hopelessBelow: number;
  /** Undefined: one line. Else asked with the whole text after each token that follows a line break. */
  readonly findBlockEnd: ((text: string) => number | undefined) | undefined;
}

export function createAnswer(
  rules: AnswerRules,
  model: Pick<EngineModel, "textOf" | "isEnd" | "isSpecial">,
): Answer {
  const { findBlockEnd } = rules;
  const all: Token[] = [];
  const visible: Token[] = [];
  let pieces: readonly AnswerPiece[] = [];
  /** The piece that ends a line is no part of its probability. */
  let judged: readonly AnswerPiece[] = [];
  /** Pieces before the line that is being written. */
  let lineStart = 0;
  let missing = rules.typed;
  let text = "";
  let tokens = 0;

  const readText = (): string => {
    const whole = model.textOf(all);
    // A character that is not complete yet shows as a replacement character at the end.
    return (whole.startsWith(rules.typed) ? whole.slice(rules.typed.length) : model.textOf(visible)).replace(
      /\uFFFD+$/,
      "",
    );
  };

  const cutTo = (length: number): void => {
    pieces = cutPieces(pieces, length);
    judged = pieces;
    text = text.slice(0, length);
  };

  const cutLoop = (): boolean => {
    const worth = findLoop(visible);
    const wholeLines = findBlockEnd === undefined ? undefined : findLineLoop(text);
    if (worth !== undefined) {
      cutTo(pieces.slice(0, worth).reduce((sum, piece) => sum + piece.text.length, 0));
    } else if (wholeLines !== undefined) cutTo(wholeLines);
    return worth !== undefined || wholeLines !== undefined;
  };

  /** One line: up to its end. */
  const takeLine = (whole: string, share: number): AnswerStop | undefined => {
    const end = whole.search(/[\r\n]/);
    const line = end === -1 ? whole : whole.slice(0, end);
    const piece = { text: line.slice(text.length), probability: share };
    pieces = [...pieces, piece];
    if (piece.text !== "" || end === -1) judged = [...judged, piece];
    text = line;
    return end === -1 ? undefined : "line-end";
  };

  /** A block: over line breaks, up to where the caller sees its end. */
  const takeBlock = (
    whole: string,
    share: number,
    findEnd: (text: string) => number | undefined,
  ): AnswerStop | undefined => {
    const piece = { text: whole.slice(text.length), probability: share };
    pieces = [...pieces, piece];
    judged = pieces;
    text = whole;
    const end = text.includes("\n") ? findEnd(text) : undefined;
    if (end === undefined) return undefined;
    cutTo(end);
    return "block-end";
  };

  /** A line of a block that is not worth showing goes; the lines before it stay. */
  const giveUp = (): AnswerStop => {
    if (findBlockEnd !== undefined && lineStart > 0) cutTo(Math.max(0, text.lastIndexOf("\n")));
    return "low-confidence";
  };

  return {
    get text() {
      return text;
    },
    get tokens() {
      return tokens;
    },
    get pieces() {
      return pieces;
    },
    get meanProbability() {
      return meanOf(judged);
    },
    get minProbability() {
      return judged.length === 0 ? 0 : Math.min(...judged.map(({ probability }) => probability));
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
      tokens += 1;
      const whole = readText();
      // Half a character with text after it can never become text: the model has lost its way.
      const broken = whole.indexOf("\uFFFD");
      if (broken !== -1) {
        text = whole.slice(0, broken);
        return "low-confidence";
      }
      const end = findBlockEnd === undefined ? takeLine(whole, share) : takeBlock(whole, share, findBlockEnd);
      if (end !== undefined) return end;
      if (cutLoop()) return "repetition";
      if (tokens >= rules.maxTokens) return "token-limit";
      if (pieces.at(-1)?.text.includes("\n") === true) lineStart = pieces.length;
      const line = pieces.slice(lineStart);
      return isHopeless(line, rules.hopelessBelow) ? giveUp() : undefined;
    },
    force(tokensOfTyped, typed) {
      all.push(...tokensOfTyped);
      missing = missing.slice(typed.length);
    },
  };
}
