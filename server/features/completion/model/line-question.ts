// What the model is asked about a place, and how the answer of an earlier question may serve a later one.
import type { ModelRequest, RequestClass } from "../../../inference/index.ts";
import type { Language } from "../../../syntax/index.ts";
import type { Offset } from "../../../text/index.ts";
import type { DocumentSnapshot } from "../../../workspace/index.ts";
import { findBlockEnd } from "./block/block-end.ts";
import { blockPlaceAt } from "./block/block-place.ts";
import type { BlockPlace } from "./block/block-place.ts";

/** Two questions with equal `before` and `after` about one document have one answer. */
export interface LineQuestion {
  readonly document: string;
  readonly path: string;
  readonly lineComment: string | undefined;
  /** As people write it; some prompt formats tell it to the model. */
  readonly languageName?: string;
  readonly before: string;
  readonly after: string;
  /** Set where a block is wanted: absent asks for one line. */
  readonly block?: BlockPlace;
}

/** Longer than most lines of code; the engine stops at the line's end anyway. */
const MAX_LINE_TOKENS = 32;
/** About twelve lines; `findBlockEnd` ends most blocks long before. */
const MAX_BLOCK_TOKENS = 128;

/** `pending` stands for text that the editor is about to insert in `start..end`, such as a selected menu entry. */
export function questionAt(
  snapshot: DocumentSnapshot,
  start: Offset,
  end: Offset = start,
  pending = "",
): LineQuestion {
  const { content } = snapshot.text;
  return questionAbout(snapshot, content.slice(0, start) + pending, content.slice(end));
}

/** The question that the document will ask once its text is `before` and `after` with the cursor in between. */
export function questionAbout(
  snapshot: {
    readonly id: string;
    readonly displayPath: string;
    readonly language: Language | undefined;
  },
  before: string,
  after: string,
): LineQuestion {
  const { id, displayPath, language } = snapshot;
  const block = blockPlaceAt(language, before, after);
  return {
    document: id,
    path: displayPath,
    lineComment: language?.lineComment,
    ...(language === undefined ? {} : { languageName: language.name }),
    before,
    after,
    ...(block === undefined ? {} : { block }),
  };
}

export function toModelRequest(
  { block, ...question }: LineQuestion,
  requestClass: RequestClass,
): ModelRequest {
  if (block === undefined) return { ...question, requestClass, maxTokens: MAX_LINE_TOKENS };
  return {
    ...question,
    requestClass,
    maxTokens: MAX_BLOCK_TOKENS,
    shape: "block",
    findBlockEnd: (answer) => findBlockEnd(answer, block),
  };
}

/**
 * What was typed since `earlier` was asked, when typing at the cursor is all that happened; closing brackets and quotes
 * that the editor put right of the cursor count as typing. Line breaks are told as "\n", as in the model's answers.
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
  if (!isClosers(now.after.slice(0, now.after.length - earlier.after.length))) return undefined;
  return toLineFeeds(now.before.slice(earlier.before.length));
}

/** Closing brackets and quotes, as editors insert them behind an opening one. */
export function isClosers(text: string): boolean {
  return text.length <= MAX_CLOSERS && /^[\])}>"'`]*$/.test(text);
}

export function toLineFeeds(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

/** A suggestion is at most a block of some lines. */
export const MAX_TYPED = 2000;
export const MAX_CLOSERS = 4;
