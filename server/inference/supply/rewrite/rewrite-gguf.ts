// Writes a model file anew with its slow weights as Q8_0: piece by piece, everything else byte for byte, always the same bytes.
import { cancelled } from "../../../kernel/index.ts";
import type { Files, OpenFile } from "../../../platform/index.ts";
import { readGgufLayout } from "../gguf.ts";
import type { GgufLayout, GgufTensor } from "../gguf.ts";
import { openPart } from "../part-file.ts";
import type { PartFile } from "../part-file.ts";
import { give } from "../supply-error.ts";
import { slowFormatOf } from "./slow-types.ts";
import { Q8_BLOCK_BYTES, createQ8Converter } from "./to-q8.ts";

/** Part of what is written: another version may give other bytes, and so another hash. */
export const REWRITER_VERSION = 1;

const Q8_0 = 8;
/** `general.file_type` of a file whose weights are mostly Q8_0. */
const MOSTLY_Q8_0 = 7;
const UINT32 = 4;
const TEXT = 8;
/** Two or three milliseconds of converting and hashing, so that the daemon answers others in between. */
const BLOCKS_AT_ONCE = 4096;
const COPY_BYTES = 256 * 1024;

interface Rewritten {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Reads `source`, writes `target` (which must not be in use: what is there is lost) and returns when the disk has it.
 * Throws a `SupplyError`: a damaged source, a full disk; or the cancelled error.
 */
export async function rewriteGguf(request: {
  readonly files: Files;
  readonly source: string;
  /** Goes into the new file, to tell where it comes from. */
  readonly sourceSha256: string;
  readonly target: string;
  readonly signal: AbortSignal;
  readonly onProgress: (doneBytes: number, ofBytes: number) => void;
}): Promise<Rewritten> {
  const { files, source, target, signal } = request;
  const layout = await readGgufLayout(files, source, signal);
  // It was looked at when it was verified: what fails now is the disk.
  if (!layout.ok) throw give({ kind: "disk-failed", reason: layout.failure });
  const plan = planTensors(layout.value);
  await files.remove(target);
  const from = await files.open(source, "read");
  try {
    const part = await openPart({
      files,
      path: target,
      signal,
      limitBytes: undefined,
      onRehash: () => undefined,
    });
    try {
      const header = headerPieces(layout.value, plan, request.sourceSha256);
      const dataStart = pad(header.bytes, layout.value.alignment);
      const totalBytes = dataStart + plan.dataBytes;
      await part.needSpace(totalBytes);
      const writer = createWriter(from, part, (done) => request.onProgress(done, totalBytes), signal);
      for (const piece of header.pieces) {
        if (piece instanceof Uint8Array) await writer.write(piece);
        else await writer.copy(piece.start, piece.end);
      }
      for (const tensor of plan.tensors) {
        await writer.padTo(dataStart + tensor.newOffset);
        await writer.tensor(layout.value.dataStart, tensor);
      }
      await writer.padTo(totalBytes);
      await part.sync();
      return { sha256: part.sha256(), bytes: part.bytes() };
    } finally {
      await part.close();
    }
  } finally {
    await from.close();
  }
}

interface PlannedTensor extends GgufTensor {
  readonly newTypeId: number;
  readonly newOffset: number;
}

interface Plan {
  readonly tensors: readonly PlannedTensor[];
  readonly dataBytes: number;
}

function planTensors({ tensors, alignment }: GgufLayout): Plan {
  let dataBytes = 0;
  const planned = tensors.map((tensor): PlannedTensor => {
    const format = slowFormatOf(tensor.typeId);
    const bytes = format === undefined ? tensor.bytes : (tensor.bytes / format.blockBytes) * Q8_BLOCK_BYTES;
    const newOffset = dataBytes;
    dataBytes += pad(bytes, alignment);
    return { ...tensor, newTypeId: format === undefined ? tensor.typeId : Q8_0, newOffset };
  });
  return { tensors: planned, dataBytes };
}

type Piece = Uint8Array | { readonly start: number; readonly end: number };

/** New bytes, and ranges of the old file that stay as they are. */
function headerPieces(
  layout: GgufLayout,
  plan: Plan,
  sourceSha256: string,
): { readonly pieces: readonly Piece[]; readonly bytes: number } {
  const { keys, keyCount, fileTypeAt, summary } = layout;
  const added = [
    [text("hearth.rewrite.version"), u32(UINT32), u32(REWRITER_VERSION)],
    [text("hearth.rewrite.source_sha256"), u32(TEXT), text(sourceSha256)],
    ...(fileTypeAt === undefined ? [[text("general.file_type"), u32(UINT32), u32(MOSTLY_Q8_0)]] : []),
  ];
  const counts = [u64(plan.tensors.length), u64(keyCount + added.length)];
  const oldKeys: readonly Piece[] =
    fileTypeAt === undefined
      ? [keys]
      : [{ start: keys.start, end: fileTypeAt }, u32(MOSTLY_Q8_0), { start: fileTypeAt + 4, end: keys.end }];
  const rows = plan.tensors.map(({ name, dimensions, newTypeId, newOffset }) =>
    Buffer.concat([
      text(name),
      u32(dimensions.length),
      ...dimensions.map(u64),
      u32(newTypeId),
      u64(newOffset),
    ]),
  );
  const pieces: readonly Piece[] = [
    Buffer.concat([Buffer.from("GGUF"), u32(summary.version), ...counts]),
    ...oldKeys,
    Buffer.concat(added.flat()),
    Buffer.concat(rows),
  ];
  const lengths = pieces.map((piece) =>
    piece instanceof Uint8Array ? piece.length : piece.end - piece.start,
  );
  return { pieces, bytes: lengths.reduce((sum, length) => sum + length, 0) };
}

interface Writer {
  write(bytes: Uint8Array): Promise<void>;
  copy(start: number, end: number): Promise<void>;
  padTo(position: number): Promise<void>;
  tensor(dataStart: number, tensor: PlannedTensor): Promise<void>;
}

/** Every piece waits for the disk, which gives the event loop its turns; cancelling is heard between the pieces. */
function createWriter(
  from: OpenFile,
  part: PartFile,
  onBytes: (doneBytes: number) => void,
  signal: AbortSignal,
): Writer {
  const converter = createQ8Converter();
  const output = new Uint8Array(BLOCKS_AT_ONCE * Q8_BLOCK_BYTES);

  async function write(bytes: Uint8Array): Promise<void> {
    if (signal.aborted) throw cancelled();
    await part.append(bytes);
    onBytes(part.bytes());
  }

  async function readPieces(
    start: number,
    end: number,
    pieceBytes: number,
    take: (piece: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const buffer = new Uint8Array(Math.min(pieceBytes, end - start));
    for (let at = start; at < end;) {
      const wanted = Math.min(buffer.length, end - at);
      let filled = 0;
      while (filled < wanted) {
        const read = await from.read(buffer.subarray(filled, wanted), at + filled);
        if (read === 0) throw give({ kind: "invalid-file", reason: "The file became shorter meanwhile." });
        filled += read;
      }
      await take(buffer.subarray(0, wanted));
      at += wanted;
    }
  }

  return {
    write,
    copy: (start, end) => readPieces(start, end, COPY_BYTES, write),
    padTo: (position) => write(new Uint8Array(position - part.bytes())),
    async tensor(dataStart, { name, typeId, offset, bytes }) {
      const start = dataStart + offset;
      const format = slowFormatOf(typeId);
      if (format === undefined) return readPieces(start, start + bytes, COPY_BYTES, write);
      const pieceBytes = BLOCKS_AT_ONCE * format.blockBytes;
      await readPieces(start, start + bytes, pieceBytes, async (piece) => {
        const converted = output.subarray(0, (piece.length / format.blockBytes) * Q8_BLOCK_BYTES);
        if (!converter.convert(format, piece, converted)) {
          throw give({
            kind: "invalid-file",
            reason: `The tensor ${name} holds weights that are no numbers.`,
          });
        }
        await write(converted);
      });
    },
  };
}

function pad(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}
