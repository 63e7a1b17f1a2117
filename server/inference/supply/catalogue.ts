// Reads models/catalog.json: every entry is checked, a broken one is named and left out, the others stay.
import { isRecord } from "../../kernel/index.ts";
import type { Files } from "../../platform/index.ts";
import type { CatalogueEntry, ModelFile, ModelTask, RewrittenFile } from "../model-source.ts";
import type { DefaultRow, DefaultTable } from "./default-choice.ts";
import { parseModelUri } from "./model-uri.ts";

export interface Catalogue {
  readonly entries: readonly CatalogueEntry[];
  readonly defaults: DefaultTable;
  /** For models that are not in the catalogue: a piece of the file's name, and the prompt format it speaks for; first match wins. */
  readonly formatsByName: readonly (readonly [piece: string, promptFormat: string])[];
  /** One sentence each. */
  readonly problems: readonly string[];
}

const FORMAT = 1;
const MAX_BYTES = 4 * 1024 * 1024;

export async function readCatalogue(files: Files, path: string): Promise<Catalogue> {
  const text = await files.readText(path, MAX_BYTES);
  if (text === undefined) {
    return broken(`${path} is missing: install hearth again`);
  }
  return parseCatalogue(text, path);
}

export function parseCatalogue(text: string, path: string): Catalogue {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return broken(`${path} is not valid JSON: ${reason}`);
  }
  if (!isRecord(document) || !Array.isArray(document["models"])) {
    return broken(`${path} holds no list "models"`);
  }
  if (document["format"] !== FORMAT) {
    const found = JSON.stringify(document["format"]);
    return broken(`${path} has format ${found}; this hearth reads format ${FORMAT}`);
  }
  const entries: CatalogueEntry[] = [];
  const problems: string[] = [];
  document["models"].forEach((value: unknown, index) => {
    const id =
      isRecord(value) && typeof value["id"] === "string" ? `"${value["id"]}"` : `number ${index + 1}`;
    try {
      const entry = readEntry(value);
      if (entries.some((other) => other.id === entry.id)) throw new EntryProblem("its id is used twice");
      entries.push(entry);
    } catch (error) {
      if (!(error instanceof EntryProblem)) throw error;
      problems.push(`${path}, model ${id}, is left out: ${error.message}`);
    }
  });
  const formatsByName = readFormats(document["formatsByName"]);
  if (formatsByName === undefined) problems.push(`${path}: "formatsByName" is not an object of texts`);
  let defaults = NO_DEFAULTS;
  try {
    defaults = readDefaults(document["defaults"]);
  } catch (error) {
    if (!(error instanceof EntryProblem)) throw error;
    problems.push(`${path}, "defaults", is left out: ${error.message}`);
  }
  const named = [defaults.withoutHub, ...defaults.byHardware.map((row) => row.model)].filter(Boolean);
  for (const id of named) {
    const entry = entries.find((other) => other.id === id);
    if (entry === undefined) problems.push(`${path}: "defaults" names the model "${id}", which is not there`);
    else if (entry.needsConsent) problems.push(`${path}: the default "${id}" needs consent to its licence`);
  }
  return { entries, defaults, formatsByName: formatsByName ?? [], problems };
}

const NO_DEFAULTS: DefaultTable = { withoutHub: "", byHardware: [] };

function broken(problem: string): Catalogue {
  return { entries: [], defaults: NO_DEFAULTS, formatsByName: [], problems: [problem] };
}

function readDefaults(value: unknown): DefaultTable {
  if (!isRecord(value) || !Array.isArray(value["byHardware"])) {
    throw new EntryProblem(`it holds no list "byHardware"`);
  }
  const byHardware = value["byHardware"].map((row: unknown): DefaultRow => {
    if (!isRecord(row)) throw new EntryProblem(`a row of "byHardware" is not an object`);
    return {
      model: nonEmpty(row, "model"),
      leastGpuBytes: optional(row, "leastGpuBytes", natural) ?? 0,
      leastMemoryBytes: optional(row, "leastMemoryBytes", natural) ?? 0,
      leastCores: optional(row, "leastCores", natural) ?? 0,
    };
  });
  return { withoutHub: nonEmpty(value, "withoutHub"), byHardware };
}

function readFormats(value: unknown): Catalogue["formatsByName"] | undefined {
  if (value === undefined) return [];
  if (!isRecord(value)) return undefined;
  const pairs: [string, string][] = [];
  for (const [piece, format] of Object.entries(value)) {
    if (typeof format !== "string") return undefined;
    pairs.push([piece, format]);
  }
  return pairs;
}

