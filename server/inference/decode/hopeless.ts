// When the rest of a line is not worth its time: after a few tokens of which the model was far from sure.
import type { AnswerPiece, RequestClass } from "../inference-service.ts";
import { meanOf } from "./pieces.ts";

/** With a mean below this share of the gate after a few tokens, the line would not be shown in the end. */
const HOPELESS_SHARE = 0.6;
/** The first tokens of a line are often the least sure ones. */
const JUDGE_AFTER = 5;

/** The mean below which a line is given up; 0 never gives up: somebody asked for it. */
export function hopelessBound(requestClass: RequestClass, confidenceGate: number): number {
  return requestClass === "explicit" ? 0 : confidenceGate * HOPELESS_SHARE;
}

export function isHopeless(line: readonly AnswerPiece[], bound: number): boolean {
  return line.length >= JUDGE_AFTER && meanOf(line) < bound;
}
