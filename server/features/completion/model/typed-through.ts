// Remembers the model's lines: typing along a suggestion, or going back in it, needs no further evaluation.
import { createLru } from "../../../kernel/index.ts";
import type { ScoredName } from "../../../inference/index.ts";
import type { ModelLine } from "./line-answer.ts";
import { isClosers, MAX_CLOSERS, MAX_TYPED, toLineFeeds } from "./line-question.ts";
import type { LineQuestion } from "./line-question.ts";

export interface TypedThroughCache {
  remember(question: LineQuestion, line: ModelLine): void;
  /** What is left of a remembered line after what was typed since; undefined when nothing fits. */
  recall(question: LineQuestion): ModelLine | undefined;
  forget(document: string): void;
  clear(): void;
}

/** Both numbers bound memory: an entry holds a copy of the text around its place, a few kilobytes. */
const MAX_DOCUMENTS = 32;
const LINES_PER_DOCUMENT = 24;

/**
 * A remembered line is right as long as the text that it followed from is what it was: the cursor's line, these many
 * lines above and below it, and the document's ends where they lie within. A change further away hardly changes what a
 * small model writes, and what is shown is filtered and parsed against the newest text in any case.
 */
const LINES_ABOVE = 20;
const LINES_BELOW = 8;
/** Bounds the windows where lines are long, in UTF-16 units. */
const UNITS_ABOVE = 3_000;
const UNITS_BELOW = 1_200;

interface Window {
  /** Up to the cursor. */
  readonly above: string;
  readonly below: string;
  /** Nothing lies beyond. */
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

interface Entry {
  readonly window: Window;
  readonly isBlock: boolean;
  readonly line: ModelLine;
}

export function createTypedThroughCache(): TypedThroughCache {
  const documents = createLru<string, readonly Entry[]>(MAX_DOCUMENTS);
  return {
    remember(question, line) {
      const isBlock = question.block !== undefined;
      const window = windowAt(question);
      const others = (documents.get(question.document) ?? []).filter(
        (entry) => !(entry.isBlock === isBlock && isSameWindow(entry.window, window)),
      );
      documents.set(question.document, [{ window, isBlock, line }, ...others].slice(0, LINES_PER_DOCUMENT));
    },

    recall(question) {
      for (const { window, line, isBlock } of documents.get(question.document) ?? []) {
        const typed = typedInWindow(window, question);
        if (typed === undefined || (typed === "" && isBlock !== (question.block !== undefined))) continue;
        const rest = restOfLine(line, typed, question);
        if (rest !== undefined) return rest;
      }
      return undefined;
    },

    forget: (document) => void documents.delete(document),
    clear: () => documents.clear(),
  };
}

/** The line after `typed` was typed along it; undefined when that disagrees, or says nothing about what follows. */
export function restOfLine(line: ModelLine, typed: string, question: LineQuestion): ModelLine | undefined {
  if (typed === "") return line;
  // A doubtful line may look better after another letter, and one that was cut says nothing about the next.
  if (!line.isConfident || !line.text.startsWith(typed)) return undefined;
  const isOver = line.text.length === typed.length;
  // The line is over where its block begins.
  if (isOver && (!line.endsLine || question.block !== undefined)) return undefined;
  return { ...line, text: line.text.slice(typed.length), names: namesAfter(line.names, typed) };
}

/** Scores say something about the word that they were asked for: nothing once another one began. */
export function namesAfter(names: readonly ScoredName[], typed: string): readonly ScoredName[] {
  return /^[\p{ID_Continue}$]*$/u.test(typed) ? names : [];
}

function windowAt({ before, after }: LineQuestion): Window {
  const start = startOfWindow(before);
  const end = endOfWindow(after);
  return {
    above: copyOf(before.slice(start)),
    below: copyOf(after.slice(0, end)),
    isStart: start === 0,
    isEnd: end === after.length,
  };
}

function startOfWindow(before: string): number {
  let at = before.length;
  for (let lines = 0; lines <= LINES_ABOVE && at > 0; lines += 1) at = before.lastIndexOf("\n", at - 1);
  return Math.max(at < 0 ? 0 : at, before.length - UNITS_ABOVE, 0);
}

function endOfWindow(after: string): number {
  let at = -1;
  for (let lines = 0; lines <= LINES_BELOW; lines += 1) {
    at = after.indexOf("\n", at + 1);
    if (at < 0) return Math.min(after.length, UNITS_BELOW);
  }
  return Math.min(at, UNITS_BELOW);
}

/** A slice keeps the whole text that it was cut from alive; a copy does not. */
function copyOf(text: string): string {
  return text.split("").join("");
}

function isSameWindow(a: Window, b: Window): boolean {
  return a.above === b.above && a.below === b.below && a.isStart === b.isStart && a.isEnd === b.isEnd;
}

/** What was typed at the window's place to come to the question's, with LF for line breaks; undefined when more happened. */
function typedInWindow(window: Window, { before, after }: LineQuestion): string | undefined {
  const { above, below, isStart, isEnd } = window;
  const closers = closersBefore(below, after, isEnd);
  if (closers === undefined) return undefined;
  if (isStart) {
    return before.length - above.length <= MAX_TYPED && before.startsWith(above)
      ? toLineFeeds(before.slice(above.length))
      : undefined;
  }
  // Where the window ends is where its last line does: typed text holds no second copy of so much text.
  const from = Math.max(0, before.length - above.length - MAX_TYPED);
  const at = before.slice(from).lastIndexOf(above);
  return at < 0 ? undefined : toLineFeeds(before.slice(from + at + above.length));
}

/** Closing brackets that the editor put between the cursor and what stood right of it. */
function closersBefore(below: string, after: string, isEnd: boolean): string | undefined {
  if (isEnd) {
    if (!after.endsWith(below)) return undefined;
    const closers = after.slice(0, after.length - below.length);
    return isClosers(closers) ? closers : undefined;
  }
  for (let length = 0; length <= MAX_CLOSERS; length += 1) {
    if (after.startsWith(below, length) && isClosers(after.slice(0, length))) return after.slice(0, length);
  }
  return undefined;
}
