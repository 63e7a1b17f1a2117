// Whether and how a fetched model is rewritten in a faster type; whatever goes wrong, the original stays usable.
import { dirname } from "node:path";
import { HearthError } from "../../kernel/index.ts";
import type { Files } from "../../platform/index.ts";
import type { CatalogueEntry, SupplyOptions } from "../model-source.ts";
import { REWRITER_VERSION, rewriteGguf } from "./rewrite/rewrite-gguf.ts";
import { isWorthRewriting } from "./rewrite/slow-types.ts";
import { readFreshStamp, rewrittenPlaceOf } from "./store.ts";
import type { Place } from "./store.ts";
import { failureOf, give } from "./supply-error.ts";
import type { FileVerifier } from "./verified-file.ts";

interface Rewriting {
  /** The rewritten file, when it is there and belongs to the original that is there. */
  find(entry: CatalogueEntry, place: Place): Promise<string | undefined>;
  /** True when the verified original at `place` is to be rewritten before it is used. */
  isWanted(entry: CatalogueEntry, place: Place): Promise<boolean>;
  /** Writes and stamps the rewritten file, then removes the original unless it is the user's. Throws as suppliers do. */
  rewrite(entry: CatalogueEntry, place: Place, options: SupplyOptions): Promise<string>;
  /** Notes that trying again would end the same way. */
  giveUp(place: Place, reason: string): Promise<void>;
  verify(entry: CatalogueEntry, options: SupplyOptions): Promise<string>;
  /** False when nothing was there. */
  remove(entry: CatalogueEntry): Promise<boolean>;
}

export function createRewriting(deps: {
  readonly files: Files;
  readonly folder: string;
  readonly verifier: FileVerifier;
}): Rewriting {
  const { files, folder, verifier } = deps;

  return {
    async find(entry, place) {
      const target = rewrittenPlaceOf(folder, entry);
      let stamp = await readFreshStamp(files, target);
      if (stamp === undefined) {
        if ((await files.stat(target.path)) === undefined) return undefined;
        if (!(await isWhole(entry, target))) return undefined;
        stamp = await readFreshStamp(files, target);
      }
      if (entry.rewrite !== undefined && stamp?.sha256 !== entry.rewrite.sha256) return undefined;
      if (!place.isForeign) return target.path;
      // The user's file may have been replaced by another one.
      const original = await readFreshStamp(files, place);
      const isOfThisFile = original !== undefined && stamp?.source === sourceOf(original.sha256);
      return isOfThisFile ? target.path : undefined;
    },
    async isWanted(entry, place) {
      const stamp = await readFreshStamp(files, place);
      if (stamp?.notRewritten?.version === REWRITER_VERSION) return false;
      const bytes = stamp?.bytes ?? (await files.stat(place.path))?.bytes;
      const weightType = stamp?.weightType ?? (await weightTypeOf(entry, place));
      return bytes !== undefined && isWorthRewriting(weightType, bytes);
    },
    async rewrite(entry, place, { signal, onProgress }) {
      const target = rewrittenPlaceOf(folder, entry);
      const original = await readFreshStamp(files, place);
      // Without a stamp (a folder that cannot be written) nothing could be put beside it either.
      if (original === undefined) {
        throw give({ kind: "disk-failed", reason: `nothing can be written to ${dirname(target.path)}` });
      }
      try {
        const made = await rewriteGguf({
          files,
          source: place.path,
          sourceSha256: original.sha256,
          target: target.part,
          signal,
          onProgress: (done, of) => onProgress({ receivedBytes: done, totalBytes: of, phase: "converting" }),
        });
        const expected = entry.rewrite?.sha256;
        if (expected !== undefined && made.sha256 !== expected) {
          throw give({ kind: "wrong-hash", expected, actual: made.sha256 });
        }
        const weightType = await readBack(entry, target.part, signal);
        await files.rename(target.part, target.path);
        await verifier.stamp(target, {
          sha256: made.sha256,
          source: sourceOf(original.sha256),
          weightType,
        });
      } finally {
        await files.remove(target.part);
      }
      if (!place.isForeign) await removeOriginal(place);
      return target.path;
    },
    async giveUp(place, reason) {
      const stamp = await readFreshStamp(files, place);
      if (stamp === undefined) return;
      await verifier.stamp(place, { ...stamp, notRewritten: { version: REWRITER_VERSION, reason } });
    },
    async verify(entry, options) {
      const target = rewrittenPlaceOf(folder, entry);
      await verifier.verify(asRewritten(entry), target, options);
      return target.path;
    },
    async remove(entry) {
      const target = rewrittenPlaceOf(folder, entry);
      const wasThere = await files.stat(target.path);
      for (const path of [target.path, target.stamp, target.part]) await files.remove(path);
      return wasThere !== undefined;
    },
  };

  /** What was just written is right; when it does not read so, the disk is to blame, and the next try may succeed. */
  async function readBack(entry: CatalogueEntry, path: string, signal: AbortSignal): Promise<string> {
    try {
      return (await verifier.inspect(entry, path, signal)).weightType;
    } catch (error) {
      const failure = failureOf(error, folder);
      throw failure?.kind === "invalid-file" ? give({ kind: "disk-failed", reason: failure.reason }) : error;
    }
  }

  async function isWhole(entry: CatalogueEntry, target: Place): Promise<boolean> {
    const quietly = { signal: new AbortController().signal, onProgress: () => undefined };
    try {
      await verifier.verify(asRewritten(entry), target, quietly);
      return true;
    } catch (error) {
      if (failureOf(error, folder) === undefined) throw error;
      return false;
    }
  }

  async function weightTypeOf(entry: CatalogueEntry, place: Place): Promise<string> {
    return (await verifier.inspect(entry, place.path, new AbortController().signal)).weightType;
  }

  /** Another process may have it open, which some systems take for a reason to keep it: then it stays until it is removed by hand. */
  async function removeOriginal(place: Place): Promise<void> {
    try {
      await files.remove(place.path);
      await files.remove(place.stamp);
    } catch (error) {
      if (!(error instanceof HearthError)) throw error;
    }
  }
}

function sourceOf(originalSha256: string): string {
  return `rewritten by version ${REWRITER_VERSION} from ${originalSha256}`;
}

function asRewritten(entry: CatalogueEntry): CatalogueEntry {
  return { ...entry, sha256: entry.rewrite?.sha256, bytes: entry.rewrite?.bytes };
}
