// Plain text as a snippet, for clients that insert nothing else whole.

/**
 * A snippet that inserts exactly `text` in a client that puts `indent` in front of every line after the first.
 * Undefined when a line is indented less than that: no snippet could say it.
 */
export function toSnippet(text: string, indent: string): string | undefined {
  const [first = "", ...others] = text.split(/\r\n|\r|\n/);
  const lines = [first];
  for (const line of others) {
    if (line.startsWith(indent)) lines.push(line.slice(indent.length));
    else if (line.trim() === "") lines.push("");
    else return undefined;
  }
  return escapeSnippet(lines.join("\n"));
}

function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, "\\$&");
}
