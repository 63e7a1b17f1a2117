// Puts the pieces of a prompt into the places of its format: everything that stands in front of the current line.
import type { Token } from "../engine/engine.ts";
import type { ResolvedFormat } from "./prompt-format.ts";
import { splitSegments } from "./segments.ts";
import type { LineJoint, SegmentTokens } from "./segments.ts";
import { fillTemplate } from "./template.ts";
import type { Slot } from "./template.ts";

/** Another file that stands in front of the current one. */
export interface RelatedFile {
  readonly path: string;
  readonly text: string;
}

export interface LayoutSource {
  readonly path: string;
  readonly lineComment: string | undefined;
  /** The language's name as people write it, for formats that tell it. */
  readonly languageName?: string;
  /** Shown by formats that name the repository. */
  readonly repository?: string;
  /** Pieces of the text above the current line, as `splitSegments` cuts them. */
  readonly prefix: readonly string[];
  readonly suffix: readonly string[];
  /** Already cut to what fits; the most stable first. */
  readonly files: readonly RelatedFile[];
}

export interface LayoutRules {
  readonly format: ResolvedFormat;
  readonly joint: LineJoint;
  readonly segments: SegmentTokens;
}

/** A special token, text that goes on with what follows it, or text that is cut already. */
type Piece = Token | string | readonly string[];

const LONGEST_PATH = 256;

export function layOut(source: LayoutSource, rules: LayoutRules): Token[] {
  const { format } = rules;
  const values = describe(source, source.path);
  const header = format.header.flatMap((line) => fillTemplate(line, values) ?? []);
  const filled = fillTemplate<Token, Piece>(format.prompt, {
    ...values,
    repository: fillTemplate(format.repository, values) ?? [],
    header,
    files: source.files.flatMap((file) => layOutFile(file, source, format)),
    prefix: [source.prefix],
    suffix: [source.suffix],
  });
  return encode(filled ?? [source.prefix], rules);
}

/** Whole files as long as they fit, the last one cut after a line; the same files give the same cut. */
export function fitFiles(
  files: readonly RelatedFile[],
  budgetTokens: number,
  source: LayoutSource,
  rules: LayoutRules,
): readonly RelatedFile[] {
  const fitting: RelatedFile[] = [];
  let left = budgetTokens;
  for (const file of files) {
    const pieces = splitSegments(file.text.trimEnd(), rules.joint);
    if (pieces.length === 0) continue;
    left -= encode(layOutFile({ ...file, text: "" }, source, rules.format), rules).length;
    const kept: string[] = [];
    for (const piece of pieces) {
      const { length } = rules.segments.tokensOf(piece);
      if (length > left) break;
      left -= length;
      kept.push(piece);
    }
    if (kept.length === 0) break;
    fitting.push({ path: file.path, text: kept.join("") });
    if (kept.length < pieces.length) break;
  }
  return fitting;
}

function layOutFile(file: RelatedFile, source: LayoutSource, format: ResolvedFormat): Piece[] {
  return fillTemplate(format.file, { ...describe(source, file.path), text: [file.text.trimEnd()] }) ?? [];
}

/** Only what is known has a value. */
function describe(source: LayoutSource, path: string): Partial<Record<Slot, readonly string[]>> {
  const { lineComment, languageName, repository } = source;
  return {
    path: [path.slice(-LONGEST_PATH)],
    ...(lineComment === undefined ? {} : { comment: [lineComment] }),
    ...(languageName === undefined ? {} : { language: [languageName] }),
    ...(repository === undefined ? {} : { repository: [repository] }),
  };
}

/** Text that stands together is cut together: a blank before a word, or a line break after a path, joins what follows. */
function encode(pieces: readonly Piece[], { joint, segments }: LayoutRules): Token[] {
  const tokens: Token[] = [];
  let pending = "";
  const flush = (): void => {
    // A blank that belongs in front of a text has no meaning where the text is empty.
    if (pending.trim() !== "" || pending.includes("\n"))
      tokens.push(...splitSegments(pending, joint).flatMap((segment) => segments.tokensOf(segment)));
    pending = "";
  };
  for (const piece of pieces) {
    if (typeof piece === "string") pending += piece;
    else if (typeof piece === "number") {
      flush();
      tokens.push(piece);
    } else if (piece.length > 0) {
      const [first = "", ...rest] = piece;
      // With a leading joint the first piece may bring the break that ends the line before it.
      const isDouble = joint === "leading" && first.startsWith("\n") && pending.endsWith("\n");
      pending = (isDouble ? pending.slice(0, -1) : pending) + first;
      const whole = pending;
      pending = "";
      tokens.push(...splitSegments(whole, joint).flatMap((segment) => segments.tokensOf(segment)));
      for (const segment of rest) tokens.push(...segments.tokensOf(segment));
    }
  }
  flush();
  return tokens;
}
