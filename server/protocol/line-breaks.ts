// Line breaks of a suggestion as one client's buffer takes them.
import type { CompletionHabits } from "./client-habits.ts";

export const LINE_BREAK: RegExp = /\r\n|\r|\n/g;

/** The text with the document's line breaks, or with LF where the client asks for the lines and not for their ends. */
export function breakLines(text: string, { breaksWithLf }: CompletionHabits): string {
  return breaksWithLf ? text.replaceAll(LINE_BREAK, "\n") : text;
}
