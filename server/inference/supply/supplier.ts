// The supplier: finds a verified model file or fetches one, source by source, one process at a time.
import { dirname, join } from "node:path";
import { fail, succeed } from "../../kernel/index.ts";
import type { Result } from "../../kernel/index.ts";
import type { Clock, Downloads, Files, Processes } from "../../platform/index.ts";
import type {
  CatalogueEntry,
  DefaultChoice,
  LocatedModel,
  ModelFile,
  ModelSupplier,
  SupplyFailure,
  SupplyOptions,
} from "../model-source.ts";
import { assemble } from "./assemble.ts";
import { readCatalogue } from "./catalogue.ts";
import { chooseDefault } from "./default-choice.ts";
import { explainFailure } from "./explain.ts";
import { createFetchLock } from "./fetch-lock.ts";
import type { HeldLock } from "./fetch-lock.ts";
import { createHubProbe } from "./hub-probe.ts";
import { parseModelUri } from "./model-uri.ts";
import { networkHint } from "./network-hint.ts";
import { createPip } from "./pip.ts";
import { throttleProgress } from "./progress.ts";
import { createRewriting } from "./rewriting.ts";
import { placeOf, rewrittenPlaceOf } from "./store.ts";
import type { Place } from "./store.ts";
import { failureOf, give } from "./supply-error.ts";
import { entryFromText } from "./uri-entry.ts";
import { createFileVerifier } from "./verified-file.ts";

export interface SupplySettings {
  /** Nothing is fetched, not even asked for. */
  readonly isOffline: boolean;
  /** Base address of the model hub; undefined is the hub's own. */
  readonly hubEndpoint: string | undefined;
  /** Sent to the hub only; never logged, never in a message. */
  readonly hubToken: string | undefined;
  /** False leaves files as they were fetched; undefined is true. */
  readonly rewritesSlowFiles?: boolean;
}

export interface SupplierDeps {
  readonly files: Files;
  readonly processes: Processes;
  readonly downloads: Downloads;
  readonly clock: Clock;
  /** For the jitter of retries; `Math.random` unless a test says otherwise. */
  readonly random?: () => number;
  /** Where models lie; made when needed. */
  readonly folder: string;
  /** models/catalog.json of the installed package. */
  readonly catalogueFile: string;
  /** Asked at each use, since settings change while the daemon runs. */
  readonly settings: () => SupplySettings;
}

