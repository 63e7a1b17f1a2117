// Writes small GGUF files for tests: whole ones, and ones with exactly one thing wrong.

export type GgufValue =
  | { readonly type: "u32"; readonly value: number }
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "texts"; readonly value: readonly string[] }
  | { readonly type: "i32s"; readonly value: readonly number[] }
  | { readonly type: "f32s"; readonly value: readonly number[] }
  | { readonly type: "raw"; readonly value: Buffer };

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
    ["general.architecture", { type: "text", value: "llama" }],
    ["general.name", { type: "text", value: "tiny" }],
    ["llama.block_count", { type: "u32", value: 2 }],
    ["llama.context_length", { type: "u32", value: 256 }],
    ["llama.embedding_length", { type: "u32", value: 32 }],
    ["tokenizer.ggml.model", { type: "text", value: "llama" }],
    ["tokenizer.ggml.tokens", { type: "texts", value: ["<unk>", "a", "b", "c", "d", "e", "", ""] }],
    ["tokenizer.ggml.scores", { type: "f32s", value: [0, 0, 0, 0, 0, 0, 0, 0] }],
    ["tokenizer.ggml.token_type", { type: "i32s", value: [2, 1, 1, 1, 1, 1, 5, 5] }],
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
  const typed = withKey(soundModel, "general.file_type", { type: "u32", value: 3 });
  return encodeGguf({ ...typed, tensors: [...soundModel.tensors, slow] }, seed);
}

function encodeValue(value: GgufValue): Buffer {
  switch (value.type) {
    case "u32":
      return Buffer.concat([u32(4), u32(value.value)]);
    case "text":
      return Buffer.concat([u32(8), text(value.value)]);
    case "texts":
      return Buffer.concat([u32(9), u32(8), u64(value.value.length), ...value.value.map(text)]);
    case "i32s":
      return Buffer.concat([u32(9), u32(5), u64(value.value.length), ...value.value.map(u32)]);
    case "f32s":
      return Buffer.concat([u32(9), u32(6), u64(value.value.length), ...value.value.map(f32)]);
    case "raw":
      return value.value;
    default:
      return value satisfies never;
  }
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}
