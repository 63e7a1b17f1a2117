// Writes a tiny GGUF model whose next token is what the test says: real tokeniser, real engine, exact completions, no download.
//
// The embedding is one unit vector for each token and the residual stream carries it to the output, so that a row of
// the output matrix is a table "after token t, token u has this logit". Small random weights add a little that depends
// on the whole context: state that is wrong in the KV cache shows as changed probabilities.
import { encodeValue, text, u32, u64 } from "./gguf-values.ts";
import type { GgufValue } from "./gguf-values.ts";

export interface FixtureModel {
  /** Whole tokens beside the 256 single bytes. The tokeniser never makes them out of text; the model may answer with them. */
  readonly words?: readonly string[];
  /** After the token with the text `from` comes `to`; later entries for the same `from` are less likely ones. */
  readonly next?: readonly (readonly [from: string, to: string])[];
  /** Where the tokeniser joins line breaks: to the indentation after them or to the text before them. Default: nowhere. */
  readonly joint?: "leading" | "trailing";
  readonly fillInTheMiddle?: boolean;
  /** Further special tokens. */
  readonly special?: readonly string[];
  /** How the vocabulary marks special tokens: conversions differ. Default: control. */
  readonly specialKind?: "control" | "user-defined";
  /** In front of every prompt. Default: the end token; `null`: nothing. */
  readonly begin?: string | null;
  /**
   * SentencePiece instead of single bytes: one piece for each printable ASCII character, and `pieces` longer ones, the
   * earliest joined first; each must be two shorter ones side by side. A blank is written as "▁".
   */
  readonly spaced?: { readonly pieces: readonly string[]; readonly addsBlank: boolean };
  readonly contextLength?: number;
  readonly name?: string;
  /** A value that llama.cpp does not check when it loads, but asserts on when it evaluates: the process aborts. */
  readonly isAborting?: boolean;
}

export const END = "<|endoftext|>";
export const FIM_PREFIX = "<|fim_prefix|>";
export const FIM_SUFFIX = "<|fim_suffix|>";
export const FIM_MIDDLE = "<|fim_middle|>";

const LAYERS = 2;
const HEADS = 2;
const HEAD_LENGTH = 32;
const FEED_FORWARD = 32;
/** Logit of the first `next` entry of a token; each later one has this much less. Others stay within about 3 of 0. */
const LOGIT = 12;
const LOGIT_STEP = 3;
/** Carries what attention adds into all logits: a wrong state shows in the probabilities. */
const OUTPUT_NOISE = 0.15;

const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const USER_DEFINED = 4;
const BYTE = 6;

/** The bytes of the file. The same options give the same bytes. */
export function buildFixtureModel(options: FixtureModel = {}): Uint8Array {
  const vocabulary = buildVocabulary(options);
  const { texts } = vocabulary;
  const width = Math.ceil(texts.length / 32) * 32;
  const random = createRandom(20_251);
  const noise = (count: number, scale: number): Float32Array =>
    Float32Array.from({ length: count }, () => (random() - 0.5) * 2 * scale);
  const ones = (count: number): Float32Array => new Float32Array(count).fill(1);

  const embedding = new Float32Array(width * texts.length);
  texts.forEach((_, token) => {
    embedding[token * width + token] = 1;
  });
  const tensors: Tensor[] = [
    { name: "token_embd.weight", shape: [width, texts.length], values: embedding },
    { name: "output_norm.weight", shape: [width], values: ones(width) },
    {
      name: "output.weight",
      shape: [width, texts.length],
      values: buildOutput(options, vocabulary, noise(width * texts.length, OUTPUT_NOISE)),
    },
  ];
  const attention = HEADS * HEAD_LENGTH;
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const add = (name: string, shape: readonly number[], values: Float32Array): void => {
      tensors.push({ name: `blk.${layer}.${name}.weight`, shape, values });
    };
    add("attn_norm", [width], ones(width));
    add("attn_q", [width, attention], noise(width * attention, 0.3));
    add("attn_k", [width, HEAD_LENGTH], noise(width * HEAD_LENGTH, 0.3));
    add("attn_v", [width, HEAD_LENGTH], noise(width * HEAD_LENGTH, 0.02));
    add("attn_output", [attention, width], noise(width * attention, 0.02));
    add("ffn_norm", [width], ones(width));
    add("ffn_gate", [width, FEED_FORWARD], noise(width * FEED_FORWARD, 0.02));
    add("ffn_up", [width, FEED_FORWARD], noise(width * FEED_FORWARD, 0.02));
    add("ffn_down", [FEED_FORWARD, width], noise(width * FEED_FORWARD, 0.02));
  }

  const metadata: readonly (readonly [string, GgufValue])[] = [
    ["general.architecture", "llama"],
    ["general.name", options.name ?? "fixture"],
    ["llama.context_length", { u32: options.contextLength ?? 4096 }],
    ["llama.embedding_length", { u32: width }],
    ["llama.block_count", { u32: LAYERS }],
    ["llama.feed_forward_length", { u32: FEED_FORWARD }],
    ["llama.attention.head_count", { u32: HEADS }],
    ["llama.attention.head_count_kv", { u32: 1 }],
    ["llama.attention.key_length", { u32: HEAD_LENGTH }],
    ["llama.attention.value_length", { u32: HEAD_LENGTH }],
    ["llama.attention.layer_norm_rms_epsilon", { f32: options.isAborting === true ? -1 : 1e-6 }],
    ["llama.rope.dimension_count", { u32: HEAD_LENGTH }],
    ["llama.vocab_size", { u32: texts.length }],
    ["tokenizer.ggml.tokens", { strings: vocabulary.written }],
    ["tokenizer.ggml.token_type", { i32s: vocabulary.types }],
    ...describeTokenizer(options, vocabulary),
    ["tokenizer.ggml.eos_token_id", { u32: vocabulary.find(END) }],
    ["tokenizer.ggml.bos_token_id", { u32: vocabulary.find(options.begin ?? END) }],
    ["tokenizer.ggml.add_bos_token", options.begin !== null],
  ];
  return writeGguf(metadata, tensors);
}

