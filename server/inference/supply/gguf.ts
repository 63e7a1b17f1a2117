// Looks at a GGUF file before native code does: native code may abort the process on a file that is cut off, wrong or hostile.
import { HearthError, fail, succeed } from "../../kernel/index.ts";
import type { Result } from "../../kernel/index.ts";
import type { Files } from "../../platform/index.ts";
import { GgufProblem, createGgufReader } from "./gguf-reader.ts";
import type { GgufReader } from "./gguf-reader.ts";
import { tensorTypes } from "./tensor-types.ts";

export interface GgufSummary {
  readonly version: number;
  readonly architecture: string;
  /** `general.name`, as its makers wrote it. */
  readonly name: string | undefined;
  readonly contextTokens: number;
  readonly vocabularySize: number;
  readonly tensorCount: number;
  readonly parameters: number;
  /** The type that holds most of the weights' bytes, by its name in ggml: what the file's speed hangs on. */
  readonly weightType: string;
}

export interface GgufTensor {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly typeId: number;
  /** From the start of the data. */
  readonly offset: number;
  readonly bytes: number;
  readonly elements: number;
}

/** Where everything lies in a file, for who copies it piece by piece. Positions are bytes from the start of the file. */
export interface GgufLayout {
  readonly summary: GgufSummary;
  readonly keyCount: number;
  /** The keys and their values, from the first byte of the first key to the last of the last value. */
  readonly keys: { readonly start: number; readonly end: number };
  /** Of the value of `general.file_type`, where it is an unsigned number of 32 bits. */
  readonly fileTypeAt: number | undefined;
  readonly alignment: number;
  readonly tensors: readonly GgufTensor[];
  readonly dataStart: number;
}

/**
 * Checks magic, version, counts, keys and their types, the vocabulary, and that every tensor is of a known type and lies inside
 * the file. The failure is one sentence. Reads the header only (a few megabytes), in bounded memory; aborting rejects.
 */
export async function inspectGguf(
  files: Files,
  path: string,
  signal: AbortSignal,
): Promise<Result<GgufSummary, string>> {
  const layout = await readGgufLayout(files, path, signal);
  return layout.ok ? succeed(layout.value.summary) : layout;
}

/** The same checks; the answer also says where everything is. */
export async function readGgufLayout(
  files: Files,
  path: string,
  signal: AbortSignal,
): Promise<Result<GgufLayout, string>> {
  const file = await files.open(path, "read");
  try {
    return succeed(await readHeader(await createGgufReader(file, signal)));
  } catch (error) {
    if (error instanceof GgufProblem) return fail(`${path}: ${error.message}.`);
    if (error instanceof HearthError && error.code === "io-failed") return fail(`${path}: ${error.message}.`);
    throw error;
  } finally {
    await file.close();
  }
}

/** Real files have about 40 keys and at most some thousand tensors. */
const MAX_KEYS = 10_000;
const MAX_TENSORS = 100_000;
const MAX_KEY_BYTES = 65_535;
const MAX_KEPT_TEXT_BYTES = 4096;
/** Elements of one list; the largest vocabularies have 260,000 tokens and twice as many merges. */
const MAX_LIST_LENGTH = 8_000_000;
/** GGML_MAX_NAME is 64 with the closing zero. */
const MAX_TENSOR_NAME_BYTES = 63;
const MAX_DIMENSIONS = 4;
const MAX_ALIGNMENT = 1024 * 1024;
const DEFAULT_ALIGNMENT = 32;
const MAX_LAYERS = 4096;
const MAX_WIDTH = 1024 * 1024;

type Value =
  | { readonly kind: "number"; readonly type: number; readonly number: number; readonly at: number }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly elementType: number; readonly length: number };

const TEXT = 8;
const LIST = 9;
const UINT32 = 4;
const INT32 = 5;
const FLOAT32 = 6;
const BYTES_OF_TYPE: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};

async function readHeader(reader: GgufReader): Promise<GgufLayout> {
  const magic = (await reader.bytes(4, "its first bytes")).toString("latin1");
  if (magic !== "GGUF") throw new GgufProblem("it is not a GGUF file");
  const version = await reader.u32();
  if ((version & 0xffff) === 0) {
    throw new GgufProblem("it was written for machines of the other byte order");
  }
  if (version !== 2 && version !== 3) {
    throw new GgufProblem(`it has version ${version} of the format; versions 2 and 3 can be read`);
  }
  const tensorCount = await reader.u64("the number of tensors");
  const keyCount = await reader.u64("the number of keys");
  if (tensorCount > MAX_TENSORS) throw new GgufProblem(`it claims to have ${tensorCount} tensors`);
  if (keyCount > MAX_KEYS) throw new GgufProblem(`it claims to have ${keyCount} keys`);
  if (tensorCount === 0) throw new GgufProblem("it holds no tensors");
  const start = reader.position();
  const keys = await readKeys(reader, keyCount);
  const end = reader.position();
  const checked = checkKeys(keys);
  const alignment = alignmentOf(keys);
  const { tensors, dataStart } = await readTensors(reader, tensorCount, alignment);
  const parameters = tensors.reduce((sum, tensor) => sum + tensor.elements, 0);
  const fileType = keys.get("general.file_type");
  return {
    summary: { version, tensorCount, parameters, weightType: weightTypeOf(tensors), ...checked },
    keyCount,
    keys: { start, end },
    fileTypeAt: fileType?.kind === "number" && fileType.type === UINT32 ? fileType.at : undefined,
    alignment,
    tensors,
    dataStart,
  };
}

