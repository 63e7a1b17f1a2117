// Writes small GGUF files for tests: whole ones, and ones with exactly one thing wrong.
import { encodeValue, text, u32, u64 } from "../../kit/gguf-values.ts";
import type { GgufValue } from "../../kit/gguf-values.ts";

export interface GgufTensor {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly typeId: number;
  readonly bytes: number;
  readonly offset?: number;
  /** Repeated until the tensor is full; without it the bytes are made up. */
  readonly pattern?: Buffer;
}

export interface GgufModel {
  readonly magic: string;
  readonly version: number;
  readonly keys: readonly (readonly [string, GgufValue])[];
  readonly tensors: readonly GgufTensor[];
  readonly tensorCount?: number;
  readonly keyCount?: number;
}

/** A model that passes: 2 layers in words only, 8 tokens, two tensors. */
export const soundModel: GgufModel = {
  magic: "GGUF",
  version: 3,
  keys: [
    ["general.architecture", "llama"],
    ["general.name", "tiny"],
    ["llama.block_count", { u32: 2 }],
    ["llama.context_length", { u32: 256 }],
    ["llama.embedding_length", { u32: 32 }],
    ["tokenizer.ggml.model", "llama"],
    ["tokenizer.ggml.tokens", { strings: ["<unk>", "a", "b", "c", "d", "e", "", ""] }],
    ["tokenizer.ggml.scores", { f32s: [0, 0, 0, 0, 0, 0, 0, 0] }],
    ["tokenizer.ggml.token_type", { i32s: [2, 1, 1, 1, 1, 1, 5, 5] }],
  ],
  tensors: [
    { name: "token_embd.weight", dimensions: [32, 8], typeId: 8, bytes: 272 },
    { name: "output_norm.weight", dimensions: [32], typeId: 0, bytes: 128 },
  ],
};

export function withKey(model: GgufModel, key: string, value: GgufValue | undefined): GgufModel {
  const others = model.keys.filter(([name]) => name !== key);
  return { ...model, keys: value === undefined ? others : [...others, [key, value]] };
}

export function encodeGguf(model: GgufModel, seed = 1): Buffer {
  const pieces: Buffer[] = [
    Buffer.from(model.magic, "latin1"),
    u32(model.version),
    u64(model.tensorCount ?? model.tensors.length),
    u64(model.keyCount ?? model.keys.length),
  ];
  for (const [key, value] of model.keys) pieces.push(text(key), encodeValue(value));
  let offset = 0;
  const data: Buffer[] = [];
  for (const tensor of model.tensors) {
    pieces.push(text(tensor.name), u32(tensor.dimensions.length));
    for (const dimension of tensor.dimensions) pieces.push(u64(dimension));
    pieces.push(u32(tensor.typeId), u64(tensor.offset ?? offset));
    const padded = Math.ceil(tensor.bytes / 32) * 32;
    data.push(
      tensor.pattern === undefined
        ? Buffer.from(Array.from({ length: padded }, (_, index) => (index * 31 + seed * 7) & 0xff))
        : Buffer.concat([Buffer.alloc(tensor.bytes, tensor.pattern), Buffer.alloc(padded - tensor.bytes)]),
    );
    offset += padded;
  }
  const header = Buffer.concat(pieces);
  const padding = Buffer.alloc((32 - (header.length % 32)) % 32);
  return Buffer.concat([header, padding, ...data]);
}

/** A sound model of about `bytes` bytes, for downloads that take more than one chunk. */
export function makeModelOfSize(bytes: number, seed = 1): Buffer {
  const rows = Math.ceil(bytes / 128);
  const big: GgufTensor = { name: "big.weight", dimensions: [32, rows], typeId: 0, bytes: rows * 128 };
  return encodeGguf({ ...soundModel, tensors: [...soundModel.tensors, big] }, seed);
}

/** A sound model whose weights are mostly Q4_1: `blocks` (whole ones of 20 bytes) are repeated over `rows` rows. */
export function makeSlowModel(rows: number, blocks: Buffer, seed = 1): Buffer {
  const slow: GgufTensor = {
    name: "slow.weight",
    dimensions: [320, rows],
    typeId: 3,
    bytes: rows * 200,
    pattern: blocks,
  };
  const typed = withKey(soundModel, "general.file_type", { u32: 3 });
  return encodeGguf({ ...typed, tensors: [...soundModel.tensors, slow] }, seed);
}
