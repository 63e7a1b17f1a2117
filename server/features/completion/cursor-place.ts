// What stands around the cursor: the typed part of a word, a member operator before it, code or comment.
import type { Language, PlaceKind } from "../../syntax/index.ts";
import { lineAt, lineEnd, lineStart, snapToCodePoint } from "../../text/index.ts";
import type { Offset } from "../../text/index.ts";
import type { DocumentSnapshot } from "../../workspace/index.ts";

export interface CursorPlace {
  readonly offset: Offset;
  /** Where the typed word starts; equal to `offset` when nothing of a word is typed. */
  readonly wordStart: Offset;
  readonly typed: string;
  /** `$`, `@`, `@@` or `#` right before the word: part of the name in some languages. */
  readonly sigil: string;
  readonly lineLeft: string;
  readonly lineRight: string;
  readonly kind: PlaceKind;
  /** Set right after a member operator: the name before it, where it is a plain name. */
  readonly member: { readonly receiver: string | undefined } | undefined;
  /** The typed word, or what the member operator follows, is a number. */
  readonly isNumber: boolean;
  /** The word goes on right of the cursor. */
  readonly isInsideWord: boolean;
  /** Where it ends; equal to `offset` when it does not go on. */
  readonly wordEnd: Offset;
}

/** Longer words are data, not names. */
const MAX_WORD_LENGTH = 256;

/** A cursor within a character counts as one before it. */
export function readCursorPlace(snapshot: DocumentSnapshot, cursor: Offset): CursorPlace {
  const { text } = snapshot;
  const { content } = text;
  const offset = snapToCodePoint(content, cursor);
  const line = lineAt(text, offset);
  const lineLeft = content.slice(lineStart(text, line), offset);
  const lineRight = content.slice(offset, Math.max(offset, lineEnd(text, line)));
  const wordRight = WORD_START.exec(lineRight)?.[0] ?? "";
  const { typed, sigil } = wordBefore(content, offset, wordCharacters(snapshot.language));
  const wordStart = offset - typed.length;
  const member = memberBefore(content, wordStart - sigil.length, snapshot.language?.memberOperators ?? []);
  return {
    offset,
    wordStart,
    typed,
    sigil,
    lineLeft,
    lineRight,
    kind: placeKind(snapshot, offset, lineLeft),
    member,
    isNumber: /^\p{Nd}/u.test(typed) || /^\p{Nd}/u.test(member?.receiver ?? ""),
    isInsideWord: wordRight !== "",
    wordEnd: offset + wordRight.length,
  };
}

const WORD_START = /^[\p{ID_Continue}$]+/u;
const WORD_END = /[\p{ID_Continue}$\u200c\u200d]+$/u;

/** A hyphen or a dot belongs to words where the language's own names have it (`font-size`, `data.frame`) and no operator does. */
function wordCharacters(language: Language | undefined): RegExp {
  if (language === undefined) return WORD_END;
  const { memberOperators, keywords, builtins } = language;
  const isInNames = (character: string): boolean =>
    !memberOperators.includes(character) &&
    [keywords, builtins].some((names) => names.some((name) => name.indexOf(character, 1) > 0));
  const hasHyphen = isInNames("-");
  const hasDot = isInNames(".");
  if (hasHyphen) return hasDot ? /[\p{ID_Continue}$.-]+$/u : /[\p{ID_Continue}$-]+$/u;
  return hasDot ? /[\p{ID_Continue}$.]+$/u : WORD_END;
}

function wordBefore(
  content: string,
  offset: Offset,
  characters: RegExp,
): { readonly typed: string; readonly sigil: string } {
  const left = content.slice(Math.max(0, offset - MAX_WORD_LENGTH), offset);
  const word = characters.exec(left)?.[0] ?? "";
  const typed = word.replace(/^\$+/, "");
  const sigil = /[@#$]{0,2}$/.exec(left.slice(0, left.length - typed.length))?.[0] ?? "";
  return { typed, sigil };
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
  const receiver = /[@$]*[\p{ID_Continue}$]+$/u.exec(beforeOperator.replace(/[?!]?\s*$/u, ""))?.[0];
  return { receiver };
}

/** Without a parse of this very text only a comment that opens the line can be told. */
function placeKind(snapshot: DocumentSnapshot, offset: Offset, lineLeft: string): PlaceKind {
  const syntax = snapshot.syntax.current();
  if (syntax?.text === snapshot.text) return syntax.placeAt(offset);
  const comment = snapshot.language?.lineComment;
  return comment !== undefined && lineLeft.trimStart().startsWith(comment) ? "comment" : "code";
}
