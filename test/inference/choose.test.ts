// Which of the candidates repeats the typed text: what is held stays, but indentation gives its last blank to the word.
import { describe, expect, test } from "vitest";
import { chooseHealing } from "../../server/inference/decode/choose.ts";
import type { Token } from "../../server/inference/engine/engine.ts";

const VOCABULARY = ["\n  ", "\n ", " p", "\n", " pub", "l", "ic", "p", "pub", " "];
const tokenOf = (text: string): Token => VOCABULARY.indexOf(text);

/** The tokeniser takes the longest word with the blank before it, as those of code models do. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  "\n  p": ["\n ", " p"],
  "\n  publ": ["\n ", " pub", "l"],
  pu: ["p", "u"],
  publ: ["pub", "l"],
};
const model = {
  textOf: (tokens: readonly Token[]) => tokens.map((token) => VOCABULARY[token] ?? "").join(""),
  isSpecial: () => false,
  tokenize: (text: string) => (SPELLINGS[text] ?? []).map(tokenOf),
};
const choose = (missing: string, likely: readonly string[], held?: string): string | undefined =>
  chooseHealing(
    likely.map((text, index) => ({ token: tokenOf(text), probability: 0.5 / (index + 1) })),
    missing,
    model,
    () => true,
    held === undefined ? undefined : tokenOf(held),
  )?.text;

describe("what is held", () => {
  test("stays while it fits, also where another spelling is likelier", () => {
    expect(choose("publ", ["pub", "p"], "p")).toBe("p");
  });

  test("goes where it is indentation with the blank of the word that is typed now", () => {
    expect(choose("\n  p", ["\n  ", "\n "], "\n  ")).toBe("\n ");
  });

  test("stays where the word takes several tokens in any case, and where the better one is no candidate", () => {
    expect(choose("\n  publ", ["\n  ", "\n "], "\n  ")).toBe("\n  ");
    expect(choose("\n  p", ["\n  "], "\n  ")).toBe("\n  ");
  });
});

describe("with nothing held", () => {
  test("the likeliest token that says all of it is taken", () => {
    expect(choose("p", ["pub", "p"])).toBe("pub");
  });

  test("the tokeniser's spelling is, where a part has to come first", () => {
    expect(choose("\n  p", ["\n  ", "\n "])).toBe("\n ");
    expect(choose("pu", ["p", "l"])).toBe("p");
  });

  test("none is, where none repeats it", () => {
    expect(choose("pu", ["l", "ic"])).toBeUndefined();
  });
});
