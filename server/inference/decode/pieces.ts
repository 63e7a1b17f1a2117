// An answer's text in the model's own pieces, and the same pieces for a text that was cut.
import type { AnswerPiece } from "../inference-service.ts";

/** The pieces of the first `length` UTF-16 units; a piece at the cut keeps its probability. */
export function cutPieces(pieces: readonly AnswerPiece[], length: number): AnswerPiece[] {
  const kept: AnswerPiece[] = [];
  let left = length;
  for (const piece of pieces) {
    if (left <= 0) break;
    kept.push(piece.text.length <= left ? piece : { ...piece, text: piece.text.slice(0, left) });
    left -= piece.text.length;
  }
  return kept;
}

export function meanOf(pieces: readonly AnswerPiece[]): number {
  if (pieces.length === 0) return 0;
  return pieces.reduce((sum, { probability }) => sum + probability, 0) / pieces.length;
}
