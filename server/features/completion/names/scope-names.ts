// Names that the scopes around the cursor hold, innermost first, and the names that the file imports.
import { scopesAt } from "../../../syntax/index.ts";
import type { Declaration, DeclarationKind, Scope } from "../../../syntax/index.ts";
import type { Offset } from "../../../text/index.ts";
import { distances } from "./candidate.ts";
import type { Candidate } from "./candidate.ts";
import { isName } from "./name-index.ts";
import type { NameIndex } from "./name-index.ts";

/** These exist only from their declaration on; everything else can be used before it (functions, classes, types …). */
const orderedKinds: ReadonlySet<DeclarationKind> = new Set(["variable", "constant"]);

export function scopeNames(index: NameIndex, offset: Offset): Candidate[] {
  const candidates: Candidate[] = [];
  const chain = scopesAt(index.facts, offset);
  chain.forEach((scopeIndex, depth) => {
    const scope = index.facts.scopes[scopeIndex];
    if (scope === undefined) return;
    const distance = Math.min(depth * distances.scopeStep, distances.farthestScope);
    for (const declaration of index.declarationsOf(scopeIndex)) {
      if (touches(declaration, offset) || !isBareName(declaration, scope)) continue;
      const isLate = isDeclaredLater(declaration, offset);
      // In the scope that runs now a later variable does not exist; in an outer one it does when this code runs.
      if (
        isLate &&
        (scope.kind === "block" || scope.kind === "function") &&
        !runsLater(index, chain, depth)
      ) {
        continue;
      }
      // Many languages ask for `this.` or `self.` before a member, so it comes after plain names.
      const isMember = scope.kind === "class" && depth > 0;
      const near = isMember ? distance + distances.bareMember : distance;
      candidates.push({
        name: declaration.name,
        kind: declaration.kind,
        distance: isLate ? distances.declaredLater : near,
        count: index.countOf(declaration.name),
        detail: undefined,
      });
    }
  });
  return candidates;
}

export function importedNames(index: NameIndex): Candidate[] {
  return index.facts.imports.flatMap((statement) =>
    statement.names.map((imported) => ({
      name: imported.alias === "" ? imported.name : imported.alias,
      kind: "module" as const,
      distance: distances.import,
      count: index.countOf(imported.alias === "" ? imported.name : imported.alias),
      detail: statement.source === "" ? undefined : statement.source,
    })),
  );
}

/** Methods that stand outside of a class, as in Go, are reached through a value only. */
function isBareName({ kind }: Declaration, scope: Scope): boolean {
  return isName(kind) && (scope.kind === "class" || (kind !== "method" && kind !== "field"));
}

/** The name that is being typed right now is no suggestion for itself. */
function touches(declaration: Declaration, offset: Offset): boolean {
  return declaration.nameSpan.start <= offset && offset <= declaration.nameSpan.end;
}

/** Also inside the declaration itself: in `total = |` there is no `total` yet. */
function isDeclaredLater(declaration: Declaration, offset: Offset): boolean {
  if (!orderedKinds.has(declaration.kind)) return false;
  return (
    declaration.nameSpan.start > offset ||
    (declaration.span.start <= offset && offset <= declaration.span.end)
  );
}

/** True when a function lies between the cursor and the scope: its body runs after the scope's other statements may have run. */
function runsLater(index: NameIndex, chain: readonly number[], depth: number): boolean {
  return chain.slice(0, depth).some((inner) => isFunction(index.facts.scopes[inner]));
}

function isFunction(scope: Scope | undefined): boolean {
  return scope?.kind === "function";
}
