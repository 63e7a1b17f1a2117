// Fixture texts with markers: a scenario is a text. `$0` is the cursor, `$0…$0` a selection, `//- /path` starts a file.

export interface FixtureFile {
  /** As written after `//- `; a text without headers is one file named `/main`. */
  readonly path: string;
  /** Without the markers. */
  readonly content: string;
  /** Offset of the single marker, or of the end of the selection. */
  readonly cursor: number | undefined;
  /** Between two markers. */
  readonly selection: { readonly start: number; readonly end: number } | undefined;
}

export interface Fixture {
  readonly files: readonly FixtureFile[];
  /** The file that holds the markers. */
  readonly marked: FixtureFile & { readonly cursor: number };
}

/**
 * The files of a fixture. A first line break and the indentation that all lines share are removed, so that fixtures can
 * be indented with the test around them. A cursor that the text itself needs as `$0` is written `\$0`.
 *
 * ```
 * const { files, marked } = parseFixture(`
 *   //- /area.py
 *   def area(r): return r
 *   //- /main.py
 *   print(ar$0)
 * `);
 * ```
 */
export function parseFixtureFiles(fixture: string): readonly FixtureFile[] {
  const text = dedent(fixture);
  const parts: { path: string; lines: string[] }[] = [];
  for (const line of text.split(/(?<=\n)/)) {
    const header = /^\/\/- (\/\S*)\s*$/.exec(line);
    if (header?.[1] !== undefined) parts.push({ path: header[1], lines: [] });
    else if (parts.length === 0) parts.push({ path: "/main", lines: [line] });
    else parts.at(-1)?.lines.push(line);
  }
  return parts.map((part) => readMarkers(part.path, part.lines.join("")));
}

/** The files of a fixture of which exactly one holds a cursor or a selection. */
export function parseFixture(fixture: string): Fixture {
  const files = parseFixtureFiles(fixture);
  const marked = files.filter((file) => file.cursor !== undefined);
  const [first] = marked;
  if (first?.cursor === undefined || marked.length > 1) {
    throw new Error(
      `a fixture needs a cursor in exactly one file, this one has ${marked.length}:\n${fixture}`,
    );
  }
  return { files, marked: { ...first, cursor: first.cursor } };
}

/** A single text with its cursor: `at("pri$0nt")` is `{ content: "print", cursor: 3 }`. */
export function at(fixture: string): FixtureFile & { readonly cursor: number } {
  return parseFixture(fixture).marked;
}

/** The text with `$0` at the offset: what a test compares after an edit. */
export function withCursor(content: string, offset: number): string {
  return `${content.slice(0, offset)}$0${content.slice(offset)}`;
}

function readMarkers(path: string, marked: string): FixtureFile {
  const offsets: number[] = [];
  let content = "";
  for (const piece of marked.split(/(\\?\$0)/)) {
    if (piece === "$0") offsets.push(content.length);
    else content += piece === "\\$0" ? "$0" : piece;
  }
  if (offsets.length > 2) throw new Error(`${path} has ${offsets.length} markers, at most two make sense`);
  const [start, end] = offsets;
  return {
    path,
    content,
    cursor: end ?? start,
    selection: start === undefined || end === undefined ? undefined : { start, end },
  };
}

/** Applies only to texts that begin with a line break: a fixture on one line is taken as it is. */
function dedent(text: string): string {
  if (!text.startsWith("\n")) return text;
  const lines = text.slice(1).split("\n");
  const indents = lines
    .filter((line) => line.trim() !== "")
    .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const shared = indents.length === 0 ? 0 : Math.min(...indents);
  const last = lines.at(-1);
  if (last !== undefined && last.trim() === "") lines[lines.length - 1] = "";
  return lines.map((line) => line.slice(Math.min(shared, /^[ \t]*/.exec(line)?.[0].length ?? 0))).join("\n");
}
