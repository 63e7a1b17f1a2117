// Names after a member operator: the receiver's own where this file tells what it is, then every member name that the file shows.
import { scopesAt } from "../../../syntax/index.ts";
import type { DeclarationKind, FileFacts, Language } from "../../../syntax/index.ts";
import type { Offset, Span } from "../../../text/index.ts";
import { distances } from "./candidate.ts";
import type { Candidate } from "./candidate.ts";
import type { NameIndex } from "./name-index.ts";

/** How most languages name the instance inside a method; where none of them is a keyword, it is the first parameter. */
const instanceNames: ReadonlySet<string> = new Set(["self", "this", "$this", "cls"]);

const typeKinds: ReadonlySet<DeclarationKind> = new Set([
  "class",
  "struct",
  "interface",
  "trait",
  "enum",
  "namespace",
  "module",
  "section",
]);

export function memberNames(
  index: NameIndex,
  receiver: string | undefined,
  offset: Offset,
  language: Language | undefined,
): Candidate[] {
  const owner = receiver === undefined ? undefined : ownerOf(index.facts, receiver, offset, language);
  const candidates: Candidate[] = [];
  for (const scope of owner === undefined ? [] : bodiesOf(index.facts, owner)) {
    for (const { name, kind, nameSpan } of index.declarationsOf(scope)) {
      const isTyped = nameSpan.start <= offset && offset <= nameSpan.end;
      if (kind === "type-parameter" || kind === "constructor" || isTyped) continue;
      candidates.push(toCandidate(index, name, kind, 0));
    }
  }
  for (const [name, kind] of index.members) {
    candidates.push(toCandidate(index, name, kind, distances.unknownMember));
  }
  return candidates;
}

function toCandidate(index: NameIndex, name: string, kind: Candidate["kind"], distance: number): Candidate {
  return { name, kind, distance, count: index.countOf(name), detail: undefined };
}

/** The name of the type whose members the receiver has, where that can be told from this file alone. */
function ownerOf(
  facts: FileFacts,
  receiver: string,
  offset: Offset,
  language: Language | undefined,
): string | undefined {
  const chain = scopesAt(facts, offset);
  if (isType(facts, receiver)) return receiver;
  const classAround = chain.find((scope) => facts.scopes[scope]?.kind === "class");
  const isSelf = instanceNames.has(receiver) || isSelfParameter(facts, receiver, chain, language);
  if (classAround !== undefined && isSelf) return ownerName(facts, classAround);
  // `person: Person`, `Person person` and `person = Person()` all name the type inside the declaration.
  const declared = chain.flatMap((scope) =>
    facts.declarations.filter((declaration) => declaration.scope === scope && declaration.name === receiver),
  )[0];
  if (declared === undefined) return undefined;
  return facts.references.find(
    ({ name, kind, span }) =>
      (kind === "type" || kind === "call") &&
      span.start >= declared.span.start &&
      span.end <= declared.span.end &&
      isType(facts, name),
  )?.name;
}

function isType(facts: FileFacts, name: string): boolean {
  return facts.declarations.some(
    (declaration) => declaration.name === name && typeKinds.has(declaration.kind),
  );
}

function isSelfParameter(
  facts: FileFacts,
  receiver: string,
  chain: readonly number[],
  language: Language | undefined,
): boolean {
  if (language?.keywords.some((keyword) => instanceNames.has(keyword)) === true) return false;
  const method = chain.find((scope) => facts.scopes[scope]?.kind === "function");
  const first = facts.declarations.find(
    (declaration) => declaration.kind === "parameter" && declaration.scope === method,
  );
  return first?.name === receiver && isMethod(facts, method);
}

/** Directly in a class: the first parameter of a plain function is no instance. */
function isMethod(facts: FileFacts, scope: number | undefined): boolean {
  const parent = scope === undefined ? undefined : facts.scopes[scope]?.parent;
  return parent !== undefined && facts.scopes[parent]?.kind === "class";
}

function ownerName(facts: FileFacts, classScope: number): string | undefined {
  const scope = facts.scopes[classScope];
  return facts.declarations.find(
    ({ kind, span }) =>
      typeKinds.has(kind) &&
      scope !== undefined &&
      span.start <= scope.span.start &&
      scope.span.end <= span.end &&
      bodyOf(facts, span) === classScope,
  )?.name;
}

/** A type may have several bodies, such as a struct and its impl blocks. */
function bodiesOf(facts: FileFacts, owner: string): readonly number[] {
  return facts.declarations
    .filter(({ name, kind }) => name === owner && typeKinds.has(kind))
    .flatMap(({ span }) => bodyOf(facts, span) ?? []);
}

/** The outermost class scope inside a declaration. */
function bodyOf(facts: FileFacts, span: Span): number | undefined {
  const found = facts.scopes.findIndex(
    (scope) => scope.kind === "class" && scope.span.start >= span.start && scope.span.end <= span.end,
  );
  return found < 0 ? undefined : found;
}
