// Names after a member operator: the class's own when the receiver is known, then every member name that the file shows.
import { scopesAt } from "../../../syntax/index.ts";
import type { Declaration, FileFacts } from "../../../syntax/index.ts";
import type { Offset } from "../../../text/index.ts";
import { distances } from "./candidate.ts";
import type { Candidate } from "./candidate.ts";
import type { NameIndex } from "./name-index.ts";

/** How most languages name the instance inside a method; Python's first parameter is found by its place instead. */
const instanceNames: ReadonlySet<string> = new Set(["self", "this", "$this", "cls"]);

export function memberNames(index: NameIndex, receiver: string | undefined, offset: Offset): Candidate[] {
  const own = receiver === undefined ? undefined : ownerScope(index.facts, receiver, offset);
  const candidates: Candidate[] = [];
  if (own !== undefined) {
    for (const declaration of index.declarationsOf(own)) {
      if (declaration.kind === "type-parameter" || declaration.kind === "constructor") continue;
      candidates.push(toCandidate(index, declaration.name, declaration.kind, 0));
    }
  }
  for (const [name, kind] of index.members) {
    candidates.push(toCandidate(index, name, kind, distances.scopeStep * 2));
  }
  return candidates;
}

function toCandidate(index: NameIndex, name: string, kind: Candidate["kind"], distance: number): Candidate {
  return { name, kind, distance, count: index.countOf(name), detail: undefined };
}

/** The class scope whose members the receiver has, where that can be told from this file alone. */
function ownerScope(facts: FileFacts, receiver: string, offset: Offset): number | undefined {
  const chain = scopesAt(facts, offset);
  const classAround = chain.find((scope) => facts.scopes[scope]?.kind === "class");
  if (classAround !== undefined && isInstance(facts, receiver, chain)) return classAround;
  const declared = facts.declarations.find(
    (declaration) => declaration.name === receiver && holdsMembers(declaration),
  );
  return declared === undefined ? undefined : bodyScope(facts, declared);
}

function isInstance(facts: FileFacts, receiver: string, chain: readonly number[]): boolean {
  if (instanceNames.has(receiver)) return true;
  const method = chain.find((scope) => facts.scopes[scope]?.kind === "function");
  const first = facts.declarations.find(
    (declaration) => declaration.kind === "parameter" && declaration.scope === method,
  );
  return first?.name === receiver;
}

function holdsMembers(declaration: Declaration): boolean {
  return ["class", "struct", "interface", "trait", "enum", "namespace", "module"].includes(declaration.kind);
}

/** The outermost class scope inside a declaration. */
function bodyScope(facts: FileFacts, declaration: Declaration): number | undefined {
  const found = facts.scopes.findIndex(
    (scope) =>
      scope.kind === "class" &&
      scope.span.start >= declaration.span.start &&
      scope.span.end <= declaration.span.end,
  );
  return found < 0 ? undefined : found;
}
