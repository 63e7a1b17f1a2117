// How typed letters fit names.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchPenalty } from "../../server/features/completion/names/match.ts";

const order = (typed: string, ...names: string[]): string[] =>
  names
    .map((name) => ({ name, penalty: matchPenalty(typed, name, true) }))
    .filter((entry): entry is { name: string; penalty: number } => entry.penalty !== undefined)
    .sort((a, b) => a.penalty - b.penalty)
    .map(({ name }) => name);

describe("a name fits", () => {
  it("as a prefix before other cases, humps and subsequences", () => {
    expect(order("get", "gxexxt", "getName", "GetName", "g_e_t", "other")).toEqual([
      "getName",
      "GetName",
      "g_e_t",
      "gxexxt",
    ]);
  });

  it.each([
    ["gfn", "getFileName"],
    ["getFN", "getFileName"],
    ["gfn", "get_file_name"],
    ["get_n", "get_file_name"],
    ["GFN", "getFileName"],
    ["hs", "HTTPServer"],
    ["fs", "font-size"],
  ])("by humps: %s is %s", (typed, name) => {
    expect(matchPenalty(typed, name, false)).toBeDefined();
  });

  it.each([
    ["name", "getFileName"],
    ["xyz", "getFileName"],
    ["getfilenames", "getFileName"],
  ])("not at all: %s is not %s", (typed, name) => {
    expect(matchPenalty(typed, name, true)).toBeUndefined();
  });

  it("as a loose subsequence only when it is near", () => {
    expect(matchPenalty("le", "LookupError", true)).toBeDefined();
    expect(matchPenalty("cou", "CloneOrSum", false)).toBeUndefined();
  });

  it("always by each of its own prefixes, and never by letters that it lacks", () => {
    const name = fc.stringMatching(/^[a-zA-Z_]{1,30}$/);
    fc.assert(
      fc.property(name, fc.nat(30), (whole, length) => {
        expect(matchPenalty(whole.slice(0, length), whole, false)).toBe(0);
        expect(matchPenalty(`${whole.slice(0, length)}9`, whole, true)).toBeUndefined();
      }),
    );
  });

  it("within a moment also where names are absurd", () => {
    const absurd = "aA".repeat(200);
    expect(matchPenalty("a".repeat(100) + "b", absurd, true)).toBeUndefined();
    expect(matchPenalty("aB".repeat(6), "aA_".repeat(12), true)).toBeUndefined();
  });
});