export async function createModelSupplier(deps: SupplierDeps): Promise<ModelSupplier> {
  const { files, clock, folder } = deps;
  const { entries, defaults, formatsByName, problems } = await readCatalogue(files, deps.catalogueFile);
  const lock = createFetchLock(deps);
  const pip = createPip(deps);
  const verifier = createFileVerifier(deps);
  const hub = createHubProbe(deps);
  const rewriting = createRewriting({ files, folder, verifier });

  return {
    catalogue: entries,
    catalogueProblems: problems,
    resolve: (text) => entries.find((entry) => entry.id === text) ?? entryFromText(text, formatsByName),
    pathOf: (entry) =>
      entry.rewrite !== undefined && isRewriting()
        ? rewrittenPlaceOf(folder, entry).path
        : placeOf(folder, entry).path,
    explain: explainFailure,
    locate,
    async find(entry) {
      const located = await locate(entry);
      return located?.isReady === true ? located.path : undefined;
    },
    fetch: (entry, options) => asResult(() => provide(entry, throttled(options))),
    verify: (entry, options) =>
      asResult(async () => {
        const place = placeOf(folder, entry);
        const isRewritten = (await files.stat(rewrittenPlaceOf(folder, entry).path)) !== undefined;
        if (isRewritten) return rewriting.verify(entry, throttled(options));
        await verifier.verify(entry, place, throttled(options));
        return place.path;
      }),
    async remove(entry) {
      const place = placeOf(folder, entry);
      const wasRewritten = await rewriting.remove(entry);
      if (place.isForeign) return wasRewritten;
      const isThere = (await files.stat(place.path)) ?? (await files.stat(place.part));
      for (const path of [place.path, place.stamp, place.part, place.partNotes, place.scratch]) {
        await files.remove(path);
      }
      return isThere !== undefined || wasRewritten;
    },
    async chooseDefault(machine, signal) {
      const { isOffline } = deps.settings();
      const located = await Promise.all(entries.map((entry) => locate(entry)));
      const presentIds = entries.filter((_, index) => located[index] !== undefined).map((entry) => entry.id);
      const choose = (isHubReachable: boolean): DefaultChoice | undefined =>
        chooseDefault(entries, defaults, { ...machine, isHubReachable, isOffline, presentIds });
      const best = choose(true);
      // What is best for this machine is here: nobody has to be asked.
      if (best !== undefined && presentIds.includes(best.entry.id)) return best;
      return choose(await hub.isReachable(signal));
    },
    async consent(entry) {
      await files.makeFolder(folder);
      await files.writeText(consentPath(entry), `${entry.licence}\n`);
    },
  };

  async function locate(entry: CatalogueEntry): Promise<LocatedModel | undefined> {
    const located = await asResult(async (): Promise<LocatedModel | undefined> => {
      const place = placeOf(folder, entry);
      const rewritten = await rewriting.find(entry, place);
      const ready = rewritten === undefined ? undefined : { path: rewritten, isReady: true };
      if (ready !== undefined && isRewriting()) return ready;
      // Switched off, and the original is gone: the rewritten file is as good.
      if (!(await isVerified(entry, place, quietly()))) return ready;
      return { path: place.path, isReady: !(isRewriting() && (await rewriting.isWanted(entry, place))) };
    });
    return located.ok ? located.value : undefined;
  }

  function isRewriting(): boolean {
    return deps.settings().rewritesSlowFiles !== false;
  }

  async function provide(entry: CatalogueEntry, options: SupplyOptions): Promise<string> {
    const place = placeOf(folder, entry);
    const rewritten = await rewriting.find(entry, place);
    if (rewritten !== undefined && (isRewriting() || !(await isVerified(entry, place, options)))) {
      return rewritten;
    }
    const path = await fetchEntry(entry, options);
    if (path !== place.path || !isRewriting()) return path;
    return (await rewriting.isWanted(entry, place)) ? rewriteOnce(entry, place, options) : path;
  }

  async function rewriteOnce(entry: CatalogueEntry, place: Place, options: SupplyOptions): Promise<string> {
    const result = await asResult(async () => {
      await files.makeFolder(folder);
      const held = await takeLock(entry, place, options);
      try {
        // The process that held the lock before may have done it.
        return (await rewriting.find(entry, place)) ?? (await rewriting.rewrite(entry, place, options));
      } finally {
        await held.release();
      }
    });
    if (result.ok) return result.value;
    const { failure } = result;
    if (failure.kind === "cancelled") throw give(failure);
    // It may have failed when all was done, at the lock.
    const made = await rewriting.find(entry, place);
    if (made !== undefined) return made;
    const reason = explainFailure(failure);
    if (failure.kind === "wrong-hash" || failure.kind === "invalid-file") {
      await rewriting.giveUp(place, reason);
    }
    options.onNotice?.(
      `${entry.name} could not be rewritten in a faster type and is used as it is, more slowly: ${reason}`,
    );
    return place.path;
  }

  async function takeLock(entry: CatalogueEntry, place: Place, options: SupplyOptions): Promise<HeldLock> {
    let held = await lock.tryTake(place.lock);
    while (held === undefined) {
      const part = await files.stat(place.part);
      options.onProgress({ receivedBytes: part?.bytes ?? 0, totalBytes: entry.bytes, phase: "waiting" });
      await lock.pause(options.signal);
      held = await lock.tryTake(place.lock);
    }
    return held;
  }

  function throttled(options: SupplyOptions): SupplyOptions {
    return { ...options, onProgress: throttleProgress(clock, options.onProgress) };
  }

  function consentPath(entry: CatalogueEntry): string {
    return join(folder, `${entry.id}.consent`);
  }

  /** A file without a stamp was put there by hand, or changed: it is read once. */
  async function isVerified(entry: CatalogueEntry, place: Place, options: SupplyOptions): Promise<boolean> {
    if (await verifier.isStamped(entry, place)) return true;
    if ((await files.stat(place.path)) === undefined) return false;
    try {
      await verifier.verify(entry, place, options);
      return true;
    } catch (error) {
      const failure = failureOf(error, folder);
      if (failure?.kind === "wrong-hash" || failure?.kind === "invalid-file") return false;
      throw error;
    }
  }

  async function fetchEntry(entry: CatalogueEntry, options: SupplyOptions): Promise<string> {
    const place = placeOf(folder, entry);
    if (place.isForeign) {
      // Not fetched but looked at: the reason has to come out when it is not good.
      if (!(await verifier.isStamped(entry, place))) await verifier.verify(entry, place, options);
      return place.path;
    }
    if (await isVerified(entry, place, options)) return place.path;
    const sources = await allowedSources(entry, place);
    await files.makeFolder(folder);
    const held = await takeLock(entry, place, options);
    try {
      // The process that held the lock before may have brought it, and rewritten it.
      const rewritten = await rewriting.find(entry, place);
      if (rewritten !== undefined) return rewritten;
      if (await isVerified(entry, place, options)) return place.path;
      return await fetchFromSources(entry, sources, place, held, options);
    } finally {
      await held.release();
    }
  }

  async function allowedSources(
    entry: CatalogueEntry,
    place: Place,
  ): Promise<readonly (readonly ModelFile[])[]> {
    const sources = deps.settings().isOffline ? entry.sources.filter(isOnDisk) : entry.sources;
    if (sources.length === 0) throw give({ kind: "offline", reason: offlineReason(entry, place) });
    if (entry.needsConsent && (await files.stat(consentPath(entry))) === undefined) {
      const where = entry.licenceUrl === undefined ? "" : ` at ${entry.licenceUrl}`;
      const remedy = `read them${where}, then agree with \`hearth models pull ${entry.id} --accept-licence\`.`;
      throw give({ kind: "consent-needed", licence: entry.licence, remedy });
    }
    return sources;
  }

  async function fetchFromSources(
    entry: CatalogueEntry,
    sources: readonly (readonly ModelFile[])[],
    place: Place,
    held: HeldLock,
    options: SupplyOptions,
  ): Promise<string> {
    let last: SupplyFailure = { kind: "unreachable", reason: `${entry.name} has no source.` };
    for (const parts of sources) {
      const result = await asResult(() => fetchFromSource(entry, parts, place, held, options));
      if (result.ok) return result.value;
      last = result.failure;
      // Another source would meet the same disk, and the same wish to stop.
      if (last.kind === "cancelled" || last.kind === "no-space" || last.kind === "disk-failed") break;
    }
    throw give(last);
  }

  async function fetchFromSource(
    entry: CatalogueEntry,
    parts: readonly ModelFile[],
    place: Place,
    held: HeldLock,
    options: SupplyOptions,
  ): Promise<string> {
    const { hubEndpoint, hubToken } = deps.settings();
    const random = deps.random ?? Math.random;
    const hint = networkHint(deps.processes.environment);
    const packageFolder = dirname(deps.catalogueFile);
    const assembling = { ...deps, pip, random, packageFolder, hubEndpoint, hubToken, networkHint: hint };
    const request = { entry, parts, place, ...options };
    let assembled = await assemble(assembling, request);
    const isWrong = (): boolean => {
      const expected = entry.sha256 ?? assembled.declaredSha256;
      return expected !== undefined && assembled.sha256 !== expected;
    };
    if (isWrong() && assembled.isResumed) {
      // Bytes of an earlier try may be wrong: once from the start.
      await dropPart(place);
      assembled = await assemble(assembling, request);
    }
    if (isWrong()) {
      await dropPart(place);
      const expected = entry.sha256 ?? assembled.declaredSha256 ?? "";
      throw give({ kind: "wrong-hash", expected, actual: assembled.sha256 });
    }
    let weightType: string;
    try {
      ({ weightType } = await verifier.inspect(entry, place.part, options.signal));
    } catch (error) {
      if (failureOf(error, folder)?.kind === "invalid-file") await dropPart(place);
      throw error;
    }
    if (!(await held.isOurs())) {
      throw give({
        kind: "disk-failed",
        reason: "another process took this fetch over while this one slept",
      });
    }
    await files.rename(place.part, place.path);
    const source = parts.map((part) => part.uri).join(" ");
    await verifier.stamp(place, { sha256: assembled.sha256, source, weightType });
    await files.remove(place.partNotes);
    return place.path;
  }

  async function asResult<Value>(work: () => Promise<Value>): Promise<Result<Value, SupplyFailure>> {
    try {
      return succeed(await work());
    } catch (error) {
      const failure = failureOf(error, folder);
      if (failure === undefined) throw error;
      return fail(failure);
    }
  }

  async function dropPart(place: Place): Promise<void> {
    await files.remove(place.part);
    await files.remove(place.partNotes);
  }
}

function quietly(): SupplyOptions {
  return { signal: new AbortController().signal, onProgress: () => undefined };
}

function isOnDisk(parts: readonly ModelFile[]): boolean {
  return parts.every((part) => {
    const location = parseModelUri(part.uri);
    return location.ok && (location.value.kind === "disk" || location.value.kind === "package");
  });
}

/** True when the model came with hearth: it can be had at any time, without a network. */
export function isBundled({ sources }: Pick<CatalogueEntry, "sources">): boolean {
  return sources.some((parts) => parts.every(({ uri }) => uri.startsWith("package:")));
}

function offlineReason(entry: CatalogueEntry, place: Place): string {
  const size = entry.bytes === undefined ? "" : `, ${entry.bytes} bytes`;
  const hash = entry.sha256 === undefined ? "" : `, SHA-256 ${entry.sha256}`;
  return `The model ${entry.name} is not at ${place.path}${size}${hash}, and the offline setting forbids fetching it.`;
}