function weightTypeOf(tensors: readonly GgufTensor[]): string {
  const bytesOfType = new Map<number, number>();
  for (const { typeId, bytes } of tensors) bytesOfType.set(typeId, (bytesOfType.get(typeId) ?? 0) + bytes);
  const [most] = [...bytesOfType].sort(([, left], [, right]) => right - left);
  return tensorTypes.get(most?.[0] ?? -1)?.name ?? "unknown";
}

async function readKeys(reader: GgufReader, count: number): Promise<ReadonlyMap<string, Value>> {
  const keys = new Map<string, Value>();
  for (let index = 0; index < count; index += 1) {
    const key = await reader.text(`key ${index + 1}`, MAX_KEY_BYTES);
    if (key === "") throw new GgufProblem(`key ${index + 1} is empty`);
    if (keys.has(key)) throw new GgufProblem(`the key ${quote(key)} is there twice`);
    keys.set(key, await readValue(reader, key));
  }
  return keys;
}

async function readValue(reader: GgufReader, key: string): Promise<Value> {
  const what = `the value of ${quote(key)}`;
  const type = await reader.u32();
  if (type === TEXT) return { kind: "text", text: await readText(reader, what) };
  if (type === LIST) return readList(reader, key, what);
  const size = BYTES_OF_TYPE[type];
  if (size === undefined) throw new GgufProblem(`${what} has an unknown type`);
  const at = reader.position();
  return { kind: "number", type, number: toNumber(await reader.bytes(size, what), type), at };
}

/** Long texts (chat templates, licences) are stepped over. */
async function readText(reader: GgufReader, what: string): Promise<string> {
  const length = await reader.u64(what);
  if (length > MAX_KEPT_TEXT_BYTES) {
    await reader.skip(length, what);
    return "";
  }
  return (await reader.bytes(length, what)).toString("utf8");
}

async function readList(reader: GgufReader, key: string, what: string): Promise<Value> {
  const elementType = await reader.u32();
  const length = await reader.u64(what);
  if (length > MAX_LIST_LENGTH) throw new GgufProblem(`${what} claims to have ${length} elements`);
  if (elementType === TEXT) {
    await reader.texts(length, what, key === "tokenizer.ggml.tokens" ? refuseRepeated() : undefined);
  } else {
    const size = BYTES_OF_TYPE[elementType];
    if (size === undefined) throw new GgufProblem(`${what} has an unknown type`);
    await reader.skip(length * size, what);
  }
  return { kind: "list", elementType, length };
}

/** llama.cpp aborts the process when a token is there twice (it renames empty ones). */
function refuseRepeated(): (bytes: Buffer) => void {
  const seen = new Set<string>();
  return (bytes) => {
    if (bytes.length === 0) return;
    const token = bytes.toString("latin1");
    if (seen.has(token))
      throw new GgufProblem(`its vocabulary holds the token ${quote(bytes.toString())} twice`);
    seen.add(token);
  };
}

function toNumber(bytes: Buffer, type: number): number {
  switch (type) {
    case 0:
    case 7:
      return bytes.readUInt8();
    case 1:
      return bytes.readInt8();
    case 2:
      return bytes.readUInt16LE();
    case 3:
      return bytes.readInt16LE();
    case UINT32:
      return bytes.readUInt32LE();
    case INT32:
      return bytes.readInt32LE();
    case FLOAT32:
      return bytes.readFloatLE();
    case 10:
      return Number(bytes.readBigUInt64LE());
    case 11:
      return Number(bytes.readBigInt64LE());
    default:
      return bytes.readDoubleLE();
  }
}

function checkKeys(
  keys: ReadonlyMap<string, Value>,
): Pick<GgufSummary, "architecture" | "name" | "contextTokens" | "vocabularySize"> {
  const architecture = textOf(keys, "general.architecture");
  if (architecture === undefined || !/^[\w.-]{1,64}$/.test(architecture)) {
    throw new GgufProblem("it does not say its architecture");
  }
  const kind = textOf(keys, "general.type");
  if (kind !== undefined && kind !== "model") {
    throw new GgufProblem(`it is no whole model but of the kind ${quote(kind)}`);
  }
  const parts = keys.get("split.count");
  if (parts?.kind === "number" && parts.number > 1) {
    throw new GgufProblem(`it is one of ${parts.number} parts of a model; the parts have to be merged first`);
  }
  const counted = (name: string, most: number): number => {
    const value = keys.get(`${architecture}.${name}`);
    const number = value?.kind === "number" ? value.number : undefined;
    if (number === undefined || !Number.isInteger(number) || number < 1 || number > most) {
      throw new GgufProblem(`${quote(`${architecture}.${name}`)} is missing or makes no sense`);
    }
    return number;
  };
  counted("block_count", MAX_LAYERS);
  counted("embedding_length", MAX_WIDTH);
  const contextTokens = counted("context_length", 2 ** 31);
  const vocabularySize = checkVocabulary(keys);
  return { architecture, name: textOf(keys, "general.name"), contextTokens, vocabularySize };
}

