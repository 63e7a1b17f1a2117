// An output that remembers what was said.
import type { Output } from "../../../server/cli/output.ts";

export interface RememberedOutput extends Output {
  readonly lines: string[];
  readonly complaints: string[];
}

export function createRememberedOutput(terminal?: NodeJS.WriteStream): RememberedOutput {
  const lines: string[] = [];
  const complaints: string[] = [];
  return {
    lines,
    complaints,
    line: (text) => void lines.push(text),
    complain: (text) => void complaints.push(text),
    terminal,
  };
}
