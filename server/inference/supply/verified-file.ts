// Decides whether a finished file may be given to native code: hash, then a look at its header; the result is stamped beside it.
import { dirname } from "node:path";
import { HearthError } from "../../kernel/index.ts";
import type { Clock, Files } from "../../platform/index.ts";
import type { CatalogueEntry, SupplyOptions } from "../model-source.ts";
import { inspectGguf } from "./gguf.ts";
import type { GgufSummary } from "./gguf.ts";
import { hashFile, readFreshStamp, readStamp } from "./store.ts";
import type { Place, Stamp } from "./store.ts";
import { give } from "./supply-error.ts";

export interface FileVerifier {
  /** Cheap: true when a stamp vouches for the file that is there. */
  isStamped(entry: CatalogueEntry, place: Place): Promise<boolean>;
  /** Reads the file; throws a `SupplyError` when it is not the one, or not usable. A good file is stamped. */
  verify(entry: CatalogueEntry, place: Place, options: SupplyOptions): Promise<void>;
  /** Throws when the file at `path` is no usable model of the entry's architecture. */
  inspect(entry: CatalogueEntry, path: string, signal: AbortSignal): Promise<GgufSummary>;
  stamp(place: Place, known: Omit<Stamp, "bytes" | "modifiedMs" | "verifiedAt">): Promise<void>;
}

/** `architecture` of an entry that was made from a uri: whatever the file says. */
export const ANY_ARCHITECTURE = "any";

export function createFileVerifier(deps: { readonly files: Files; readonly clock: Clock }): FileVerifier {
  const { files, clock } = deps;

  async function inspect(entry: CatalogueEntry, path: string, signal: AbortSignal): Promise<GgufSummary> {
    const summary = await inspectGguf(files, path, signal);
    if (!summary.ok) throw give({ kind: "invalid-file", reason: summary.failure });
    const { architecture } = summary.value;
    if (entry.architecture !== ANY_ARCHITECTURE && architecture !== entry.architecture) {
      throw give({
        kind: "invalid-file",
        reason: `${path} holds a model of the architecture ${architecture}; ${entry.architecture} was expected.`,
      });
    }
    return summary.value;
  }

  async function stamp(
    place: Place,
    known: Omit<Stamp, "bytes" | "modifiedMs" | "verifiedAt">,
  ): Promise<void> {
    const found = await files.stat(place.path);
    if (found === undefined) return;
    const { bytes, modifiedMs } = found;
    const value: Stamp = { ...known, bytes, modifiedMs, verifiedAt: clock.wallTime().toISOString() };
    try {
      await files.makeFolder(dirname(place.stamp));
      await files.writeText(place.stamp, `${JSON.stringify(value, null, 2)}\n`);
    } catch (error) {
      // A read-only or full disk: the file is good all the same, it is only verified again next time.
      if (!(error instanceof HearthError)) throw error;
    }
  }

  return {
    inspect,
    stamp,
    async isStamped(entry, place) {
      const fresh = await readFreshStamp(files, place);
      return fresh !== undefined && (entry.sha256 === undefined || fresh.sha256 === entry.sha256);
    },
    async verify(entry, place, { signal, onProgress }) {
      const found = await files.stat(place.path);
      if (found === undefined || found.isFolder) {
        throw give({ kind: "invalid-file", reason: `There is no file ${place.path}.` });
      }
      const known = await readStamp(files, place.stamp);
      // What was brought once without a pinned hash has to stay what it was; a user's own file may change.
      const expected = entry.sha256 ?? (place.isForeign ? undefined : known?.sha256);
      const { hash } = await hashFile(files, place.path, {
        signal,
        onProgress: (done) =>
          onProgress({ receivedBytes: done, totalBytes: found.bytes, phase: "verifying" }),
      });
      const actual = hash.digest("hex");
      let weightType: string;
      try {
        if (expected !== undefined && actual !== expected)
          throw give({ kind: "wrong-hash", expected, actual });
        ({ weightType } = await inspect(entry, place.path, signal));
      } catch (error) {
        // The stamp must not vouch for it any longer, unless it holds the hash that the file had.
        if (known !== undefined && known.bytes === found.bytes && known.modifiedMs === found.modifiedMs) {
          await files.remove(place.stamp);
        }
        throw error;
      }
      await stamp(place, { sha256: actual, source: known?.source ?? "found", weightType });
    },
  };
}
