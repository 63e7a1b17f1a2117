// Puts the pieces of a prompt into the places of its format: everything that stands in front of the current line.
import type { Layout } from "./prompt-format.ts";
import { splitSegments } from "./segments.ts";
import type { LineJoint } from "./segments.ts";
import { fillTemplate } from "./template.ts";
import type { FilledPart, FixedPart, Slot } from "./template.ts";

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

/** How a prompt is written: the same for a model's vocabulary (`Special` is a token) and for a server (a token's name). */
export interface LayoutRules<Special> {
  readonly format: Layout<Special>;
  readonly joint: LineJoint;
}

/** A special token, or text in the pieces in which it is tokenised. */
export type Run<Special> = Exclude<FilledPart<Special>, { readonly kind: "text" }>;

const LONGEST_PATH = 256;

export function layOut<Special>(source: LayoutSource, rules: LayoutRules<Special>): Run<Special>[] {
  const { format } = rules;
  const values = describe(source, source.path);
  const header = format.header.flatMap((line) => fillTemplate(line, values) ?? []);
  const prefix: FilledPart<Special>[] = [{ kind: "pieces", pieces: source.prefix }];
  const filled = fillTemplate(format.prompt, {
    ...values,
    repository: fillTemplate(format.repository, values) ?? [],
    header,
    files: source.files.flatMap((file) => layOutFile(file, source, format)),
    prefix,
    suffix: [{ kind: "pieces", pieces: source.suffix }],
  });
  return joinText(filled ?? prefix, rules.joint);
}

/** Whole files as long as they fit, the last one cut after a line; the same files give the same cut. */
export function fitFiles<Special>(
  files: readonly RelatedFile[],
  budgetTokens: number,
  source: LayoutSource,
  rules: LayoutRules<Special> & { readonly count: (piece: string) => number },
): readonly RelatedFile[] {
  const { count, format, joint } = rules;
  const fitting: RelatedFile[] = [];
  let left = budgetTokens;
  for (const file of files) {
    const pieces = splitSegments(file.text.trimEnd(), joint);
    if (pieces.length === 0) continue;
    for (const run of joinText(layOutFile({ ...file, text: "" }, source, format), joint))
      left -= run.kind === "token" ? 1 : run.pieces.reduce((sum, piece) => sum + count(piece), 0);
    const kept: string[] = [];
    for (const piece of pieces) {
      const length = count(piece);
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

function layOutFile<Special>(
  file: RelatedFile,
  source: LayoutSource,
  format: Layout<Special>,
): FilledPart<Special>[] {
  const text = { kind: "text", text: file.text.trimEnd() } as const;
  return fillTemplate(format.file, { ...describe(source, file.path), text: [text] }) ?? [];
}

/** Only what is known has a value. */
function describe(source: LayoutSource, path: string): Partial<Record<Slot, readonly FixedPart<never>[]>> {
  const { lineComment, languageName, repository } = source;
  const say = (text: string): readonly FixedPart<never>[] => [{ kind: "text", text }];
  return {
    // A name with line breaks would be code.
    path: say(path.slice(-LONGEST_PATH).replaceAll(/[\r\n]+/g, " ")),
    ...(lineComment === undefined ? {} : { comment: say(lineComment) }),
    ...(languageName === undefined ? {} : { language: say(languageName) }),
    ...(repository === undefined ? {} : { repository: say(repository) }),
  };
}

/** Text that stands together is cut together: a blank before a word, or a line break after a path, joins what follows. */
function joinText<Special>(parts: readonly FilledPart<Special>[], joint: LineJoint): Run<Special>[] {
  const runs: Run<Special>[] = [];
  let pending = "";
  const flush = (): void => {
    // A blank that belongs in front of a text has no meaning where the text is empty.
    if (pending.trim() !== "" || pending.includes("\n"))
      runs.push({ kind: "pieces", pieces: splitSegments(pending, joint) });
    pending = "";
  };
  for (const part of parts) {
    if (part.kind === "text") pending += part.text;
    else if (part.kind === "token") {
      flush();
      runs.push(part);
    } else if (part.pieces.length > 0) {
      const [first = "", ...rest] = part.pieces;
      // With a leading joint the first piece may bring the break that ends the line before it.
      const isDouble = joint === "leading" && first.startsWith("\n") && pending.endsWith("\n");
      const whole = (isDouble ? pending.slice(0, -1) : pending) + first;
      pending = "";
      runs.push({ kind: "pieces", pieces: [...splitSegments(whole, joint), ...rest] });
    }
  }
  flush();
  return runs;
}
