// What the model is asked about a place, and how the answer of an earlier question may serve a later one.
import type { ModelRequest, RequestClass } from "../../../inference/index.ts";
import type { Offset } from "../../../text/index.ts";
import type { DocumentSnapshot } from "../../../workspace/index.ts";

/** Two questions with equal `before` and `after` about one document have one answer. */
export interface LineQuestion {
  readonly document: string;
  readonly path: string;
  readonly lineComment: string | undefined;
  readonly before: string;
  readonly after: string;
}

/** Longer than most lines of code; the engine stops at the line's end anyway. */
const MAX_LINE_TOKENS = 32;

/** `pending` stands for text that the editor is about to insert in `start..end`, such as a selected menu entry. */
export function questionAt(
  snapshot: DocumentSnapshot,
  start: Offset,
  end: Offset = start,
  pending = "",
): LineQuestion {
  const { content } = snapshot.text;
  return {
    document: snapshot.id,
    path: snapshot.displayPath,
    lineComment: snapshot.language?.lineComment,
    before: content.slice(0, start) + pending,
    after: content.slice(end),
  };
}

export function toModelRequest(question: LineQuestion, requestClass: RequestClass): ModelRequest {
  return { ...question, requestClass, maxTokens: MAX_LINE_TOKENS };
}

export function isSameQuestion(a: LineQuestion, b: LineQuestion): boolean {
  return (
    a.before.length === b.before.length &&
    a.after.length === b.after.length &&
    a.document === b.document &&
    a.before === b.before &&
    a.after === b.after
  );
}

/**
 * What was typed since `earlier` was asked, when typing at the cursor is all that happened; closing brackets and quotes
 * that the editor put right of the cursor count as typing.
 */
export function typedSince(earlier: LineQuestion, now: LineQuestion): string | undefined {
  const isCandidate =
    earlier.document === now.document &&
    now.before.length >= earlier.before.length &&
    now.before.length - earlier.before.length <= MAX_TYPED &&
    now.after.length - earlier.after.length <= MAX_CLOSERS;
  if (!isCandidate || !now.before.startsWith(earlier.before) || !now.after.endsWith(earlier.after)) {
    return undefined;
  }
  const closers = now.after.slice(0, now.after.length - earlier.after.length);
  return /^[\])}>"'`]*$/.test(closers) ? now.before.slice(earlier.before.length) : undefined;
}

/** A suggestion is one line. */
const MAX_TYPED = 1000;
const MAX_CLOSERS = 4;
