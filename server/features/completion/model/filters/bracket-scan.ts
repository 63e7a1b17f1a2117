// Counts brackets in a piece of one line; quotes hide what is between them.

export interface BracketBalance {
  /** Brackets that are opened and not closed. */
  readonly open: number;
  /** What would close them, in order. */
  readonly closers: string;
  /** Index of the first closing bracket that closes a bracket of another kind in this text; -1 when there is none. */
  readonly firstWrong: number;
  /** Indexes of closing brackets that nothing in this text opens. */
  readonly unopened: readonly number[];
}

export function bracketBalance(
  text: string,
  brackets: readonly (readonly [string, string])[],
): BracketBalance {
  const stack: string[] = [];
  const unopened: number[] = [];
  let firstWrong = -1;
  let quote = "";
  for (let at = 0; at < text.length; at += 1) {
    const here = text[at] ?? "";
    if (quote !== "") {
      if (here === "\\") at += 1;
      else if (here === quote) quote = "";
      continue;
    }
    if ((here === '"' || here === "'" || here === "`") && text.includes(here, at + 1)) {
      quote = here;
      continue;
    }
    const opened = brackets.find(([open]) => open === here);
    if (opened !== undefined) stack.push(opened[1]);
    else if (brackets.some(([, close]) => close === here)) {
      if (stack.length === 0) unopened.push(at);
      else if (stack.at(-1) === here) stack.pop();
      else if (firstWrong < 0) firstWrong = at;
    }
  }
  return { open: stack.length, closers: stack.reverse().join(""), firstWrong, unopened };
}
