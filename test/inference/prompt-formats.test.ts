// Golden prompts: for every format the exact tokens that its makers publish, through the engine's own tokeniser.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../server/inference/index.ts";
import { allParts } from "../../server/inference/inference-parts.ts";
import { createLoadedModel } from "../../server/inference/loaded-model.ts";
import type { LoadedModel } from "../../server/inference/loaded-model.ts";
import { parsePromptFormats } from "../../server/inference/prompt/prompt-format.ts";
import { buildPrompt } from "../../server/inference/prompt/prompt.ts";
import type { Prompt } from "../../server/inference/prompt/prompt.ts";
import type { PromptSource } from "../../server/inference/prompt/placement.ts";
import { createThreads } from "../../server/inference/threads.ts";
import { createMachine, noScratchFiles, systemClock } from "../../server/platform/index.ts";
import { END, pieceIds, specialIds } from "../kit/fixture-model.ts";
import type { FixtureModel } from "../kit/fixture-model.ts";
import { entryFor, modelData, removeFixtures, startEngine, loadFixture } from "./fixture.ts";
import { AFTER, BEFORE, FAMILIES, RELATED } from "./format-families.ts";
import type { Family } from "./format-families.ts";

let engine: Engine;
const formats = parsePromptFormats(modelData.read("prompt-formats.json") ?? "");

beforeAll(() => {
  engine = startEngine();
});

afterAll(async () => {
  await engine.dispose();
  removeFixtures();
});

async function load(name: string, model: FixtureModel): Promise<LoadedModel> {
  const loaded = await loadFixture(engine, model, { contextTokens: 1024, batchTokens: 64 });
  const format = formats.ok ? formats.value.get(name) : undefined;
  const threads = createThreads({ clock: systemClock, machine: createMachine(), fixed: 1 });
  return createLoadedModel(
    entryFor({ promptFormat: name }),
    loaded,
    format,
    threads,
    allParts,
    systemClock,
    noScratchFiles,
  );
}

function build(loaded: LoadedModel, changes: Partial<PromptSource> = {}): Prompt {
  const source: PromptSource = {
    path: "src/a.py",
    lineComment: "#",
    languageName: "Python",
    before: BEFORE,
    after: AFTER,
    ...changes,
  };
  return buildPrompt(source, loaded.layout(), undefined);
}

/** The prompt's tokens up to the current line, and those of the line up to the typed part. */
function cutAtLine(prompt: Prompt): {
  readonly stable: readonly number[];
  readonly lineTokens: readonly number[];
} {
  const hasLine = prompt.lineBefore.length > prompt.typed.length;
  const lineTokens = hasLine ? (prompt.tail.at(-1)?.tokens ?? []) : [];
  return { stable: prompt.tokens.slice(0, prompt.tokens.length - lineTokens.length), lineTokens };
}

/** The ids of a published prompt, worked out without any of our own code but the order of the fixture's vocabulary. */
function idsOf(published: string | readonly string[], model: FixtureModel): number[] {
  const special = specialIds(model);
  if (typeof published !== "string") {
    const pieces = pieceIds(model);
    const idOf = (piece: string): number => {
      const id = pieces.get(piece);
      if (id === undefined) throw new Error(`the vocabulary has no ${piece}`);
      return id;
    };
    const spell = (text: string): number[] =>
      Array.from(text, (letter) => idOf(letter === "\n" ? "<0x0A>" : letter === " " ? "▁" : letter));
    return published.flatMap((piece) => (pieces.has(piece) ? [idOf(piece)] : spell(piece)));
  }
  // One token for each byte, and one for the joint that the fixture's merges make: the first after the bytes.
  const joint = model.joint === "leading" ? "\n " : model.joint === "trailing" ? ")\n" : undefined;
  const names = [...special.keys(), ...(joint === undefined ? [] : [joint])];
  const ids: number[] = [];
  for (let at = 0; at < published.length;) {
    const name = names.find((text) => published.startsWith(text, at));
    if (name === undefined) ids.push(...Buffer.from(published[at] ?? ""));
    else ids.push(special.get(name) ?? 256);
    at += name?.length ?? 1;
  }
  return ids;
}

function beginOf(model: FixtureModel): number[] {
  if (model.begin === null) return [];
  return [specialIds(model).get(model.begin ?? END) ?? -1];
}

