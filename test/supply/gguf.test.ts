// The look at a model file before native code sees it: sound files pass, everything else ends in one sentence.
import fc from "fast-check";
import { expect, test } from "vitest";
import { inspectGguf } from "../../server/inference/supply/gguf.ts";
import { createMemoryFiles } from "../../server/platform/index.ts";
import type { Files } from "../../server/platform/index.ts";
import { text, u32, u64 } from "../kit/gguf-values.ts";
import { encodeGguf, soundModel, withKey } from "./kit/gguf.ts";
import type { GgufModel } from "./kit/gguf.ts";

const noSignal = new AbortController().signal;
const sound = encodeGguf(soundModel);

async function inspect(bytes: Buffer): ReturnType<typeof inspectGguf> {
  const files = createMemoryFiles();
  files.put("/m.gguf", bytes);
  return inspectGguf(files, "/m.gguf", noSignal);
}

async function complaint(bytes: Buffer): Promise<string> {
  const found = await inspect(bytes);
  expect(found.ok).toBe(false);
  return found.ok ? "" : found.failure;
}

test("reads what a sound file says about itself", async () => {
  expect(await inspect(sound)).toEqual({
    ok: true,
    value: {
      version: 3,
      architecture: "llama",
      name: "tiny",
      contextTokens: 256,
      vocabularySize: 8,
      tensorCount: 2,
      parameters: 288,
      weightType: "Q8_0",
    },
  });
});

test("refuses a file that is cut off at any byte of its header or data", async () => {
  // The last tensor fills its 128 bytes: no padding follows that a file could lack.
  for (let length = 0; length < sound.length; length += length < 900 ? 1 : 17) {
    expect(await complaint(sound.subarray(0, length))).toMatch(/cut off|not a GGUF|ends in the middle/);
  }
});

const hugeList = (elementType: number, count: bigint): Buffer =>
  Buffer.concat([u32(9), u32(elementType), u64(count)]);
const tensors = (...list: GgufModel["tensors"]): GgufModel => ({ ...soundModel, tensors: list });
const embedding = soundModel.tensors[0]!;

const broken: readonly (readonly [what: string, model: GgufModel, says: RegExp])[] = [
  ["another kind of file", { ...soundModel, magic: "PK\x03\x04" }, /not a GGUF file/],
  ["version 1", { ...soundModel, version: 1 }, /version 1/],
  ["a version of the future", { ...soundModel, version: 4 }, /version 4/],
  ["the other byte order", { ...soundModel, version: 0x03000000 }, /other byte order/],
  ["an absurd number of tensors", { ...soundModel, tensorCount: 2 ** 50 }, /tensors/],
  ["an absurd number of keys", { ...soundModel, keyCount: 2 ** 50 }, /keys/],
  ["no tensors", tensors(), /no tensors/],
  ["no architecture", withKey(soundModel, "general.architecture", undefined), /architecture/],
  ["an adapter", withKey(soundModel, "general.type", "adapter"), /adapter/],
  ["one of several parts", withKey(soundModel, "split.count", { u32: 3 }), /3 parts/],
  ["no layers", withKey(soundModel, "llama.block_count", { u32: 0 }), /block_count/],
  ["absurd layers", withKey(soundModel, "llama.block_count", { u32: 4e9 }), /block_count/],
  ["no vocabulary", withKey(soundModel, "tokenizer.ggml.tokens", undefined), /no vocabulary/],
  [
    "a vocabulary of numbers",
    withKey(soundModel, "tokenizer.ggml.tokens", { i32s: [1, 2] }),
    /no vocabulary/,
  ],
  [
    "a token that is there twice, on which llama.cpp aborts",
    withKey(soundModel, "tokenizer.ggml.tokens", { strings: ["a", "b", "a"] }),
    /"a" twice/,
  ],
  [
    "fewer scores than tokens",
    withKey(soundModel, "tokenizer.ggml.scores", { f32s: [0] }),
    /does not fit its vocabulary/,
  ],
  [
    "token types of the wrong type",
    withKey(soundModel, "tokenizer.ggml.token_type", { f32s: [0, 0, 0, 0, 0, 0, 0, 0] }),
    /does not fit its vocabulary/,
  ],
  [
    "merges that are no texts",
    withKey(soundModel, "tokenizer.ggml.merges", { i32s: [1] }),
    /not a list of texts/,
  ],
  [
    "a key that is there twice",
    { ...soundModel, keys: [...soundModel.keys, soundModel.keys[1]!] },
    /"general.name" is there twice/,
  ],
  ["a list longer than the file", withKey(soundModel, "x", { raw: hugeList(4, 7_000_000n) }), /cut off/],
  ["a list of 2^62 texts", withKey(soundModel, "x", { raw: hugeList(8, 2n ** 62n) }), /absurd length/],
  ["lists in lists", withKey(soundModel, "x", { raw: hugeList(9, 1n) }), /unknown type/],
  ["an unknown value type", withKey(soundModel, "x", { raw: u32(77) }), /unknown type/],
  [
    "a text longer than the file",
    withKey(soundModel, "x", { raw: Buffer.concat([u32(8), u64(2n ** 40n)]) }),
    /cut off/,
  ],
  ["an odd alignment", withKey(soundModel, "general.alignment", { u32: 3 }), /alignment/],
  ["a tensor twice", tensors(embedding, embedding), /twice/],
  ["a tensor type that is gone", tensors({ ...embedding, typeId: 4 }), /unknown type 4/],
  ["a tensor type of the future", tensors({ ...embedding, typeId: 1000 }), /unknown type 1000/],
  [
    "rows that do not fit the type",
    tensors({ ...embedding, dimensions: [33, 8] }),
    /do not fit its type Q8_0/,
  ],
  ["five dimensions", tensors({ ...embedding, dimensions: [32, 1, 1, 1, 1] }), /5 dimensions/],
  ["no dimension", tensors({ ...embedding, dimensions: [] }), /0 dimensions/],
  ["an empty tensor", tensors({ ...embedding, dimensions: [32, 0] }), /no elements/],
  ["elements beyond counting", tensors({ ...embedding, dimensions: [2 ** 40, 2 ** 40] }), /absurd size/],
  ["a tensor that points elsewhere", tensors({ ...embedding, offset: 64 }), /not where it should be/],
  ["data that is not there", tensors({ ...embedding, dimensions: [32, 8000] }), /last \d+ bytes are missing/],
  ["a name of 64 bytes", tensors({ ...embedding, name: "n".repeat(64) }), /longer than 63 bytes/],
];

