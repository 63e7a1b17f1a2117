// Where the benchmark types: a line of a real file is taken out and typed again, key by key.
import type { CorpusFile } from "../../corpus/corpus.ts";

export interface TypingFile {
  readonly name: string;
  readonly languageId: string;
  readonly lineComment: string;
  /** Of the file without the line that is typed. */
  readonly before: string;
  readonly after: string;
  /** The line that is typed, without its indentation. */
  readonly typed: string;
}

interface Spot {
  /** Counted from 1, in the pinned file. The first two are those of the peers' measurements. */
  readonly line: number;
  readonly lineComment: string;
}

const spots: Readonly<Record<string, Spot>> = {
  "Encoder.ts": { line: 155, lineComment: "//" },
  "tempfile.py": { line: 467, lineComment: "#" },
  "route.go": { line: 196, lineComment: "//" },
  "identifier.rs": { line: 226, lineComment: "//" },
  "JsonWriter.java": { line: 437, lineComment: "//" },
};

export function typingFileOf(file: CorpusFile): TypingFile {
  const spot = spots[file.name];
  if (spot === undefined) throw new Error(`no place is known in ${file.name}`);
  const lines = file.content.split("\n");
  const line = lines[spot.line - 1] ?? "";
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  const typed = line.slice(indent.length);
  if (typed.length < 35) throw new Error(`line ${spot.line} of ${file.name} is too short to type`);
  const below = lines
    .slice(spot.line)
    .map((text) => `\n${text}`)
    .join("");
  const above = lines.slice(0, spot.line - 1).map((text) => `${text}\n`);
  return {
    name: file.name,
    languageId: file.language,
    lineComment: spot.lineComment,
    before: above.join("") + indent,
    after: below,
    typed,
  };
}

/** `text` with one line of comment put in `lines` lines above its end, indented like the line that it pushes down. */
export function insertLineAbove(text: string, lines: number, comment: string): { text: string; at: number } {
  const starts = lineStarts(text);
  const at = starts.at(-1 - lines) ?? 0;
  const indent = /^[ \t]*/.exec(text.slice(at))?.[0] ?? "";
  return { text: `${text.slice(0, at)}${indent}${comment} noted\n${text.slice(at)}`, at };
}

/** The place at the end of the indentation of the line that is `lines` lines further down. */
export function moveDown(
  before: string,
  after: string,
  lines: number,
): { readonly before: string; readonly after: string } {
  const whole = before + after;
  let at = before.length;
  for (let line = 0; line < lines; line += 1) {
    const next = whole.indexOf("\n", at);
    if (next < 0) break;
    at = next + 1;
  }
  at += /^[ \t]*/.exec(whole.slice(at))?.[0].length ?? 0;
  return { before: whole.slice(0, at), after: whole.slice(at) };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The first line below the typed one that has `length` characters, taken out; the typed one is back in its place. */
export function nextLineToType(
  file: Pick<TypingFile, "before" | "typed" | "after">,
  length: number,
): { readonly before: string; readonly typed: string; readonly after: string } | undefined {
  let at = file.after.indexOf("\n") + 1;
  while (at > 0) {
    const end = file.after.indexOf("\n", at);
    const line = file.after.slice(at, end < 0 ? undefined : end);
    const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
    if (line.length - indent.length >= length) {
      return {
        before: file.before + file.typed + file.after.slice(0, at) + indent,
        typed: line.slice(indent.length),
        after: file.after.slice(at + line.length),
      };
    }
    at = end + 1;
  }
  return undefined;
}
