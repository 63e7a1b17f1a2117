// Prompt layouts are data (models/prompt-formats.json): parsed here, and resolved to the tokens of a loaded model.
import { fail, isRecord, succeed } from "../../kernel/index.ts";
import type { Result } from "../../kernel/index.ts";
import type { EngineModel, Token } from "../engine/engine.ts";
import { parseTemplate, tokensIn, translateTemplate } from "./template.ts";
import type { Template } from "./template.ts";

/** The parts of a layout; `Special` is a special token's name, or its id in the vocabulary of one model. */
export interface Layout<Special> {
  /** The whole prompt up to the current line. */
  readonly prompt: Template<Special>;
  /** Lines that tell what file this is; each is left out when one of its places has no value. */
  readonly header: readonly Template<Special>[];
  /** One other file that stands in front. */
  readonly file: Template<Special>;
  /** Names the repository; left out when nobody knows its name. */
  readonly repository: Template<Special>;
}

export interface PromptFormat extends Layout<string> {
  /** Texts that end an answer when they come as a special token, beside the model's own end tokens. */
  readonly stop: readonly string[];
  /** Other spellings under which conversions of a model carry a special token. */
  readonly spellings: ReadonlyMap<string, readonly string[]>;
}

/** A format in the vocabulary of one model. */
export interface ResolvedFormat extends Layout<Token> {
  /** Whether the prompt shows what stands after the cursor. */
  readonly hasSuffix: boolean;
  /** The format's special tokens: none of them is text, neither in a source nor in an answer. */
  readonly special: ReadonlySet<Token>;
  /** One sentence when the prompt holds the text before the cursor only although the data says more. */
  readonly degraded: string | undefined;
}

const HEADER: Template<string> = [
  { kind: "slot", slot: "comment" },
  { kind: "text", text: " " },
  { kind: "slot", slot: "path" },
  { kind: "text", text: "\n" },
];

/** Other files as they would stand in one text, each under a comment that names it. */
const FILE: Template<string> = [...HEADER, { kind: "slot", slot: "text" }, { kind: "text", text: "\n" }];

/** What every model understands: the text before the cursor. */
export const PREFIX_ONLY: PromptFormat = {
  prompt: [
    { kind: "slot", slot: "files" },
    { kind: "slot", slot: "header" },
    { kind: "slot", slot: "prefix" },
  ],
  header: [HEADER],
  file: FILE,
  repository: [],
  stop: [],
  spellings: new Map(),
};

export function resolveFormat(
  format: PromptFormat,
  model: Pick<EngineModel, "findSpecialToken">,
): ResolvedFormat {
  const special = new Set<Token>();
  const find = (name: string): Token | undefined => {
    for (const text of [name, ...(format.spellings.get(name) ?? [])]) {
      const token = model.findSpecialToken(text);
      if (token === undefined) continue;
      special.add(token);
      return token;
    }
    return undefined;
  };
  for (const name of format.stop) find(name);
  const resolve = (wanted: Template<string>, instead: Template<string>): Template<Token> =>
    translateTemplate(wanted, find) ?? translateTemplate(instead, find) ?? [];

  const missing = tokensIn(format.prompt).filter((name) => find(name) === undefined);
  const isWhole = missing.length === 0;
  // A header or a separator that the vocabulary cannot express is written as a comment.
  const headers = isWhole ? format.header : PREFIX_ONLY.header;
  return {
    prompt: resolve(isWhole ? format.prompt : PREFIX_ONLY.prompt, PREFIX_ONLY.prompt),
    header: headers.map((line) => resolve(line, HEADER)),
    file: resolve(isWhole ? format.file : FILE, FILE),
    repository: isWhole ? resolve(format.repository, []) : [],
    hasSuffix: isWhole && showsSuffix(format),
    special,
    degraded: isWhole
      ? undefined
      : `the model's vocabulary lacks ${missing.join(", ")}: its prompts hold the text before the cursor only`,
  };
}

/** Whether the format shows the model what stands after the cursor. */
export function showsSuffix({ prompt }: PromptFormat): boolean {
  return prompt.some((part) => part.kind === "slot" && part.slot === "suffix");
}

/** The formats of the file's text by name, or one sentence that says what is wrong with it. */
export function parsePromptFormats(text: string): Result<ReadonlyMap<string, PromptFormat>, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail(`prompt-formats.json is not JSON: ${String(error)}`);
  }
  const formats = isRecord(json) && isRecord(json["formats"]) ? json["formats"] : undefined;
  if (formats === undefined) return fail("prompt-formats.json has no object `formats`");
  const parsed = new Map<string, PromptFormat>();
  for (const [name, value] of Object.entries(formats)) {
    const format = parseFormat(value);
    if (!format.ok)
      return fail(`prompt-formats.json: the format ${name} is not understood: ${format.failure}`);
    parsed.set(name, format.value);
  }
  return succeed(parsed);
}

function parseFormat(value: unknown): Result<PromptFormat, string> {
  if (!isRecord(value)) return fail("it is no object");
  const tokens = readTexts(value["tokens"]);
  const stop = readTexts(value["stop"]);
  const headers = readTexts(value["header"]);
  const spellings = readSpellings(value["spellings"]);
  if (tokens === undefined || stop === undefined || headers === undefined || spellings === undefined)
    return fail(
      "`tokens`, `stop` and `header` are lists of texts, `spellings` gives such a list for a token",
    );
  const read = (key: string, instead: Template<string>): Result<Template<string>, string> => {
    const text = value[key];
    if (text === undefined) return succeed(instead);
    return typeof text === "string" ? parseTemplate(text, tokens) : fail(`\`${key}\` is no text`);
  };

  const prompt = read("prompt", []);
  const file = read("file", FILE);
  const repository = read("repository", []);
  if (!prompt.ok) return prompt;
  if (!file.ok) return file;
  if (!repository.ok) return repository;
  const header: Template<string>[] = [];
  for (const text of headers) {
    const line = parseTemplate(text, tokens);
    if (!line.ok) return line;
    header.push(line.value);
  }
  const last = prompt.value.at(-1);
  const prefixes = prompt.value.filter((part) => part.kind === "slot" && part.slot === "prefix");
  // The current line follows the prompt: behind a suffix it would be read as a part of it.
  if (prefixes.length !== 1 || last === undefined || (last.kind === "slot" && last.slot !== "prefix"))
    return fail("`prompt` needs {prefix} once, and ends with it, with a token or with text");
  const headerOf = value["header"] === undefined ? [HEADER] : header;
  return succeed({
    prompt: prompt.value,
    header: headerOf,
    file: file.value,
    repository: repository.value,
    stop,
    spellings,
  });
}

function readSpellings(value: unknown): ReadonlyMap<string, readonly string[]> | undefined {
  if (value === undefined) return new Map();
  if (!isRecord(value)) return undefined;
  const spellings = new Map<string, readonly string[]>();
  for (const [name, others] of Object.entries(value)) {
    const texts = readTexts(others);
    if (texts === undefined) return undefined;
    spellings.set(name, texts);
  }
  return spellings;
}

/** Nothing there is an empty list. */
function readTexts(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((text): text is string => typeof text === "string" && text !== "");
  return texts.length === value.length ? texts : undefined;
}
