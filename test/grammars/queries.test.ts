// Query files compile in both parsers, use only known captures and allowed predicates, and are laid out alike.
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { declarationKinds } from "../../server/syntax/index.ts";
import { languageIds, manifestOf, queryNames, queryTextOf } from "./samples.ts";
import type { QueryName } from "./samples.ts";

const knownCaptures: Readonly<Record<QueryName, readonly string[]>> = {
  declarations: ["name", "name.symbol", ...declarationKinds.map((kind) => `declaration.${kind}`)],
  scopes: ["scope.class", "scope.function", "scope.block"],
  imports: ["import", "import.source", "import.package", "import.name", "import.alias"],
  references: ["reference.none", "reference.call", "reference.type", "reference.member", "reference.read"],
  folds: ["fold", "fold.comment", "fold.imports"],
  places: ["string", "comment"],
  tolerated: ["tolerated"],
};
const allowedPredicates = new Set(["eq", "not-eq", "match", "not-match", "any-of"]);

describe.each(languageIds)("%s", (id) => {
  it.each(queryNames)("%s uses known captures and predicates", (name) => {
    const text = withoutTextAndComments(queryTextOf(id, name));
    const captures = [...text.matchAll(/@([\w.-]+)/g)].map((match) => match[1] ?? "");
    expect(
      captures.filter((capture) => !capture.startsWith("_") && !knownCaptures[name].includes(capture)),
    ).toEqual([]);
    const predicates = [...text.matchAll(/#([\w-]+)\?/g)].map((match) => match[1] ?? "");
    expect(predicates.filter((predicate) => !allowedPredicates.has(predicate))).toEqual([]);
  });
});

type NativeQuery = new (language: unknown, source: string) => object;

/** The native parser, or why it cannot be used here: it is an optional dependency that must be built on some machines. */
function loadNative(): { readonly Query: NativeQuery } | string {
  const requireHere = createRequire(import.meta.url);
  try {
    return { Query: requireHere("tree-sitter").Query };
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  }
}

describe("with the native parser", () => {
  const native = loadNative();
  const withNative = languageIds.filter((id) => manifestOf(id).grammar.native !== undefined);

  it.for(withNative)("the queries of %s compile", async (id, { skip }) => {
    if (typeof native === "string")
      return skip(`the native parser does not load (${native}); \`npm rebuild tree-sitter\` builds it`);
    const place = manifestOf(id).grammar.native;
    const loaded = await import(place?.package ?? "");
    const exported = loaded.default ?? loaded;
    const language = place?.export === "" ? exported : exported[place?.export ?? ""];
    for (const name of queryNames)
      expect(
        () => new native.Query(language, queryTextOf(id, name)),
        `${id}/queries/${name}.scm`,
      ).not.toThrow();
  });
});

/** Query source without string literals and comments, whose text may look like captures. */
function withoutTextAndComments(source: string): string {
  return source.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').replaceAll(/;[^\n]*/g, "");
}
