// The door through which commands talk to people: lines on stdout, complaints, progress and questions on stderr.
import { createInterface } from "node:readline/promises";

export interface Output {
  line(text: string): void;
  complain(text: string): void;
  /** Where a progress bar may be drawn; undefined where nobody looks at a terminal. */
  readonly terminal: NodeJS.WriteStream | undefined;
}

export function createSystemOutput(): Output {
  // Whoever reads may stop reading (`hearth models | head`): what is left to say is lost, and that is no error.
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.listenerCount("error") === 0) stream.on("error", () => undefined);
  }
  return {
    line: (text) => void process.stdout.write(`${text}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
    terminal: process.stderr.isTTY ? process.stderr : undefined,
  };
}

/** Anything but a yes is a no. */
export async function askOnTerminal(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^\s*y(es)?\s*$/i.test(await terminal.question(`${question} [y/N] `, { signal }));
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}

/** Columns as wide as their widest cell; the last one is not padded. */
export function renderTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
