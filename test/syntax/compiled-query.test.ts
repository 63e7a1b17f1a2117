// Query files are cut into patterns without losing one.
import { describe, expect, it } from "vitest";
import { splitPatterns } from "../../server/syntax/compiled-query.ts";

describe("a query file", () => {
  it("is cut at its top-level patterns, captures and predicates kept with theirs", () => {
    const source = '; (a)\n(b (c) @x (#eq? @x ";)")) @y\n[(d) "e\\"("]+ @z\n"if" @k ; end\n(f)';
    expect(
      splitPatterns(source).map((pattern) =>
        pattern.trim().replace(/\s*;.*$/s, (rest) => (rest.includes("@") ? rest : "")),
      ),
    ).toEqual(['(b (c) @x (#eq? @x ";)")) @y', '[(d) "e\\"("]+ @z', '"if" @k', "(f)"]);
  });

  it("without any pattern has none", () => {
    expect(splitPatterns("; nothing (here)\n")).toEqual([]);
  });
});
