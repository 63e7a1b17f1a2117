// Our own model was trained on prompts of a certain make: today's engine builds the same ones, token by token.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allParts } from "../../server/inference/inference-parts.ts";
import { parsePromptFormats, resolveFormat } from "../../server/inference/prompt/prompt-format.ts";
import type { ResolvedFormat } from "../../server/inference/prompt/prompt-format.ts";
import { buildPrompt } from "../../server/inference/prompt/prompt.ts";
import type { PromptSource } from "../../server/inference/prompt/placement.ts";
import type { LineJoint } from "../../server/inference/prompt/segments.ts";

/** What scripts/train/golden.py writes: a token is a byte, special ones stand above 255. */
interface TrainedPrompt extends Omit<PromptSource, "lineComment"> {
  readonly joint: LineJoint;
  readonly budget: number;
  readonly typed: string;
  readonly tokens: readonly number[];
}

const special = new Map([
  ["<|fim_prefix|>", 1001],
  ["<|fim_suffix|>", 1002],
  ["<|fim_middle|>", 1003],
  ["<|file_sep|>", 1004],
  ["<|repo_name|>", 1005],
]);
const names = new Map([...special].map(([name, token]) => [token, name]));
const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const cases = read("../fixtures/trained-prompts.jsonl")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as TrainedPrompt);

function resolveQwen(): ResolvedFormat {
  const formats = parsePromptFormats(read("../../models/prompt-formats.json"));
  const format = formats.ok ? formats.value.get("qwen") : undefined;
  if (format === undefined) throw new Error("there is no format qwen");
  return resolveFormat(format, { findSpecialToken: (name) => special.get(name) });
}

/** As text with the special tokens' names: a difference can be read. */
function show(tokens: readonly number[]): string {
  const bytes = tokens.flatMap((token) => [...Buffer.from(names.get(token) ?? [token])]);
  return Buffer.from(bytes).toString("utf8");
}

test("there are cases for both joints, with other files and without", () => {
  expect(new Set(cases.map(({ joint }) => joint))).toEqual(new Set(["leading", "trailing"]));
  expect(new Set(cases.map(({ related }) => related?.length))).toEqual(new Set([0, 1, 2]));
});

test.each(cases.map((one, index) => [`case ${index}, ${one.joint}`, one] as const))("%s", (_, trained) => {
  const { joint, budget, typed, tokens, ...source } = trained;
  const prompt = buildPrompt(
    { ...source, lineComment: undefined },
    {
      format: resolveQwen(),
      parts: allParts,
      joint,
      segments: { tokensOf: (text) => [...Buffer.from(text, "utf8")] },
      beginToken: undefined,
      budgetTokens: budget,
      lineTokens: 256,
    },
    undefined,
  );
  expect(show(prompt.tokens)).toBe(show(tokens));
  expect(prompt.tokens).toEqual(tokens);
  expect(prompt.typed).toBe(typed);
});
