// Syntax findings in words: one sentence that says what is wrong and, where it is known, what was expected where.
import { lineAt, lineEnd } from "../text/index.ts";
import type { Offset, Span, Text, TextEdit } from "../text/index.ts";
import type { LonelyBracket } from "./brackets.ts";
import type { OpenQuote } from "./quotes.ts";
import type { SyntaxFinding } from "./syntax-service.ts";

const MAX_QUOTED = 30;

/** `edit` is the repair that helps, undefined when none was found. */
export function describeBracket(
  text: Text,
  { kind, offset, bracket, partner, noticedAt }: LonelyBracket,
  edit: TextEdit | undefined,
): SyntaxFinding {
  const span = { start: offset, end: offset + 1 };
  if (kind === "unopened") {
    return {
      span,
      code: "unopened-bracket",
      message: `\`${bracket}\` closes nothing: there is no \`${partner}\` before it.`,
      repair: edit === undefined ? undefined : { title: `Remove \`${bracket}\``, edit },
    };
  }
  let expected = `expected \`${partner}\` before the end of the file`;
  if (edit !== undefined) expected = `expected \`${partner}\` ${placeInWords(text, edit.start, offset)}`;
  else if (noticedAt !== undefined)
    expected = `expected \`${partner}\` before \`${text.content.charAt(noticedAt)}\` on line ${lineAt(text, noticedAt) + 1}`;
  return {
    span,
    code: "unclosed-bracket",
    message: `\`${bracket}\` is never closed: ${expected}.`,
    repair: edit === undefined ? undefined : { title: `Insert \`${partner}\``, edit },
  };
}

export function describeQuote(text: Text, { offset, quote }: OpenQuote, edit: TextEdit): SyntaxFinding {
  return {
    span: { start: offset, end: Math.min(edit.start, lineEnd(text, lineAt(text, offset))) },
    code: "unclosed-string",
    message: `The string is never closed: expected \`${quote}\` ${placeInWords(text, edit.start, offset)}.`,
    repair: { title: `Insert \`${quote}\``, edit },
  };
}

export function describeToken(text: Text, edit: TextEdit): SyntaxFinding {
  const token = `\`${edit.newText}\``;
  const start = Math.max(0, edit.start - 1);
  return {
    span: { start, end: edit.start },
    code: "missing-token",
    message: `Expected ${token} ${placeInWords(text, edit.start, edit.start)}.`,
    repair: { title: `Insert ${token}`, edit },
  };
}

/** An ERROR or MISSING node, at its place in the text that is spoken of. */
export interface ErrorNode extends Span {
  readonly isMissing: boolean;
  readonly isNamed: boolean;
  readonly type: string;
}

export function describeNode(text: Text, node: ErrorNode): SyntaxFinding {
  const { start } = node;
  if (node.isMissing) {
    const token = node.isNamed ? inWords(node.type) : `\`${node.type}\``;
    const edit = { start, end: start, newText: node.type };
    return {
      span: { start: Math.max(0, start - 1), end: start },
      code: "missing-token",
      message: `Expected ${token} ${placeInWords(text, start, start)}.`,
      repair: node.isNamed ? undefined : { title: `Insert ${token}`, edit },
    };
  }
  const end = Math.min(node.end, lineEnd(text, lineAt(text, start)));
  const shown = shorten(text.content.slice(start, end).trim());
  const isAtEnd = text.content.slice(node.end).trim() === "" && node.end <= end;
  return {
    span: { start, end: Math.max(end, Math.min(start + 1, text.content.length)) },
    code: isAtEnd ? "unexpected-end" : "unexpected-text",
    message: isAtEnd
      ? `The file ends in the middle of this: more was expected after \`${lastWord(shown)}\`.`
      : `\`${shown}\` is not expected here.`,
    repair: undefined,
  };
}

/** `after \`name\`` on the line where the finding stands, with the line's number elsewhere. */
function placeInWords(text: Text, at: Offset, seenFrom: Offset): string {
  const before = text.content.slice(Math.max(0, at - 200), at).trimEnd();
  if (before === "") return "at the start of the file";
  const line = lineAt(text, at);
  if (text.content.slice(at).trim() === "" && line !== lineAt(text, seenFrom))
    return "at the end of the file";
  const where = line === lineAt(text, seenFrom) ? "" : ` on line ${line + 1}`;
  return `after \`${lastWord(before)}\`${where}`;
}

/** The name or the mark that a text ends with. */
function lastWord(before: string): string {
  return /[\p{L}\p{N}_$]+$/u.exec(before)?.[0].slice(-MAX_QUOTED) ?? before.slice(-1);
}

function shorten(shown: string): string {
  return shown.length > MAX_QUOTED ? `${shown.slice(0, MAX_QUOTED)}…` : shown;
}

function inWords(nodeType: string): string {
  const words = nodeType.replaceAll("_", " ").trim();
  return `${/^[aeiou]/.test(words) ? "an" : "a"} ${words}`;
}