describe.each(FAMILIES)("the format $name", (family) => {
  const { name, model } = family;
  let loaded: LoadedModel;

  beforeAll(async () => {
    loaded = await load(name, model);
  });

  afterAll(() => loaded.model.dispose());

  test("lays out one file as published, token by token", () => {
    const prompt = build(loaded);
    expect(loaded.format.degraded).toBeUndefined();
    expect(cutAtLine(prompt).stable).toEqual([...beginOf(model), ...idsOf(family.alone, model)]);
    const line = model.joint === "leading" ? "\n    return" : "    return";
    expect(cutAtLine(prompt).lineTokens).toEqual(
      idsOf(model.spaced === undefined ? line : ["▁▁▁▁", "return"], model),
    );
    expect(prompt.typed).toBe(" op");
  });

  test("adds nothing where the rest of the line is empty", () => {
    const swap = (text: string): string => text.replace(AFTER, "\nx\n");
    const published = typeof family.alone === "string" ? swap(family.alone) : family.alone.map(swap);
    expect(cutAtLine(build(loaded, { after: "\nx\n" })).stable).toEqual([
      ...beginOf(model),
      ...idsOf(published, model),
    ]);
  });

  test("puts other files in front as published", () => {
    const prompt = build(loaded, { related: RELATED, repository: "shop" });
    expect(cutAtLine(prompt).stable).toEqual([...beginOf(model), ...idsOf(family.withFiles, model)]);
  });

  const { withoutComment } = family;
  if (withoutComment !== undefined)
    test("names no file where the language has no comment", () => {
      const { stable } = cutAtLine(build(loaded, { lineComment: undefined }));
      expect(stable).toEqual([...beginOf(model), ...idsOf(withoutComment, model)]);
    });

  test("stays the same while the line is typed and taken back", () => {
    const first = build(loaded, { before: "import os\n\n\ndef load(path):\n    r" });
    const line = '    return open(path, "r") # <fim';
    for (let length = 5; length <= line.length; length += 1) {
      const before = `import os\n\n\ndef load(path):\n${line.slice(0, length)}`;
      expect(cutAtLine(build(loaded, { before })).stable).toEqual(cutAtLine(first).stable);
    }
  });

  test.each(["control", "user-defined"] as const)(
    "keeps special tokens out of source text (conversion with %s tokens)",
    async (specialKind) => {
      const marked: FixtureModel = {
        ...model,
        specialKind,
        // With it the tokeniser itself would make the control token "<s>" out of text.
        ...(model.spaced === undefined
          ? {}
          : { spaced: { ...model.spaced, pieces: [...model.spaced.pieces, "<s"] } }),
      };
      const other = await load(name, marked);
      const all = [...specialIds(marked).keys()].join(" ");
      const text = `x = "${all}" # ${all.replaceAll("▁", " ")}\n`;
      const isSpecial = (id: number): boolean => [...specialIds(marked).values()].includes(id);
      const clean = build(other).tokens.filter(isSpecial);
      const quoted = build(other, { before: text + BEFORE, after: `\n${text}`, path: `${all}.py` });
      expect(quoted.tokens.filter(isSpecial)).toEqual(clean);
      expect(cutAtLine(build(other, { before: text.trimEnd() })).lineTokens.filter(isSpecial)).toEqual([]);
      expect(other.model.tokenize(text).filter(isSpecial)).toEqual([]);
      // Nothing is lost either.
      expect(other.model.textOf(other.model.tokenize(text)).replaceAll("▁", " ")).toBe(
        text.replaceAll("▁", " "),
      );
      await other.model.dispose();
    },
  );

  test.each(family.required)(
    "without the token %s holds the text before the cursor, and says why",
    async (lost) => {
      const special = (model.special ?? []).filter((text) => text !== lost);
      const other = await load(name, { ...model, special });
      expect(other.format.degraded).toContain(lost);
      expect(other.format.hasSuffix).toBe(false);
      const prompt = build(other);
      const own = new Set(specialIds({ ...model, special }).values());
      expect(prompt.tokens.filter((id) => own.has(id))).toEqual(beginOf({ ...model, special }));
      expect(other.model.textOf(prompt.tokens)).toContain("def load(path):");
      expect(other.model.textOf(prompt.tokens)).not.toContain('load("x")');
      await other.model.dispose();
    },
  );
});

test("every format of the package has its golden prompts", () => {
  expect(formats.ok && [...formats.value.keys()].sort()).toEqual(
    FAMILIES.map((family: Family) => family.name).sort(),
  );
});

test("every format that the catalogue names is there", () => {
  const catalogue = JSON.parse(modelData.read("catalog.json") ?? "") as {
    readonly models: readonly { readonly promptFormat: string }[];
    readonly formatsByName: Readonly<Record<string, string>>;
  };
  const named = [
    ...catalogue.models.map((entry) => entry.promptFormat),
    ...Object.values(catalogue.formatsByName),
  ];
  expect(formats.ok && named.filter((name) => !formats.value.has(name))).toEqual([]);
});
