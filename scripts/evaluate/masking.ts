// Lines of real files taken out and asked for again. What is asked for stands nowhere in what the server sees.
import type { CorpusFile } from "../corpus/corpus.ts";
import { createChance, shuffle } from "../report/statistics.ts";

/** "rest": from a random place to the end of the line; "line": the whole line; "identifier": a name whose first letters are typed. */
export type MaskKind = "rest" | "line" | "identifier";

export interface MaskedPlace {
  readonly kind: MaskKind;
  /** The document as the server sees it is `before` and `after`, with the cursor between them. */
  readonly before: string;
  readonly after: string;
  /** What was taken out right of the cursor; for an identifier the rest of the line is taken out with it. */
  readonly truth: string;
  /** Of an identifier: the whole name, of which a part may stand left of the cursor. */
  readonly name: string | undefined;
}

export interface MaskedLine {
  readonly id: string;
  readonly language: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly places: readonly MaskedPlace[];
}

/** Lines above the masked one, so that there is something to go on. */
const LEAST_ABOVE = 12;
const LEAST_LENGTH = 12;
const LONGEST = 120;
const LEAST_REST = 3;
const SHORTEST_NAME = 4;

/**
 * `count` lines of each language, the same for the same seed, taken in turn from the language's files. The result is in
 * rounds over the languages, so that a run that is cut off has seen all of them alike.
 */
export function sampleLines(
  files: readonly CorpusFile[],
  count: number,
  seed: number,
): readonly MaskedLine[] {
  const chance = createChance(seed);
  const languages = [...new Set(files.map((file) => file.language))].sort();
  const byLanguage = languages.map((language) => {
    const pools = files
      .filter((file) => file.language === language)
      .map((file) => ({ file, lines: shuffle(maskableLines(file.content), chance) }));
    const sampled: MaskedLine[] = [];
    for (let round = 0; sampled.length < count && pools.some(({ lines }) => lines.length > 0); round += 1) {
      const pool = pools[round % pools.length];
      const line = pool?.lines.shift();
      if (pool === undefined || line === undefined) continue;
      const masked = maskLine(pool.file, line, chance);
      if (masked !== undefined) sampled.push(masked);
    }
    return sampled;
  });
  return Array.from({ length: count }, (_, round) =>
    byLanguage.flatMap((lines) => lines[round] ?? []),
  ).flat();
}

/** Numbers of the lines worth asking for: code, not comments, not too short, and found once in the file. */
export function maskableLines(content: string): readonly number[] {
  const lines = content.split("\n");
  const seen = new Map<string, number>();
  for (const line of lines) seen.set(line.trim(), (seen.get(line.trim()) ?? 0) + 1);
  return lines.flatMap((line, index) => {
    const text = line.trim();
    const isCode = /[\p{L}_]/u.test(text) && !/^(\/\/|\/\*|\*|#|--|"""|''')/.test(text);
    const isRightSize = text.length >= LEAST_LENGTH && text.length <= LONGEST;
    return isCode && isRightSize && index >= LEAST_ABOVE && seen.get(text) === 1 ? [index + 1] : [];
  });
}

/** Undefined when the line still stands in the text around it, or nothing sensible can be cut from it. */
export function maskLine(
  file: Pick<CorpusFile, "name" | "language" | "content">,
  line: number,
  chance: () => number,
): MaskedLine | undefined {
  const lines = file.content.split("\n");
  const text = (lines[line - 1] ?? "").trimEnd();
  const above = lines
    .slice(0, line - 1)
    .map((one) => `${one}\n`)
    .join("");
  const below = lines
    .slice(line)
    .map(
      (one) => `
${one}`,
    )
    .join("");
  const indent = /^\s*/.exec(text)?.[0] ?? "";
  const code = text.slice(indent.length);
  // A long line may hold this one as its part.
  if (above.includes(code) || below.includes(code)) return undefined;
  const cut = (kind: MaskKind, at: number, name?: string): MaskedPlace => ({
    kind,
    before: above + text.slice(0, at),
    after: below,
    truth: text.slice(at),
    name,
  });
  const places: MaskedPlace[] = [cut("line", indent.length)];
  const from = indent.length + Math.max(1, Math.floor(code.length * 0.2));
  const to = text.length - LEAST_REST;
  if (to > from) places.push(cut("rest", from + Math.floor(chance() * (to - from))));
  const name = pickName(code, chance);
  if (name !== undefined) {
    const typed = 1 + Math.floor(chance() * 2);
    places.push(cut("identifier", indent.length + name.at + typed, name.name));
  }
  return {
    id: `${file.language}/${file.name}:${line}`,
    language: file.language,
    file: file.name,
    line,
    places,
  };
}

/** A name of the line that does not begin it and does not stand in a text or a comment. */
function pickName(
  code: string,
  chance: () => number,
): { readonly name: string; readonly at: number } | undefined {
  const names = [...code.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)].flatMap(({ 0: name, index }) => {
    const before = code.slice(0, index);
    const isQuoted = [`"`, "'", "`"].some((quote) => before.split(quote).length % 2 === 0);
    const isComment = /\/\/|\/\*|(^|\s)#/.test(before);
    return index > 0 && name.length >= SHORTEST_NAME && !isQuoted && !isComment ? [{ name, at: index }] : [];
  });
  return names[Math.floor(chance() * names.length)];
}
