// The names that a suggestion uses: one that nothing defines is the model's invention.
import type { EditTrial } from "../../../syntax/index.ts";
import type { Offset, Span, TextEdit } from "../../../text/index.ts";

/** Whether a name stands for something outside of `except`. */
export type KnowsName = (name: string, except: Span) => boolean;

export type Invention =
  | "none"
  /** Some name of the suggestion is defined nowhere. */
  | "somewhere"
  /** That name is the word which the suggestion begins with. */
  | "head";

/**
 * Whether the name at an offset of the text with the suggestion stands after a member operator: a called member counts as
 * a call among the references.
 */
export function createMemberTest(
  content: string,
  edit: TextEdit,
  operators: readonly string[],
): (offset: Offset) => boolean {
  const from = Math.max(0, edit.start - LOOK_BACK);
  const text = content.slice(from, edit.start) + edit.newText;
  return (offset) => {
    const left = text.slice(0, offset - from).trimEnd();
    return operators.some((operator) => left.endsWith(operator));
  };
}

/** A receiver may stand on the line above. */
const LOOK_BACK = 200;

/**
 * Members are never judged: what the receiver has is not known from names alone; nor are types, of which platforms bring
 * more than any list has. Neither is what the suggestion itself
 * declares or imports, nor a word that the user typed to its end; strings and comments hold no references.
 */
export function findInvention(
  trial: EditTrial,
  edit: TextEdit,
  cursor: Offset,
  knows: KnowsName,
  isMember: (offset: Offset) => boolean,
): Invention {
  const own = new Set<string>();
  for (const { name } of trial.declarations) own.add(name);
  for (const { names } of trial.imports) {
    for (const { name, alias } of names) own.add(alias === "" ? name : alias);
  }
  const end = edit.start + edit.newText.length;
  const head = edit.start + edit.newText.search(/\S/);
  let invention: Invention = "none";
  for (const { name, kind, span } of trial.references) {
    // What lies behind the suggestion was added to try it out.
    if (kind === "member" || kind === "type" || span.end <= cursor || span.end > end || own.has(name))
      continue;
    if (knows(name, edit) || isMember(span.start)) continue;
    if (span.start <= head) return "head";
    invention = "somewhere";
  }
  return invention;
}
