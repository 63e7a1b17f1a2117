// Which files are worth rewriting: those whose weights are of a type that llama.cpp's processor kernels read slowly.
import { tensorTypes } from "../tensor-types.ts";
import { blockFormats } from "./to-q8.ts";
import type { BlockFormat } from "./to-q8.ts";

/**
 * Above this a processor decodes at the pace of its memory, and the larger file would cost there what it gains on the
 * prompt; it also keeps the rewriting to some seconds and the disk from filling with copies.
 */
const MOST_BYTES = 1_000_000_000;

/**
 * The format to convert a tensor from; undefined: it is copied as it is. Q8_0 reads a prompt of 256 tokens 2.3 times as fast
 * as Q4_1, and 2 and 5 times as fast as Q5_0 and Q5_1 (SmolLM2 135M, one thread with AVX-512, llama.cpp of node-llama-cpp
 * 3.22): Q4_1 was measured on a quiet machine, the other two beside other work, in turn with Q8_0. Q4_0 is faster still.
 */
export function slowFormatOf(typeId: number): BlockFormat | undefined {
  const name = tensorTypes.get(typeId)?.name;
  return name === undefined ? undefined : blockFormats[name];
}

/** `weightType`: the type that holds most of the file's bytes. */
export function isWorthRewriting(weightType: string, fileBytes: number): boolean {
  return blockFormats[weightType] !== undefined && fileBytes <= MOST_BYTES;
}
