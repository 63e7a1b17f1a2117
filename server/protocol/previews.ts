// A piece of code as the documentation of an item, in a form that the client renders.
import type { MarkupContent } from "vscode-languageserver";
import type { ClientProfile } from "./client-profile.ts";
import { LINE_BREAK } from "./line-breaks.ts";

export function toPreview(
  code: string,
  languageId: string | undefined,
  { completion }: ClientProfile,
): MarkupContent | string {
  // A block below its head begins with a line break, which is nothing to look at.
  const shown = code.replace(/^[\r\n]+/, "").replaceAll(LINE_BREAK, "\n");
  const fenced = fence(shown, languageId);
  if (completion.documentation === "markdown") return { kind: "markdown", value: fenced };
  if (completion.documentation === "plaintext") return { kind: "plaintext", value: shown };
  return completion.rendersStrings ? fenced : shown;
}

/** Longer than any row of backticks in the code, so that the code cannot end it. */
function fence(code: string, languageId = ""): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map((row) => row[0].length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${languageId}\n${code}\n${ticks}`;
}
