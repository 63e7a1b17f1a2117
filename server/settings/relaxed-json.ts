// JSON as people write it in settings files: comments and trailing commas are allowed, and errors name line and column.
import { fail, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";

export function parseRelaxedJson(text: string): Result<unknown, string> {
  const plain = blankOut(text.replace(/^\uFEFF/, ""));
  if (plain.trim() === "") return succeed({});
  try {
    return succeed(JSON.parse(plain));
  } catch (error) {
    return fail(locate(plain, error instanceof Error ? error.message : String(error)));
  }
}

/** Comments and trailing commas become spaces, so that every position stays where it was. */
function blankOut(text: string): string {
  const tokens = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  const withoutComments = text.replace(tokens, (token) =>
    token.startsWith('"') ? token : token.replace(/[^\n]/g, " "),
  );
  return withoutComments.replace(/"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g, (token) =>
    token === "," ? " " : token,
  );
}

/** Node 20 gives the position in its message, newer versions line and column as well. */
function locate(text: string, message: string): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  const reason = message.replace(/ in JSON at position.*$/s, "").replace(/, \.\.\..*$/s, "");
  if (position === undefined) return reason;
  const before = text.slice(0, Number(position)).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${reason}`;
}