test.each(broken)("refuses %s", async (_, model, says) => {
  expect(await complaint(encodeGguf(model))).toMatch(says);
});

test("keeps foreign control characters out of its messages", async () => {
  const model = withKey(soundModel, "general.type", "\x1b[2J\nadapter");
  expect(await complaint(encodeGguf(model))).not.toMatch(/[\x00-\x1f]/);
});

test("never throws and never reads wildly, whatever bytes are changed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(sound.length - 1), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.option(fc.nat(sound.length)),
      async (changes, cut) => {
        const bytes = Buffer.from(sound);
        for (const [at, value] of changes) bytes[at] = value;
        const found = await inspect(bytes.subarray(0, cut ?? bytes.length));
        if (!found.ok) expect(found.failure).toMatch(/^\/m\.gguf: .+\.$/);
      },
    ),
    { numRuns: 3000 },
  );
});

test("never throws on bytes that only begin like a model", async () => {
  const start = Buffer.concat([Buffer.from("GGUF"), u32(3)]);
  const numbers = fc.oneof(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
  await fc.assert(
    fc.asyncProperty(
      numbers,
      numbers,
      fc.array(fc.oneof(fc.uint8Array({ maxLength: 24 }), numbers.map(u64), fc.string().map(text)), {
        maxLength: 20,
      }),
      async (tensorCount, keyCount, pieces) => {
        const bytes = Buffer.concat([start, u64(tensorCount), u64(keyCount), ...pieces]);
        expect((await inspect(bytes)).ok).toBe(false);
      },
    ),
    { numRuns: 2000 },
  );
});

test("reads at most one window at a time and stays within the file", async () => {
  const files = createMemoryFiles();
  files.put("/m.gguf", sound);
  const watched: Files = {
    ...files,
    async open(path, mode) {
      const file = await files.open(path, mode);
      return {
        ...file,
        read(buffer, position) {
          expect(buffer.length).toBeLessThanOrEqual(256 * 1024);
          expect(position).toBeLessThan(sound.length);
          return file.read(buffer, position);
        },
      };
    },
  };
  expect((await inspectGguf(watched, "/m.gguf", noSignal)).ok).toBe(true);
});

test("stops when it is cancelled", async () => {
  const files = createMemoryFiles();
  files.put("/m.gguf", sound);
  await expect(inspectGguf(files, "/m.gguf", AbortSignal.abort())).rejects.toThrow("cancelled");
});
