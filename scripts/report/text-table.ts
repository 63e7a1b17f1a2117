// A table of text for a terminal: columns as wide as their widest cell, numbers to the right.

export function textTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? "";
        return column === 0 || !/^[-+]?\d/.test(cell) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  return [line(headings), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

export function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** `12.3 % [8.1, 17.9]`. */
export function interval(of: {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}): string {
  const show = (share: number): string => (share * 100).toFixed(1);
  return `${show(of.value)} % [${show(of.low)}, ${show(of.high)}]`;
}
