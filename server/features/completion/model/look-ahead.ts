// The next suggestion before it is asked for: what follows when the one that is shown is accepted, worked out in the background.
import { typedSince } from "./line-question.ts";
import type { LineQuestion } from "./line-question.ts";
import { agreesWith } from "./model-run.ts";
import type { ModelRun } from "./model-run.ts";

export interface LookAhead {
  /** `accepted` is shown at `from`; `next` is asked of the model unless its answer is known. One per document: an older one ends. */
  begin(from: LineQuestion, accepted: string, next: LineQuestion): void;
  /** The user is at `question` now: a guess that does not lie on this way is given up. */
  visit(question: LineQuestion): void;
  /** The running guess that answers this question, which then belongs to the caller. */
  take(question: LineQuestion): ModelRun | undefined;
  isBusy(document: string): boolean;
  drop(document: string): void;
  clear(): void;
}

interface Guess {
  readonly from: LineQuestion;
  /** What has to be typed at `from` to come to the run's question. */
  readonly path: string;
  readonly run: ModelRun;
}

export function createLookAhead(deps: {
  readonly isKnown: (question: LineQuestion) => boolean;
  readonly start: (question: LineQuestion) => ModelRun;
}): LookAhead {
  const guesses = new Map<string, Guess>();

  const drop = (document: string): void => {
    guesses.get(document)?.run.stop();
    guesses.delete(document);
  };

  /** On the way to the guessed place, or there and typing along its answer. */
  const leadsTo = ({ from, path, run }: Guess, question: LineQuestion): boolean => {
    const typed = typedSince(from, question);
    return (typed !== undefined && path.startsWith(typed)) || agreesWith(run, question);
  };

  return {
    begin(from, accepted, next) {
      const known = guesses.get(from.document);
      if (known !== undefined && typedSince(known.run.question, next) === "") return;
      drop(from.document);
      if (deps.isKnown(next)) return;
      const run = deps.start(next);
      const guess = { from, path: accepted, run };
      guesses.set(from.document, guess);
      void run.outcome.then(() => {
        if (guesses.get(from.document) === guess) guesses.delete(from.document);
      });
    },

    visit(question) {
      const guess = guesses.get(question.document);
      if (guess !== undefined && !leadsTo(guess, question)) drop(question.document);
    },

    take(question) {
      const guess = guesses.get(question.document);
      // Before its first token it is no further than a question of the typing class would be, and less urgent.
      if (guess === undefined || guess.run.progress() === undefined) return undefined;
      if (!agreesWith(guess.run, question)) return undefined;
      guesses.delete(question.document);
      return guess.run;
    },

    isBusy: (document) => guesses.has(document),
    drop,
    clear() {
      for (const document of [...guesses.keys()]) drop(document);
    },
  };
}
