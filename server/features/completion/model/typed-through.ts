// Remembers the model's lines: typing along a suggestion, or going back in it, needs no further evaluation.
import { createLru } from "../../../kernel/index.ts";
import { typedSince } from "./line-question.ts";
import type { LineQuestion } from "./line-question.ts";

/** A line as the model gave it; filters run when it is shown, since the place changes while one types. */
export interface RememberedLine {
  readonly text: string;
  readonly isConfident: boolean;
}

export interface TypedThroughCache {
  remember(question: LineQuestion, line: RememberedLine): void;
  /** What is left of a remembered line after what was typed since; undefined when nothing fits. */
  recall(question: LineQuestion): RememberedLine | undefined;
  forget(document: string): void;
  clear(): void;
}

/** Each entry holds on to a text of the document, so both numbers bound memory. */
const MAX_DOCUMENTS = 16;
const LINES_PER_DOCUMENT = 4;

export function createTypedThroughCache(): TypedThroughCache {
  interface Entry {
    readonly question: LineQuestion;
    readonly line: RememberedLine;
  }
  const documents = createLru<string, readonly Entry[]>(MAX_DOCUMENTS);
  return {
    remember(question, line) {
      const known = documents.get(question.document) ?? [];
      documents.set(question.document, [{ question, line }, ...known].slice(0, LINES_PER_DOCUMENT));
    },

    recall(question) {
      for (const { question: earlier, line } of documents.get(question.document) ?? []) {
        const typed = typedSince(earlier, question);
        if (typed === undefined || !line.text.startsWith(typed)) continue;
        if (typed === "") return line;
        // A doubtful line may look better after another letter, and a finished one says nothing about the next.
        if (line.isConfident && line.text.length > typed.length) {
          return { text: line.text.slice(typed.length), isConfident: true };
        }
      }
      return undefined;
    },

    forget: (document) => void documents.delete(document),
    clear: () => documents.clear(),
  };
}