interface Vocabulary {
  /** The text of each token. */
  readonly texts: readonly string[];
  /** The same in the byte alphabet of the vocabulary file. */
  readonly written: readonly string[];
  readonly types: readonly number[];
  readonly merges: readonly string[];
  find(text: string): number;
}

/** The id of each special token, in the order of the vocabulary. */
export function specialIds(options: FixtureModel): ReadonlyMap<string, number> {
  const { types, written } = buildVocabulary(options);
  const isSpecial = (type: number | undefined): boolean => type === CONTROL || type === USER_DEFINED;
  return new Map(written.flatMap((text, id) => (isSpecial(types[id]) ? [[text, id] as const] : [])));
}

/** The id of each piece of a spaced vocabulary; bytes are written as "<0x0A>". */
export function pieceIds(options: FixtureModel): ReadonlyMap<string, number> {
  return new Map(buildVocabulary(options).written.map((text, id) => [text, id]));
}

type Metadata = readonly (readonly [string, GgufValue])[];

function describeTokenizer(options: FixtureModel, vocabulary: Vocabulary): Metadata {
  if (options.spaced === undefined)
    return [
      ["tokenizer.ggml.model", "gpt2"],
      ["tokenizer.ggml.pre", options.joint === "leading" ? "gpt-2" : "qwen2"],
      ["tokenizer.ggml.merges", { strings: vocabulary.merges }],
    ];
  return [
    ["tokenizer.ggml.model", "llama"],
    // Pieces with a higher score are joined first.
    ["tokenizer.ggml.scores", { f32s: vocabulary.texts.map((_, id) => -id) }],
    ["tokenizer.ggml.unknown_token_id", { u32: 0 }],
    ["tokenizer.ggml.add_space_prefix", options.spaced.addsBlank],
  ];
}

