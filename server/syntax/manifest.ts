// Reads one grammars/<id>/manifest.json: foreign data in, a checked language out, or one sentence that says what is wrong with it.
import { fail, isRecord, succeed } from "../kernel/index.ts";
import type { Result } from "../kernel/index.ts";
import type { Language, SyntaxTrust } from "./languages.ts";

export interface WasmPlace {
  /** `npm`: `path` lies inside the package; `file`: `path` lies beside the manifest. */
  readonly scheme: "npm" | "file";
  readonly packageName: string;
  readonly path: string;
}

export interface NativePlace {
  readonly packageName: string;
  /** Name of the export that holds the language, empty for the module itself. */
  readonly exportName: string;
}

export const secondParsers = ["typescript", "css"] as const;
export type SecondParserName = (typeof secondParsers)[number];

export interface GrammarManifest {
  readonly language: Language;
  /** The folder that holds the manifest. */
  readonly folder: string;
  readonly wasm: WasmPlace;
  readonly native: NativePlace | undefined;
  readonly queriesFrom: readonly string[];
  readonly confirmWith: SecondParserName | undefined;
  /** The meaning of a place may depend on text far away: no match is carried from one text to the next. */
  readonly isAmbiguous: boolean;
}

/** `json` is the file's text. The failure is a sentence without the file's name. */
export function readManifest(json: string, folder: string): Result<GrammarManifest, string> {
  const problems: string[] = [];
  let foreign: unknown;
  try {
    foreign = JSON.parse(json);
  } catch (error) {
    return fail(`it is not valid JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!isRecord(foreign)) return fail("it is not a JSON object");
  const read = createFieldReader(foreign, problems);
  const grammar = isRecord(foreign["grammar"]) ? foreign["grammar"] : {};
  const wasm = readWasmPlace(grammar["wasm"], problems);
  const native = readNativePlace(grammar["native"], problems);
  const trust = read.oneOf("syntaxFindings", ["trusted", "confirmed", "silent"] as const, "silent");
  const confirmWith =
    foreign["confirmWith"] === undefined
      ? undefined
      : read.oneOf("confirmWith", secondParsers, secondParsers[0]);
  if (trust === "confirmed" && confirmWith === undefined)
    problems.push("`confirmWith` must name the second parser that confirms findings");
  const language: Language = {
    id: read.text("id"),
    name: read.text("name"),
    editorIds: read.texts("editorIds"),
    extensions: read.texts("extensions").map((extension) => extension.toLowerCase()),
    filenames: read.texts("filenames"),
    interpreters: read.texts("interpreters"),
    keywords: read.texts("keywords"),
    builtins: read.texts("builtins"),
    lineComment: read.optionalText("lineComment"),
    blockComment: read.optionalPair("blockComment"),
    memberOperators: read.texts("memberOperators"),
    brackets: read.pairs("brackets"),
    quotes: read.texts("quotes"),
    blockOpener: read.pattern("blockOpener"),
    blockCloser: read.pattern("blockCloser"),
    hasClosedNames: foreign["hasClosedNames"] === true,
    syntaxFindings: trust satisfies SyntaxTrust,
  };
  if (problems.length > 0 || wasm === undefined) return fail(problems.join("; "));
  return succeed({
    language,
    folder,
    wasm,
    native,
    queriesFrom: read.texts("queriesFrom"),
    confirmWith,
    isAmbiguous: foreign["isAmbiguous"] === true,
  });
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, "u").source !== "";
  } catch {
    // The caller says what is wrong with it.
    return false;
  }
}

function isPair(value: unknown): value is readonly [string, string] {
  return isTextList(value) && value.length === 2 && value.every((item) => item !== "");
}

interface FieldReader {
  text(field: string): string;
  optionalText(field: string): string | undefined;
  /** A list that may be left out. */
  texts(field: string): readonly string[];
  optionalPair(field: string): readonly [string, string] | undefined;
  pairs(field: string): readonly (readonly [string, string])[];
  /** The source of a regular expression that may be left out. */
  pattern(field: string): string | undefined;
  oneOf<Choice extends string>(field: string, choices: readonly Choice[], otherwise: Choice): Choice;
}

function createFieldReader(record: Record<string, unknown>, problems: string[]): FieldReader {
  const complain = (field: string, wanted: string): void => {
    problems.push(`\`${field}\` must be ${wanted}`);
  };
  return {
    text(field) {
      const value = record[field];
      if (typeof value === "string" && value !== "") return value;
      complain(field, "a text that is not empty");
      return "";
    },
    optionalText(field) {
      const value = record[field] ?? undefined;
      if (value === undefined || (typeof value === "string" && value !== "")) return value;
      complain(field, "a text or null");
      return undefined;
    },
    texts(field) {
      const value = record[field] ?? [];
      if (isTextList(value)) return value;
      complain(field, "a list of texts");
      return [];
    },
    optionalPair(field) {
      const value = record[field] ?? undefined;
      if (value === undefined || isPair(value)) return value;
      complain(field, "a pair of texts or null");
      return undefined;
    },
    pairs(field) {
      const value = record[field] ?? [];
      if (Array.isArray(value) && value.every(isPair)) return value;
      complain(field, "a list of pairs of texts");
      return [];
    },
    pattern(field) {
      const value = record[field] ?? undefined;
      if (value === undefined) return undefined;
      if (typeof value === "string" && isPattern(value)) return value;
      complain(field, "a regular expression");
      return undefined;
    },
    oneOf(field, choices, otherwise) {
      const found = choices.find((choice) => choice === record[field]);
      if (found !== undefined) return found;
      complain(field, `one of ${choices.join(", ")}`);
      return otherwise;
    },
  };
}

function readWasmPlace(value: unknown, problems: string[]): WasmPlace | undefined {
  if (typeof value === "string") {
    const beside = /^file:([^/\\]+)$/.exec(value);
    if (beside?.[1] !== undefined) return { scheme: "file", packageName: "", path: beside[1] };
    const packaged = /^npm:((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(value);
    if (packaged?.[1] !== undefined && packaged[2] !== undefined && !packaged[2].includes(".."))
      return { scheme: "npm", packageName: packaged[1], path: packaged[2] };
  }
  problems.push("`grammar.wasm` must be `npm:package/path` or `file:name` of a file beside the manifest");
  return undefined;
}

function readNativePlace(value: unknown, problems: string[]): NativePlace | undefined {
  if (value === undefined || value === null) return undefined;
  if (isRecord(value) && typeof value["package"] === "string") {
    const exportName = value["export"] ?? "";
    if (typeof exportName === "string") return { packageName: value["package"], exportName };
  }
  problems.push("`grammar.native` must be an object with `package` and `export`");
  return undefined;
}
