// A server's answer while it grows: what follows the typed part, where it ends, how sure the server was.
import { isHopeless } from "../../decode/hopeless.ts";
import { cutPieces } from "../../decode/pieces.ts";
import { findLoop } from "../../decode/repetition.ts";
import type { AnswerPiece, ModelCompletion, ModelProgress, ModelRequest } from "../../inference-service.ts";
import type { Chunk, ChunkToken } from "./completion-chunk.ts";
import { scoreNames } from "./score-names.ts";

type Stop = ModelCompletion["stop"];

/** `unhealed`: the answer does not repeat what is typed, so it belongs to another text. */
export type AnswerEnd = Stop | "unhealed";

export interface ServerAnswer {
  /** Says why the answer is over, if it is. Nothing is taken after that. */
  take(chunk: Chunk): AnswerEnd | undefined;
  readonly progress: ModelProgress;
  readonly tokens: number;
  /** Undefined where the server told no probabilities. */
  readonly probabilities: { readonly mean: number; readonly min: number } | undefined;
}

interface AnswerRules {
  readonly request: ModelRequest;
  /** The answer repeats this before it goes on. */
  readonly typed: string;
  readonly lineBefore: string;
  /** Below this mean after a few tokens the rest is not worth its time; 0 never gives up. */
  readonly hopelessBelow: number;
  /** Where the first control text begins; -1: nowhere. */
  readonly findControl: (text: string) => number;
  /** What was put into the prompt to break control texts is taken out of the answer. */
  readonly isBroken: boolean;
}

/** A server that ignores the limit of tokens, or sends its whole answer at once, is cut here. */
const LONGEST_TOKEN = 32;

export function createServerAnswer(rules: AnswerRules): ServerAnswer {
  const { request, typed } = rules;
  const isBlock = request.shape === "block";
  let raw = "";
  let text = "";
  let pieces: readonly AnswerPiece[] = [];
  let probabilities: number[] = [];
  const scored: ChunkToken[] = [];
  const ids: number[] = [];
  const idOfText = new Map<string, number>();

  const cut = (length: number): void => {
    text = text.slice(0, length);
    pieces = cutPieces(pieces, length);
    probabilities = probabilities.slice(0, Math.max(1, pieces.length));
  };

  const mean = (): number | undefined =>
    probabilities.length === 0
      ? undefined
      : probabilities.reduce((sum, one) => sum + one, 0) / probabilities.length;

  /** Of the line that is being written: the lines of a block before it were good enough. */
  const isWorthless = (): boolean => {
    const line = pieces.slice(pieces.findLastIndex((piece) => /[\r\n]/.test(piece.text)) + 1);
    return probabilities.length >= pieces.length && isHopeless(line, rules.hopelessBelow);
  };

  const giveUp = (): Stop => {
    const lineEnd = text.lastIndexOf("\n");
    if (lineEnd > 0 && /\S/.test(text.slice(0, lineEnd))) cut(lineEnd);
    return "low-confidence";
  };

  const add = (unit: string, probability: number | undefined): AnswerEnd | undefined => {
    const wasHealed = raw.length >= typed.length;
    raw += unit;
    if (!wasHealed && typed.startsWith(raw)) return undefined;
    if (!wasHealed && !raw.startsWith(typed)) return "unhealed";
    const fresh = wasHealed ? unit : raw.slice(typed.length);
    if (fresh === "") return undefined;
    return show(fresh, probability);
  };

  const show = (fresh: string, probability: number | undefined): Stop | undefined => {
    const shown = text.length;
    text += fresh;
    pieces = [...pieces, { text: fresh, probability: probability ?? 1 }];
    if (probability !== undefined) probabilities.push(probability);
    const id = idOfText.get(fresh) ?? idOfText.size;
    idOfText.set(fresh, id);
    ids.push(id);

    const control = rules.findControl(text);
    if (control !== -1) {
      cut(control);
      return "end-of-text";
    }
    const lineEnd = text.search(/[\r\n]/);
    // A blank line is never answered with another line break: the suggestion belongs on this line.
    const isOnBlankLine =
      !/\S/.test(rules.lineBefore) && lineEnd !== -1 && !/\S/.test(text.slice(0, lineEnd));
    if (lineEnd !== -1 && (!isBlock || isOnBlankLine)) {
      cut(lineEnd);
      return "line-end";
    }
    if (lineEnd !== -1 && lineEnd < shown) {
      const blockEnd = request.findBlockEnd?.(text);
      if (blockEnd !== undefined) {
        cut(blockEnd);
        return "block-end";
      }
    }
    const broken = text.search(/\uFFFD(?!\uFFFD*$)/);
    if (broken !== -1) {
      cut(broken);
      return "low-confidence";
    }
    const worth = findLoop(ids);
    if (worth !== undefined) {
      cut(pieces.slice(0, worth).reduce((sum, piece) => sum + piece.text.length, 0));
      return "repetition";
    }
    if (pieces.length >= request.maxTokens || text.length >= request.maxTokens * LONGEST_TOKEN) {
      cut(Math.min(text.length, request.maxTokens * LONGEST_TOKEN));
      return "token-limit";
    }
    return isWorthless() ? giveUp() : undefined;
  };

  const finish = (reason: "stop" | "length"): AnswerEnd => {
    if (raw.length < typed.length) return "unhealed";
    text = text.replace(/\uFFFD+$/, "");
    cut(text.length);
    if (reason === "length") return "token-limit";
    return isBlock ? "end-of-text" : "line-end";
  };

  return {
    take(chunk) {
      for (const { text: unit, probability, token } of unitsOf(chunk)) {
        if (token !== undefined) scored.push(token);
        const end = add(rules.isBroken ? unit.replaceAll("\u200b", "") : unit, probability);
        if (end !== undefined) return end;
      }
      return chunk.finish === undefined ? undefined : finish(chunk.finish);
    },
    get progress() {
      return {
        text: text.replace(/\uFFFD+$/, ""),
        pieces,
        names: scoreNames(request.names ?? [], rules, scored),
      };
    },
    get tokens() {
      return pieces.length;
    },
    get probabilities() {
      const average = mean();
      return average === undefined ? undefined : { mean: average, min: Math.min(...probabilities) };
    },
  };
}

interface Unit {
  readonly text: string;
  readonly probability: number | undefined;
  readonly token?: ChunkToken;
}

/** A chunk in the model's own tokens where the server told them and they make up its text. */
function unitsOf({ text, tokens }: Chunk): readonly Unit[] {
  if (tokens.length > 0 && tokens.map((token) => token.text).join("") === text) {
    return tokens.map((token) => ({ text: token.text, probability: probabilityOf(token), token }));
  }
  if (text === "") return [];
  const [only] = tokens;
  return [{ text, probability: only === undefined ? undefined : probabilityOf(only) }];
}

function probabilityOf({ logProbability }: ChunkToken): number {
  return Math.min(1, Math.exp(logProbability));
}
