// Reads a GGUF file's header piece by piece: never past the end of the file, never more memory than one window.
import { cancelled } from "../../kernel/index.ts";
import type { OpenFile } from "../../platform/index.ts";

/** What is wrong with the file, as one sentence. */
export class GgufProblem extends Error {}

export interface GgufReader {
  position(): number;
  remaining(): number;
  u32(): Promise<number>;
  /** As a number; larger than 2^53 is a problem. */
  u64(what: string): Promise<number>;
  /** A length-prefixed text of at most `maxBytes`. */
  text(what: string, maxBytes: number): Promise<string>;
  bytes(count: number, what: string): Promise<Buffer>;
  skip(count: number, what: string): Promise<void>;
  /** Steps over `count` length-prefixed texts; `onText` sees each one's bytes (valid during the call only). */
  texts(count: number, what: string, onText: ((bytes: Buffer) => void) | undefined): Promise<void>;
}

const WINDOW_BYTES = 256 * 1024;
/** No token, key or name is longer; a chat template is skipped, not read. */
const MAX_LISTED_TEXT_BYTES = 64 * 1024;

export async function createGgufReader(file: OpenFile, signal: AbortSignal): Promise<GgufReader> {
  const size = await file.size();
  const window = Buffer.alloc(WINDOW_BYTES);
  let windowAt = 0;
  let windowBytes = 0;
  let at = 0;

  const inWindow = (count: number): boolean => at >= windowAt && at + count <= windowAt + windowBytes;

  async function need(count: number, what: string): Promise<void> {
    if (count > size - at) {
      throw new GgufProblem(`it ends in the middle of ${what}: it is cut off, or not what it claims to be`);
    }
    if (inWindow(count)) return;
    if (signal.aborted) throw cancelled();
    windowAt = at;
    windowBytes = 0;
    while (windowBytes < count) {
      const read = await file.read(window.subarray(windowBytes), windowAt + windowBytes);
      if (read === 0) throw new GgufProblem(`it ends in the middle of ${what}: it is cut off`);
      windowBytes += read;
    }
  }

  /** Valid until the next read. */
  function take(count: number): Buffer {
    const start = at - windowAt;
    at += count;
    return window.subarray(start, start + count);
  }

  function lengthOf(view: Buffer, what: string): number {
    const value = view.readBigUInt64LE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new GgufProblem(`${what} has an absurd length`);
    return Number(value);
  }

  return {
    position: () => at,
    remaining: () => size - at,
    async u32() {
      await need(4, "a number");
      return take(4).readUInt32LE();
    },
    async u64(what) {
      await need(8, what);
      return lengthOf(take(8), what);
    },
    async text(what, maxBytes) {
      await need(8, what);
      const length = lengthOf(take(8), what);
      if (length > maxBytes) throw new GgufProblem(`${what} is longer than ${maxBytes} bytes`);
      await need(length, what);
      return take(length).toString("utf8");
    },
    async bytes(count, what) {
      await need(count, what);
      return Buffer.from(take(count));
    },
    async skip(count, what) {
      if (count > size - at) throw new GgufProblem(`it ends in the middle of ${what}: it is cut off`);
      at += count;
      return Promise.resolve();
    },
    async texts(count, what, onText) {
      if (count > (size - at) / 8) throw new GgufProblem(`it ends in the middle of ${what}: it is cut off`);
      for (let index = 0; index < count; index += 1) {
        // Awaiting for each of 150,000 tokens would cost more than reading them.
        if (!inWindow(8)) await need(8, what);
        const length = lengthOf(take(8), what);
        if (length > MAX_LISTED_TEXT_BYTES) throw new GgufProblem(`${what} holds a text of ${length} bytes`);
        if (!inWindow(length)) await need(length, what);
        const bytes = take(length);
        onText?.(bytes);
      }
    },
  };
}