/** llama.cpp takes the lists by the vocabulary's length. */
function checkVocabulary(keys: ReadonlyMap<string, Value>): number {
  const tokens = keys.get("tokenizer.ggml.tokens");
  if (tokens?.kind !== "list" || tokens.elementType !== TEXT || tokens.length === 0) {
    throw new GgufProblem("it holds no vocabulary");
  }
  for (const [name, types] of [
    ["tokenizer.ggml.scores", [FLOAT32, INT32]],
    ["tokenizer.ggml.token_type", [INT32]],
  ] as const) {
    const list = keys.get(name);
    if (list === undefined) continue;
    const isGood =
      list.kind === "list" && types.some((type) => type === list.elementType) && list.length >= tokens.length;
    if (!isGood) throw new GgufProblem(`${quote(name)} does not fit its vocabulary`);
  }
  const merges = keys.get("tokenizer.ggml.merges");
  if (merges !== undefined && (merges.kind !== "list" || merges.elementType !== TEXT)) {
    throw new GgufProblem(`${quote("tokenizer.ggml.merges")} is not a list of texts`);
  }
  return tokens.length;
}

function alignmentOf(keys: ReadonlyMap<string, Value>): number {
  const value = keys.get("general.alignment");
  if (value === undefined) return DEFAULT_ALIGNMENT;
  const number = value.kind === "number" && value.type === UINT32 ? value.number : 0;
  const isPowerOfTwo = number > 0 && Number.isInteger(Math.log2(number));
  if (!isPowerOfTwo || number > MAX_ALIGNMENT) throw new GgufProblem("its alignment makes no sense");
  return number;
}

async function readTensors(
  reader: GgufReader,
  count: number,
  alignment: number,
): Promise<Pick<GgufLayout, "tensors" | "dataStart">> {
  const tensors: GgufTensor[] = [];
  const names = new Set<string>();
  let dataBytes = 0;
  let lastEnd = 0;
  for (let index = 0; index < count; index += 1) {
    const name = await reader.text(`the name of tensor ${index + 1}`, MAX_TENSOR_NAME_BYTES);
    if (names.has(name)) throw new GgufProblem(`the tensor ${quote(name)} is there twice`);
    names.add(name);
    const tensor = await readTensor(reader, name);
    // llama.cpp wants the tensors one after the other, each padded to the alignment.
    if (tensor.offset !== dataBytes)
      throw new GgufProblem(`the tensor ${quote(name)} is not where it should be`);
    lastEnd = dataBytes + tensor.bytes;
    dataBytes += pad(tensor.bytes, alignment);
    tensors.push(tensor);
    if (!Number.isSafeInteger(dataBytes))
      throw new GgufProblem(`the tensor ${quote(name)} has an absurd size`);
  }
  const dataStart = pad(reader.position(), alignment);
  const missing = dataStart + lastEnd - (reader.position() + reader.remaining());
  if (missing > 0) throw new GgufProblem(`its last ${missing} bytes are missing: it is cut off`);
  return { tensors, dataStart };
}

async function readTensor(reader: GgufReader, name: string): Promise<GgufTensor> {
  const what = `the tensor ${quote(name)}`;
  const dimensionCount = await reader.u32();
  if (dimensionCount < 1 || dimensionCount > MAX_DIMENSIONS) {
    throw new GgufProblem(`${what} has ${dimensionCount} dimensions`);
  }
  let elements = 1;
  const dimensions: number[] = [];
  for (let dimension = 0; dimension < dimensionCount; dimension += 1) {
    const length = await reader.u64(what);
    if (length < 1) throw new GgufProblem(`${what} has no elements`);
    dimensions.push(length);
    elements *= length;
    if (!Number.isSafeInteger(elements)) throw new GgufProblem(`${what} has an absurd size`);
  }
  const typeId = await reader.u32();
  const type = tensorTypes.get(typeId);
  if (type === undefined) throw new GgufProblem(`${what} has the unknown type ${typeId}`);
  if ((dimensions[0] ?? 0) % type.blockElements !== 0) {
    throw new GgufProblem(`${what} has rows that do not fit its type ${type.name}`);
  }
  const offset = await reader.u64(what);
  const bytes = (elements / type.blockElements) * type.blockBytes;
  return { name, dimensions, typeId, offset, bytes, elements };
}

function pad(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

function textOf(keys: ReadonlyMap<string, Value>, key: string): string | undefined {
  const value = keys.get(key);
  return value?.kind === "text" && value.text !== "" ? value.text : undefined;
}

/** Foreign text in a message: short, printable. */
function quote(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, "?");
  return `"${printable.length > 80 ? `${printable.slice(0, 80)}…` : printable}"`;
}
