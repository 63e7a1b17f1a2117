// Where model files lie, and what is known about them: a file is hashed once, after that its size and time vouch for it.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cancelled } from "../../kernel/index.ts";
import type { Files } from "../../platform/index.ts";
import type { CatalogueEntry } from "../model-source.ts";
import { parseModelUri } from "./model-uri.ts";

/** Kept beside a file that was verified. */
export interface Stamp {
  readonly sha256: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** The parts that it came from; "found" when it was put there by hand. */
  readonly source: string;
  readonly verifiedAt: string;
  /** The type of most of its weights; undefined in stamps of older versions. */
  readonly weightType?: string | undefined;
  /** Why it is used as it is although its weights are slow, and which version of the rewriter found so. */
  readonly notRewritten?: { readonly version: number; readonly reason: string } | undefined;
}

export interface Place {
  /** The finished file. */
  readonly path: string;
  /** True for a `file:` model: it belongs to the user, is used where it is and never written or removed. */
  readonly isForeign: boolean;
  readonly stamp: string;
  /** The unfinished file, and what is known about where it comes from. */
  readonly part: string;
  readonly partNotes: string;
  readonly lock: string;
  /** Scratch folder of sources that need one. */
  readonly scratch: string;
}

/**
 * The name carries the identity of the content (the known hash, or else where it comes from), so that a catalogue with
 * another file under the same id never meets the old one, and an old daemon keeps the file it has mapped.
 */
export function placeOf(folder: string, entry: CatalogueEntry): Place {
  return placeAt(`${stemOf(folder, entry)}.gguf`, foreignPath(entry));
}

/** Where the same model lies when it was rewritten; ours also when the original is the user's. */
export function rewrittenPlaceOf(folder: string, entry: CatalogueEntry): Place {
  return placeAt(`${stemOf(folder, entry)}.q8_0.gguf`, undefined);
}

function stemOf(folder: string, entry: CatalogueEntry): string {
  const identity = entry.sha256 ?? sha256OfText(sourceKey(entry));
  return join(folder, `${entry.id}-${identity.slice(0, 8)}`);
}

function placeAt(path: string, foreign: string | undefined): Place {
  return {
    path: foreign ?? path,
    isForeign: foreign !== undefined,
    stamp: `${path}.json`,
    part: `${path}.part`,
    partNotes: `${path}.part.json`,
    lock: `${path}.lock`,
    scratch: `${path}.scratch`,
  };
}

function sourceKey(entry: CatalogueEntry): string {
  return JSON.stringify(entry.sources.map((parts) => parts.map((part) => part.uri)));
}

function foreignPath(entry: CatalogueEntry): string | undefined {
  const only = entry.sources.length === 1 ? entry.sources[0] : undefined;
  const uri = only?.length === 1 ? only[0]?.uri : undefined;
  if (uri === undefined) return undefined;
  const location = parseModelUri(uri);
  return location.ok && location.value.kind === "disk" ? fileURLToPath(location.value.url) : undefined;
}

function sha256OfText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

const MAX_STAMP_BYTES = 64 * 1024;

/** The stamp, when it still speaks of the file that is there. */
export async function readFreshStamp(files: Files, place: Place): Promise<Stamp | undefined> {
  const found = await files.stat(place.path);
  if (found === undefined || found.isFolder) return undefined;
  const stamp = await readStamp(files, place.stamp);
  const isFresh = stamp !== undefined && stamp.bytes === found.bytes && stamp.modifiedMs === found.modifiedMs;
  return isFresh ? stamp : undefined;
}

export async function readStamp(files: Files, path: string): Promise<Stamp | undefined> {
  const text = await files.readText(path, MAX_STAMP_BYTES);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A damaged stamp costs one more hash of the file, nothing else.
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Partial<Record<keyof Stamp, unknown>>;
  const { sha256, bytes, modifiedMs, source, verifiedAt, weightType } = fields;
  return typeof sha256 === "string" &&
    typeof bytes === "number" &&
    typeof modifiedMs === "number" &&
    typeof source === "string" &&
    typeof verifiedAt === "string"
    ? {
        sha256,
        bytes,
        modifiedMs,
        source,
        verifiedAt,
        weightType: typeof weightType === "string" ? weightType : undefined,
        notRewritten: readRefusal(fields.notRewritten),
      }
    : undefined;
}

function readRefusal(value: unknown): Stamp["notRewritten"] {
  if (typeof value !== "object" || value === null) return undefined;
  const { version, reason } = value as { readonly version?: unknown; readonly reason?: unknown };
  return typeof version === "number" && typeof reason === "string" ? { version, reason } : undefined;
}

/** Hashes `path` from its start to `untilBytes`, in pieces, so that cancelling is prompt. */
export async function hashFile(
  files: Files,
  path: string,
  options: {
    readonly signal: AbortSignal;
    readonly untilBytes?: number;
    readonly onProgress?: (doneBytes: number) => void;
  },
): Promise<{ readonly hash: ReturnType<typeof createHash>; readonly bytes: number }> {
  const hash = createHash("sha256");
  const file = await files.open(path, "read");
  try {
    const buffer = new Uint8Array(1024 * 1024);
    const until = options.untilBytes ?? Number.POSITIVE_INFINITY;
    let bytes = 0;
    while (bytes < until) {
      if (options.signal.aborted) throw cancelled();
      const view = until - bytes < buffer.length ? buffer.subarray(0, until - bytes) : buffer;
      const read = await file.read(view, bytes);
      if (read === 0) break;
      hash.update(view.subarray(0, read));
      bytes += read;
      options.onProgress?.(bytes);
    }
    return { hash, bytes };
  } finally {
    await file.close();
  }
}
