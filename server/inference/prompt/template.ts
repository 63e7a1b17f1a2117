// A prompt's template: special tokens, plain text and places to fill, as models publish it.
import { escapeForPattern, fail, succeed } from "../../kernel/index.ts";
import type { Result } from "../../kernel/index.ts";

/** What the templates of prompt-formats.json may ask for; models/README.md says what stands there. */
const SLOTS = [
  "repository",
  "files",
  "header",
  "prefix",
  "suffix",
  "path",
  "text",
  "comment",
  "language",
] as const;

export type Slot = (typeof SLOTS)[number];

/** `Special` is the name of a special token as it is written, or its id in one model's vocabulary. */
export type TemplatePart<Special> = FixedPart<Special> | { readonly kind: "slot"; readonly slot: Slot };

/** Text goes on with what stands in front of it and with what follows it. */
export type FixedPart<Special> =
  { readonly kind: "token"; readonly token: Special } | { readonly kind: "text"; readonly text: string };

/** Source text comes in pieces that are cut already. */
export type FilledPart<Special> =
  FixedPart<Special> | { readonly kind: "pieces"; readonly pieces: readonly string[] };

export type Template<Special> = readonly TemplatePart<Special>[];

/** `names` are the special tokens that the template's text may hold; a place is a slot's name in braces. */
export function parseTemplate(text: string, names: readonly string[]): Result<Template<string>, string> {
  const special = [...names].sort((a, b) => b.length - a.length).map(escapeForPattern);
  const cut = new RegExp(`(${[...special, String.raw`\{[a-z]*\}`].join("|")})`, "u");
  const parts: TemplatePart<string>[] = [];
  for (const piece of text.split(cut)) {
    if (piece === "") continue;
    const slot = /^\{([a-z]*)\}$/.exec(piece)?.[1];
    if (names.includes(piece)) parts.push({ kind: "token", token: piece });
    else if (slot === undefined) parts.push({ kind: "text", text: piece });
    else {
      const known = SLOTS.find((name) => name === slot);
      if (known === undefined) return fail(`there is no place {${slot}}`);
      parts.push({ kind: "slot", slot: known });
    }
  }
  return succeed(parts);
}

/** The names of the special tokens in it, in their order. */
export function tokensIn<Special>(template: Template<Special>): Special[] {
  return template.flatMap((part) => (part.kind === "token" ? [part.token] : []));
}

/** The same template in another vocabulary; undefined when a token has no counterpart there. */
export function translateTemplate<From, To>(
  template: Template<From>,
  find: (token: From) => To | undefined,
): Template<To> | undefined {
  const parts: TemplatePart<To>[] = [];
  for (const part of template) {
    if (part.kind !== "token") parts.push(part);
    else {
      const token = find(part.token);
      if (token === undefined) return undefined;
      parts.push({ kind: "token", token });
    }
  }
  return parts;
}

/** `values` gives what stands at a place; undefined: a place has no value, and the whole template is left out. */
export function fillTemplate<Special>(
  template: Template<Special>,
  values: Readonly<Partial<Record<Slot, readonly FilledPart<Special>[]>>>,
): FilledPart<Special>[] | undefined {
  const filled: FilledPart<Special>[] = [];
  for (const part of template) {
    if (part.kind !== "slot") filled.push(part);
    else {
      const value = values[part.slot];
      if (value === undefined) return undefined;
      filled.push(...value);
    }
  }
  return filled;
}
