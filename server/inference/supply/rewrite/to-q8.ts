// Blocks of 32 weights in an older format to blocks of Q8_0, bit for bit what ggml's reference functions give
// (dequantize_row_q4_1 and its sisters, then quantize_row_q8_0_ref; ggml-quants.c).
import { createHalfTable, halfOf } from "./half.ts";

/** Both formats have blocks of 32 weights, so one block becomes one block. */
const BLOCK_WEIGHTS = 32;
/** A scale of 16 bits and 32 whole numbers of 8 bits. */
export const Q8_BLOCK_BYTES = 34;

export interface BlockFormat {
  readonly blockBytes: number;
  /** Bits of a weight beyond the four that all these formats pack in pairs. */
  readonly hasFifthBit: boolean;
  /** True: weight = number · scale + minimum. False: weight = (number - 16) · scale. */
  readonly hasMinimum: boolean;
}

/** By the name of the type. */
export const blockFormats: Readonly<Record<string, BlockFormat>> = {
  Q4_1: { blockBytes: 20, hasFifthBit: false, hasMinimum: true },
  Q5_0: { blockBytes: 22, hasFifthBit: true, hasMinimum: false },
  Q5_1: { blockBytes: 24, hasFifthBit: true, hasMinimum: true },
};

export interface Q8Converter {
  /**
   * Converts whole blocks; `target` has room for as many blocks of Q8_0. False: a scale or minimum is no finite number, as
   * in a damaged file.
   */
  convert(format: BlockFormat, source: Uint8Array, target: Uint8Array): boolean;
}

export function createQ8Converter(): Q8Converter {
  const halves = createHalfTable();
  const weights = new Float32Array(BLOCK_WEIGHTS);
  const single = new Float32Array(1);
  const singleBits = new Uint32Array(single.buffer);
  const numberAt = (bytes: Uint8Array, at: number): number =>
    halves[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] ?? NaN;

  return {
    convert(format, source, target) {
      const { blockBytes } = format;
      const blocks = source.length / blockBytes;
      for (let block = 0; block < blocks; block += 1) {
        if (!unpack(format, source, block * blockBytes)) return false;
        pack(target, block * Q8_BLOCK_BYTES);
      }
      return true;
    },
  };

  /** One block into `weights`. Sums and products of these short numbers are exact in double precision, so one rounding is enough. */
  function unpack({ hasFifthBit, hasMinimum }: BlockFormat, source: Uint8Array, start: number): boolean {
    const scale = numberAt(source, start);
    const minimum = hasMinimum ? numberAt(source, start + 2) : 0;
    if (!Number.isFinite(scale) || !Number.isFinite(minimum)) return false;
    const zero = hasMinimum ? 0 : 16;
    const fifthAt = start + (hasMinimum ? 4 : 2);
    const packedAt = hasFifthBit ? fifthAt + 4 : fifthAt;
    const half = BLOCK_WEIGHTS / 2;
    for (let index = 0; index < half; index += 1) {
      const pair = source[packedAt + index] ?? 0;
      let low = pair & 0xf;
      let high = pair >> 4;
      if (hasFifthBit) {
        low |= (((source[fifthAt + (index >> 3)] ?? 0) >> (index & 7)) & 1) << 4;
        high |= (((source[fifthAt + 2 + (index >> 3)] ?? 0) >> (index & 7)) & 1) << 4;
      }
      weights[index] = (low - zero) * scale + minimum;
      weights[index + half] = (high - zero) * scale + minimum;
    }
    return true;
  }

  function pack(target: Uint8Array, start: number): void {
    let largest = 0;
    for (let index = 0; index < BLOCK_WEIGHTS; index += 1) {
      const size = Math.abs(weights[index] ?? 0);
      if (size > largest) largest = size;
    }
    const scale = Math.fround(largest / 127);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    single[0] = scale;
    const bits = halfOf(singleBits[0] ?? 0);
    target[start] = bits & 0xff;
    target[start + 1] = bits >> 8;
    for (let index = 0; index < BLOCK_WEIGHTS; index += 1) {
      const scaled = Math.fround((weights[index] ?? 0) * inverse);
      // C's roundf: halves go away from zero.
      target[start + 2 + index] = scaled < 0 ? -Math.floor(0.5 - scaled) : Math.floor(0.5 + scaled);
    }
  }
}
