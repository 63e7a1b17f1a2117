// Text as it is, inside of a regular expression; Node 24 has `RegExp.escape`, 20 and 22 have not.

/** For expressions with and without the flag `u`. */
export function escapeForPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
