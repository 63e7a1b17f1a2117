// Indentation of lines, and of a model's lines as the document writes it.

/** A tab counts as this many columns: only the order of widths matters. */
const TAB_COLUMNS = 4;

export function indentWidth(line: string): number {
  let width = 0;
  for (const character of line) {
    if (character === " ") width += 1;
    else if (character === "\t") width += TAB_COLUMNS;
    else break;
  }
  return width;
}

export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** Text near the cursor that is looked at, in UTF-16 units. */
const WINDOW = 4_000;
const USUAL_UNIT = "    ";

/** One step of indentation as the lines near the cursor have it, the usual one where none of them is indented. */
export function indentUnitOf(before: string, after: string): string {
  return seenIndentUnit(before, after) ?? USUAL_UNIT;
}

/** Undefined where no line near the cursor is indented. */
export function seenIndentUnit(before: string, after: string): string | undefined {
  const lines = `${before.slice(-WINDOW)}\n${after.slice(0, WINDOW)}`.split(/\r\n|\r|\n/);
  let tabs = 0;
  let spaces = 0;
  let narrowest = 8;
  let previous = 0;
  for (const line of lines) {
    if (line.trim() === "") continue;
    const indent = indentOf(line);
    if (indent.startsWith("\t")) tabs += 1;
    else if (indent.length > 1) {
      spaces += 1;
      // A step inwards from the line above; odd ones are alignments.
      const step = indent.length - previous;
      if (step === 2 || step === 4 || step === 8) narrowest = Math.min(narrowest, step);
    }
    previous = indent.length;
  }
  if (tabs > spaces) return "\t";
  return spaces === 0 ? undefined : " ".repeat(narrowest === 8 ? 4 : narrowest);
}

/** The lines after the first with tabs where `unit` is a tab, and with spaces where it is not. */
export function reindent(text: string, unit: string): string {
  const [first = "", ...rest] = text.split("\n");
  const isTab = unit === "\t";
  const indents = rest.map((line) => indentOf(line)).filter((indent) => indent.includes(isTab ? " " : "\t"));
  if (indents.length === 0) return text;
  const isNarrow = isTab && indents.some((indent) => indent.replaceAll("\t", "").length % 4 !== 0);
  const from = isTab ? " ".repeat(isNarrow ? 2 : 4) : "\t";
  const written = rest.map((line) => {
    const indent = indentOf(line);
    return indent.replaceAll(from, unit) + line.slice(indent.length);
  });
  return [first, ...written].join("\n");
}
