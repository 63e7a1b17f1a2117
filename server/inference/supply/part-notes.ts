// What is known about an unfinished file: where its bytes come from and which of them belong to which part.
import type { Files } from "../../platform/index.ts";

interface PartNotes {
  /** The uris of the source, in order. */
  readonly source: string;
  /** The part that is being fetched, and where in the file it begins. */
  readonly partIndex: number;
  readonly baseBytes: number;
  /** What the server said about that part: a strong ETag or a date, and its size and hash. */
  readonly validator?: string | undefined;
  readonly partBytes?: number | undefined;
  readonly declaredSha256?: string | undefined;
}

const MAX_BYTES = 64 * 1024;

export function createPartNotes(
  files: Files,
  path: string,
): {
  read(): Promise<PartNotes | undefined>;
  write(notes: PartNotes): Promise<void>;
  remove(): Promise<void>;
} {
  return {
    async read() {
      const text = await files.readText(path, MAX_BYTES);
      return text === undefined ? undefined : parseNotes(text);
    },
    write: (notes) => files.writeText(path, JSON.stringify(notes)),
    remove: () => files.remove(path),
  };
}

/** Damaged notes are no notes: the fetch begins again. */
function parseNotes(text: string): PartNotes | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const fields = value as Partial<Record<keyof PartNotes, unknown>>;
  const { source, partIndex, baseBytes, validator, partBytes, declaredSha256 } = fields;
  if (typeof source !== "string" || !isCount(partIndex) || !isCount(baseBytes)) return undefined;
  return {
    source,
    partIndex,
    baseBytes,
    validator: typeof validator === "string" ? validator : undefined,
    partBytes: isCount(partBytes) ? partBytes : undefined,
    declaredSha256: typeof declaredSha256 === "string" ? declaredSha256 : undefined,
  };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
