// The names of one file, arranged for completion; made once per parsed text.
import type { Declaration, DeclarationKind, FileFacts } from "../../../syntax/index.ts";

export interface NameIndex {
  readonly facts: FileFacts;
  readonly declarationsOf: (scope: number) => readonly Declaration[];
  /** How often a name is declared or used in the file. */
  readonly countOf: (name: string) => number;
  /** Names declared as members, or seen after a member operator, with the kind that is known of them. */
  readonly members: ReadonlyMap<string, DeclarationKind>;
}

const memberKinds: ReadonlySet<DeclarationKind> = new Set([
  "method",
  "field",
  "property",
  "enum-member",
  "constant",
]);

export function indexNames(facts: FileFacts): NameIndex {
  const byScope = new Map<number, Declaration[]>();
  const counts = new Map<string, number>();
  const members = new Map<string, DeclarationKind>();
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const declaration of facts.declarations) {
    count(declaration.name);
    const list = byScope.get(declaration.scope);
    if (list === undefined) byScope.set(declaration.scope, [declaration]);
    else list.push(declaration);
    const isInClass = facts.scopes[declaration.scope]?.kind === "class";
    if (isMember(declaration.kind, isInClass)) members.set(declaration.name, declaration.kind);
  }
  for (const reference of facts.references) {
    count(reference.name);
    if (reference.kind === "member" && !members.has(reference.name)) members.set(reference.name, "property");
  }
  return {
    facts,
    declarationsOf: (scope) => byScope.get(scope) ?? [],
    countOf: (name) => counts.get(name) ?? 0,
    members,
  };
}

/** Constants and functions count as members only where a class holds them. */
function isMember(kind: DeclarationKind, isInClass: boolean): boolean {
  return (memberKinds.has(kind) && kind !== "constant") || (isInClass && kind !== "type-parameter");
}

/** A section groups the outline and names nothing; a label is no value. */
export function isName(kind: DeclarationKind): boolean {
  return kind !== "section" && kind !== "label";
}
