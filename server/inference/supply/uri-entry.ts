// Makes a catalogue entry of what a user names directly: a model uri, or the path of a file.
import { createHash } from "node:crypto";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { CatalogueEntry } from "../model-source.ts";
import type { Catalogue } from "./catalogue.ts";
import { parseModelUri } from "./model-uri.ts";
import type { ModelLocation } from "./model-uri.ts";
import { ANY_ARCHITECTURE } from "./verified-file.ts";

/** Nothing is known about such a model: its own header decides, and the gate is a guess. */
export function entryFromText(
  text: string,
  formatsByName: Catalogue["formatsByName"],
): CatalogueEntry | undefined {
  const uri = isAbsolute(text) ? pathToFileURL(text).href : text;
  const location = parseModelUri(uri);
  if (!location.ok) return undefined;
  const file = fileNameOf(location.value);
  const identity = createHash("sha256").update(uri).digest("hex").slice(0, 8);
  const stem = file.replace(/\.gguf$/i, "").toLowerCase();
  const slug = stem.replace(/[^a-z0-9.]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  return {
    id: `${slug.slice(0, 48) || "model"}-${identity}`,
    name: file,
    licence: "unknown",
    licenceUrl: undefined,
    needsConsent: false,
    parameters: 0,
    architecture: ANY_ARCHITECTURE,
    quantisation: "unknown",
    // A format whose tokens the model does not have is used as the plain prefix.
    promptFormat: formatsByName.find(([piece]) => stem.includes(piece))?.[1] ?? "prefix-only",
    sources: [[{ uri, transferBytes: undefined }]],
    bytes: undefined,
    sha256: undefined,
    contextTokens: 4096,
    confidenceGate: 0.8,
    minimumMemoryBytes: 0,
  };
}

function fileNameOf(location: ModelLocation): string {
  const path =
    location.kind === "pypi"
      ? location.entry
      : location.kind === "package"
        ? location.path
        : location.kind === "hub"
          ? location.file
          : location.kind === "hub-search"
            ? `${location.repository}.${location.quantisation}`
            : decodeURIComponent(new URL(location.url).pathname);
  return path.split("/").at(-1) ?? path;
}
