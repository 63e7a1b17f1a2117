// What one answer is worth against the text that was taken out.
import { editSimilarity } from "../report/statistics.ts";

export interface Score {
  readonly isExact: boolean;
  readonly similarity: number;
}

/** The first line of `answer` against the rest of the masked line; blanks at the end do not count. */
export function scoreLine(answer: string, truth: string): Score {
  const [first = ""] = answer.split("\n");
  const [given, wanted] = [first.trimEnd(), truth.trimEnd()];
  return { isExact: given === wanted, similarity: editSimilarity(given, wanted) };
}

/** The name that `answer` begins with, together with what was typed of it. */
export function scoreName(typed: string, answer: string, name: string): Score {
  const given = /^[\p{L}\p{N}_$]*/u.exec(typed + answer)?.[0] ?? "";
  return { isExact: given === name, similarity: editSimilarity(given, name) };
}
