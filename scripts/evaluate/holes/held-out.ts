// The files of the packages that no training saw, as scripts/train gathers them: JSON lines, packed with xz or plain.
import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export interface HeldOutFile {
  /** `npm:name`, `pypi:name` … */
  readonly package: string;
  readonly path: string;
  /** The id that editors use for the language. */
  readonly language: string;
  /** Package and path: unique. */
  readonly name: string;
  readonly sha256: string;
  /** Line ends are `\n`. */
  readonly content: string;
}

/** Reads the whole list; a line that is no file of a package ends it with a sentence that names the line. */
export async function readHeldOut(file: string): Promise<readonly HeldOutFile[]> {
  const files: HeldOutFile[] = [];
  const source = openLines(file);
  for await (const line of createInterface({ input: source.lines, crlfDelay: Infinity })) {
    if (line === "") continue;
    files.push(parseFile(line, `${file}, line ${files.length + 1}`));
  }
  await source.finished;
  if (files.length === 0) throw new Error(`${file} holds no files`);
  return files;
}

function openLines(file: string): { readonly lines: Readable; readonly finished: Promise<void> } {
  if (!file.endsWith(".xz")) return { lines: createReadStream(file), finished: Promise.resolve() };
  const unpacking = spawn("xz", ["-dc", "--", file], { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  unpacking.stderr.on("data", (chunk: Buffer) => void (complaint += chunk.toString()));
  const finished = new Promise<void>((resolve, reject) => {
    unpacking.on("error", (cause) => reject(new Error("the program xz is needed to read it", { cause })));
    unpacking.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${file} could not be unpacked: ${complaint.trim()}`)),
    );
  });
  // It is awaited after the lines; until then a failure must not go unhandled.
  finished.catch(() => undefined);
  return { lines: unpacking.stdout, finished };
}

function parseFile(line: string, where: string): HeldOutFile {
  const value = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const read = (key: string): string => {
    const text = value[key];
    if (typeof text !== "string") throw new Error(`${where}: "${key}" is no text`);
    return text;
  };
  const owner = `${read("ecosystem")}:${read("package")}`;
  return {
    package: owner,
    path: read("path"),
    language: read("language"),
    name: `${owner}/${read("path")}`,
    sha256: read("sha256"),
    content: read("text").replace(/\r\n?/g, "\n"),
  };
}
