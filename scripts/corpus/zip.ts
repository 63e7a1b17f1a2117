// Unpacks a zip file below a folder; names that would leave the folder are refused.
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import yauzl from "yauzl";

/** Only entries below `prefix`, which is cut off their names. */
export function unpackZip(file: string, folder: string, prefix = ""): Promise<void> {
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true }, (error, zip) => {
      if (zip === undefined) {
        reject(error ?? new Error(`${file} cannot be opened`));
        return;
      }
      zip.on("entry", (entry: yauzl.Entry) => {
        writeEntry(zip, entry, folder, prefix).then(() => zip.readEntry(), reject);
      });
      zip.on("end", resolve);
      zip.on("error", reject);
      zip.readEntry();
    });
  });
}

async function writeEntry(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  folder: string,
  prefix: string,
): Promise<void> {
  if (entry.fileName.endsWith("/") || !entry.fileName.startsWith(prefix)) return;
  const target = join(folder, entry.fileName.slice(prefix.length));
  if (relative(folder, target).startsWith("..")) throw new Error(`an entry leaves ${folder}`);
  mkdirSync(dirname(target), { recursive: true });
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => {
      if (opened === undefined) reject(error ?? new Error(`${entry.fileName} cannot be read`));
      else resolve(opened);
    });
  });
  await pipeline(stream, createWriteStream(target));
}
