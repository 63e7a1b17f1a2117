// The unfinished file: appended to while its hash runs along, never past its known size, never into the disk's last bytes.
import type { Hash } from "node:crypto";
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { HearthError } from "../../kernel/index.ts";
import type { Files, OpenFile } from "../../platform/index.ts";
import { hashFile } from "./store.ts";
import { give } from "./supply-error.ts";

export interface PartFile {
  /** Bytes in the file. */
  bytes(): number;
  /** SHA-256 of them, as hexadecimal digits. */
  sha256(): string;
  append(chunk: Uint8Array): Promise<void>;
  /** Cuts back to `bytes`; what remains is hashed again unless it is nothing. */
  cutTo(bytes: number): Promise<void>;
  /** Fails with `no-space` when `bytes` more do not fit, with a reserve for everybody else. */
  needSpace(bytes: number): Promise<void>;
  /** Returns when the disk has all bytes. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Left free for the rest of the system: a full disk hurts more than a missing model. */
const RESERVE_BYTES = 32 * 1024 * 1024;
const SPACE_CHECK_EVERY_BYTES = 64 * 1024 * 1024;

/** Opens what is there and hashes it; nothing there is an empty part. `limitBytes`: more than that is an invalid file. */
export async function openPart(options: {
  readonly files: Files;
  readonly path: string;
  readonly signal: AbortSignal;
  readonly limitBytes: number | undefined;
  readonly onRehash: (doneBytes: number, ofBytes: number) => void;
}): Promise<PartFile> {
  const { files, path, signal, limitBytes } = options;
  const file = await files.open(path, "write");
  try {
    return await createPart(file);
  } catch (error) {
    await file.close();
    throw error;
  }

  async function createPart(open: OpenFile): Promise<PartFile> {
    let bytes = 0;
    let hash: Hash = createHash("sha256");
    let spaceCheckedAt = 0;
    const size = await open.size();
    if (size > 0) await rehash(size);

    async function rehash(until: number): Promise<void> {
      const known = await hashFile(files, path, {
        signal,
        untilBytes: until,
        onProgress: (done) => options.onRehash(done, until),
      });
      hash = known.hash;
      bytes = known.bytes;
      spaceCheckedAt = bytes;
    }

    async function noSpace(neededBytes: number): Promise<Error> {
      const freeBytes = (await files.freeBytes(dirname(path))) ?? 0;
      return give({ kind: "no-space", neededBytes, freeBytes, folder: dirname(path) });
    }

    async function needSpace(neededBytes: number): Promise<void> {
      const free = await files.freeBytes(dirname(path));
      if (free !== undefined && free < neededBytes + RESERVE_BYTES) {
        throw await noSpace(neededBytes + RESERVE_BYTES);
      }
    }

    return {
      bytes: () => bytes,
      sha256: () => hash.copy().digest("hex"),
      needSpace,
      async append(chunk) {
        if (limitBytes !== undefined && bytes + chunk.length > limitBytes) {
          throw give({
            kind: "invalid-file",
            reason: `The source sends more than the ${limitBytes} bytes that the file has.`,
          });
        }
        if (bytes - spaceCheckedAt >= SPACE_CHECK_EVERY_BYTES) {
          spaceCheckedAt = bytes;
          await needSpace(limitBytes === undefined ? 0 : limitBytes - bytes);
        }
        try {
          await open.write(chunk, bytes);
        } catch (error) {
          if (!(error instanceof HearthError) || error.code !== "no-space") throw error;
          // Part of the chunk may be on disk: cut it, so that length and hash agree when the fetch goes on.
          await open.truncate(bytes);
          throw await noSpace((limitBytes ?? bytes + chunk.length) - bytes);
        }
        hash.update(chunk);
        bytes += chunk.length;
      },
      async cutTo(target) {
        if (target === bytes) return;
        await open.truncate(target);
        if (target > 0) return rehash(target);
        hash = createHash("sha256");
        bytes = 0;
        spaceCheckedAt = 0;
      },
      sync: () => open.sync(),
      close: () => open.close(),
    };
  }
}