/** Thrown and caught inside this file only. */
class EntryProblem extends Error {}

type Fields = Readonly<Record<string, unknown>>;

function readEntry(value: unknown): CatalogueEntry {
  if (!isRecord(value)) throw new EntryProblem("it is not an object");
  return {
    // The id becomes part of a file's name.
    id: matching(value, "id", /^[a-z0-9][a-z0-9.-]{0,63}$/, "lower-case letters, digits, dots and dashes"),
    name: nonEmpty(value, "name"),
    licence: nonEmpty(value, "licence"),
    licenceUrl: optional(value, "licenceUrl", nonEmpty),
    needsConsent: truth(value, "needsConsent"),
    parameters: natural(value, "parameters"),
    architecture: nonEmpty(value, "architecture"),
    quantisation: nonEmpty(value, "quantisation"),
    promptFormat: nonEmpty(value, "promptFormat"),
    sources: readSources(value["sources"]),
    bytes: optional(value, "bytes", natural),
    sha256: optional(value, "sha256", readHash),
    contextTokens: natural(value, "contextTokens"),
    confidenceGate: fraction(value, "confidenceGate"),
    minimumMemoryBytes: natural(value, "minimumMemoryBytes"),
    rewrite: optional(value, "rewrite", readRewrite),
    tasks: optional(value, "tasks", readTasks),
    reuse: optional(value, "reuse", truth),
    unchecked: optional(value, "unchecked", nonEmpty),
    activeParameters: optional(value, "activeParameters", natural),
    kvBytesPerToken: optional(value, "kvBytesPerToken", natural),
    lineMatch: optional(value, "lineMatch", percentage),
  };
}

const TASKS: readonly ModelTask[] = ["completion", "next-edit", "chat", "embedding", "rerank"];

function readTasks(fields: Fields, name: string): readonly ModelTask[] {
  const value = fields[name];
  if (!Array.isArray(value) || value.length === 0) throw new EntryProblem(`"${name}" is not a filled list`);
  return value.map((text: unknown) => {
    const task = TASKS.find((known) => known === text);
    if (task === undefined) throw new EntryProblem(`"${name}" may hold only ${TASKS.join(", ")}`);
    return task;
  });
}

function readRewrite(fields: Fields, name: string): RewrittenFile {
  const value = fields[name];
  if (!isRecord(value) || value["to"] !== "Q8_0") {
    throw new EntryProblem(`"${name}" is not of the form { "to": "Q8_0", "bytes", "sha256" }`);
  }
  return { to: "Q8_0", bytes: natural(value, "bytes"), sha256: readHash(value, "sha256") };
}

function readSources(value: unknown): readonly (readonly ModelFile[])[] {
  if (!Array.isArray(value) || value.length === 0) throw new EntryProblem(`"sources" is not a filled list`);
  return value.map((parts: unknown) => {
    if (!Array.isArray(parts) || parts.length === 0) {
      throw new EntryProblem(`each of "sources" is a filled list of parts`);
    }
    return parts.map((part: unknown): ModelFile => {
      if (!isRecord(part)) throw new EntryProblem("a part of its sources is not an object");
      const uri = nonEmpty(part, "uri");
      const location = parseModelUri(uri);
      if (!location.ok) throw new EntryProblem(location.failure);
      return { uri, transferBytes: optional(part, "transferBytes", natural) };
    });
  });
}

function optional<Value>(
  fields: Fields,
  name: string,
  read: (fields: Fields, name: string) => Value,
): Value | undefined {
  return fields[name] === undefined || fields[name] === null ? undefined : read(fields, name);
}

function nonEmpty(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || value.trim() === "") throw new EntryProblem(`"${name}" is not a text`);
  return value;
}

function matching(fields: Fields, name: string, pattern: RegExp, expected: string): string {
  const value = nonEmpty(fields, name);
  if (!pattern.test(value)) throw new EntryProblem(`"${name}" may hold only ${expected}`);
  return value;
}

function readHash(fields: Fields, name: string): string {
  return matching(fields, name, /^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits");
}

function natural(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value <= 0) {
    throw new EntryProblem(`"${name}" is not a whole number above 0`);
  }
  return value;
}

function fraction(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
    throw new EntryProblem(`"${name}" is not a number from 0 to 1`);
  }
  return value;
}

function percentage(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !(value >= 0 && value <= 100)) {
    throw new EntryProblem(`"${name}" is not a number from 0 to 100`);
  }
  return value;
}

function truth(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== "boolean") throw new EntryProblem(`"${name}" is neither true nor false`);
  return value;
}