function buildVocabulary(options: FixtureModel): Vocabulary {
  const texts: string[] = [];
  const written: string[] = [];
  const types: number[] = [];
  const merges: string[] = [];
  const add = (text: string, form: string, type: number): void => {
    texts.push(text);
    written.push(form);
    types.push(type);
  };
  if (options.spaced !== undefined) {
    add("", "<unk>", UNKNOWN);
    for (let byte = 0; byte < 256; byte += 1) {
      const code = byte.toString(16).toUpperCase().padStart(2, "0");
      add(String.fromCharCode(byte), `<0x${code}>`, BYTE);
    }
    add(" ", "▁", NORMAL);
    for (let code = 33; code < 127; code += 1)
      add(String.fromCharCode(code), String.fromCharCode(code), NORMAL);
    for (const piece of options.spaced.pieces) add(piece.replaceAll("▁", " "), piece, NORMAL);
  } else {
    for (let byte = 0; byte < 256; byte += 1) add(String.fromCharCode(byte), writeByte(byte), NORMAL);
  }
  const join = (left: string, right: string): void => {
    merges.push(`${writeText(left)} ${writeText(right)}`);
    add(left + right, writeText(left + right), NORMAL);
  };
  // In a spaced vocabulary the scores of the pieces say what is joined; otherwise only the joints that are asked for, so that one typed character is one token everywhere else.
  if (options.joint === "leading") join("\n", " ");
  if (options.joint === "trailing") join(")", "\n");
  if (merges.length === 0 && options.spaced === undefined) join("\u0001", "\u0002");
  const writeWord = (word: string): string =>
    options.spaced === undefined ? writeText(word) : word.replaceAll(" ", "▁");
  for (const word of options.words ?? []) add(word, writeWord(word), NORMAL);
  const fillInTheMiddle = [FIM_PREFIX, FIM_SUFFIX, FIM_MIDDLE, "<|file_sep|>"];
  const special = [
    ...((options.fillInTheMiddle ?? options.special === undefined) ? fillInTheMiddle : []),
    ...(options.special ?? []),
  ];
  const kind = options.specialKind === "user-defined" ? USER_DEFINED : CONTROL;
  add(END, END, CONTROL);
  if (typeof options.begin === "string") add(options.begin, options.begin, CONTROL);
  for (const text of new Set(special)) if (!written.includes(text)) add(text, text, kind);
  return {
    texts,
    written,
    types,
    merges,
    find(text) {
      const token = texts.lastIndexOf(text);
      if (token === -1) throw new Error(`the fixture has no token ${JSON.stringify(text)}`);
      return token;
    },
  };
}

function buildOutput(options: FixtureModel, vocabulary: Vocabulary, output: Float32Array): Float32Array {
  const width = output.length / vocabulary.texts.length;
  // The last normalisation scales a unit vector to the square root of its length.
  const scale = Math.sqrt(width);
  const used = new Map<string, number>();
  for (const [from, to] of options.next ?? []) {
    const rank = used.get(from) ?? 0;
    used.set(from, rank + 1);
    output[vocabulary.find(to) * width + vocabulary.find(from)] = (LOGIT - rank * LOGIT_STEP) / scale;
  }
  return output;
}

/** A chain through the words, then the end of the line: `["(", "a", "b"]` makes "(" answer "ab\n". */
export function chain(...texts: readonly string[]): (readonly [string, string])[] {
  return texts.slice(1).map((text, index) => [texts[index] ?? "", text] as const);
}

interface Tensor {
  readonly name: string;
  /** Fastest dimension first. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const ALIGNMENT = 32;

/** GGUF version 3, little endian, all tensors F32. */
function writeGguf(
  metadata: readonly (readonly [string, GgufValue])[],
  tensors: readonly Tensor[],
): Uint8Array {
  const parts: Buffer[] = [Buffer.from("GGUF"), u32(3), u64(tensors.length), u64(metadata.length)];
  for (const [key, value] of metadata) parts.push(text(key), encodeValue(value));
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    parts.push(text(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset));
    offset = align(offset + values.byteLength);
  }
  const header = Buffer.concat(parts);
  const file = Buffer.alloc(align(header.length) + offset);
  header.copy(file);
  let at = align(header.length);
  for (const { values } of tensors) {
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).copy(file, at);
    at += align(values.byteLength);
  }
  return file;
}

function align(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}

/** GPT-2's alphabet: printable Latin bytes stand for themselves, the others for characters from U+0100 on. */
function writeByte(byte: number): string {
  const isPlain = (code: number): boolean =>
    (code >= 33 && code <= 126) || (code >= 161 && code <= 172) || (code >= 174 && code <= 255);
  if (isPlain(byte)) return String.fromCharCode(byte);
  let skipped = 0;
  for (let code = 0; code < byte; code += 1) if (!isPlain(code)) skipped += 1;
  return String.fromCharCode(256 + skipped);
}

function writeText(value: string): string {
  return [...Buffer.from(value, "utf8")].map(writeByte).join("");
}

/** A small deterministic generator (mulberry32), 0..1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A download that broke off: the header is whole, the weights end early. */
export function truncate(model: Uint8Array): Uint8Array {
  return model.slice(0, Math.floor(model.length / 2));
}

/** Something else under a model's name. */
export function spoilMagic(model: Uint8Array): Uint8Array {
  const spoilt = model.slice();
  spoilt.set(Buffer.from("HTML"), 0);
  return spoilt;
}
