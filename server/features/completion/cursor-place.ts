// What stands around the cursor: the typed part of a word, a member operator before it, code or comment.
import type { PlaceKind } from "../../syntax/index.ts";
import { lineAt, lineEnd, lineStart } from "../../text/index.ts";
import type { Offset } from "../../text/index.ts";
import type { DocumentSnapshot } from "../../workspace/index.ts";

export interface CursorPlace {
  readonly offset: Offset;
  /** Where the typed word starts; equal to `offset` when nothing of a word is typed. */
  readonly wordStart: Offset;
  readonly typed: string;
  readonly lineLeft: string;
  readonly lineRight: string;
  readonly kind: PlaceKind;
  /** Set right after a member operator: the name before it, where it is a plain name. */
  readonly member: { readonly receiver: string | undefined } | undefined;
  /** The typed word, or what the member operator follows, is a number. */
  readonly isNumber: boolean;
  /** The word goes on right of the cursor. */
  readonly isInsideWord: boolean;
}

/** Longer words are data, not names. */
const MAX_WORD_LENGTH = 256;

export function readCursorPlace(snapshot: DocumentSnapshot, offset: Offset): CursorPlace {
  const { text } = snapshot;
  const { content } = text;
  const line = lineAt(text, offset);
  const lineLeft = content.slice(lineStart(text, line), offset);
  const lineRight = content.slice(offset, Math.max(offset, lineEnd(text, line)));
  const typed = wordBefore(content, offset);
  const wordStart = offset - typed.length;
  const member = memberBefore(content, wordStart, snapshot.language?.memberOperators ?? []);
  return {
    offset,
    wordStart,
    typed,
    lineLeft,
    lineRight,
    kind: placeKind(snapshot, offset, lineLeft),
    member,
    isNumber: /^\p{Nd}/u.test(typed) || /^\p{Nd}/u.test(member?.receiver ?? ""),
    isInsideWord: WORD_START.test(lineRight),
  };
}

const WORD_START = /^[\p{ID_Continue}$]/u;
const WORD_END = /[\p{ID_Continue}$\u200c\u200d]+$/u;

/** The word that ends at `offset`, or an empty text. */
export function wordBefore(content: string, offset: Offset): string {
  return WORD_END.exec(content.slice(Math.max(0, offset - MAX_WORD_LENGTH), offset))?.[0] ?? "";
}

function memberBefore(
  content: string,
  wordStart: Offset,
  operators: readonly string[],
): CursorPlace["member"] {
  const left = content.slice(Math.max(0, wordStart - MAX_WORD_LENGTH), wordStart);
  const operator = operators
    .filter((candidate) => left.endsWith(candidate))
    .sort((a, b) => b.length - a.length)[0];
  if (operator === undefined) return undefined;
  const beforeOperator = left.slice(0, left.length - operator.length);
  // `..` is a range or a spread, not a member.
  if (beforeOperator.endsWith(operator.charAt(0))) return undefined;
  // `a?.b` and `a!.b` have the receiver `a`; a receiver may stand on the line above.
  const receiver = WORD_END.exec(beforeOperator.replace(/[?!]?\s*$/u, ""))?.[0];
  return { receiver };
}

/** Without a parse of this very text only a comment that opens the line can be told. */
function placeKind(snapshot: DocumentSnapshot, offset: Offset, lineLeft: string): PlaceKind {
  const syntax = snapshot.syntax.current();
  if (syntax?.text === snapshot.text) return syntax.placeAt(offset);
  const comment = snapshot.language?.lineComment;
  return comment !== undefined && lineLeft.trimStart().startsWith(comment) ? "comment" : "code";
}
