// Model uris as data: what each form names, and nothing that could be taken for an option or a path outside.
import { fail, succeed } from "../../kernel/index.ts";
import type { Result } from "../../kernel/index.ts";

export interface HubFile {
  readonly kind: "hub";
  readonly repository: string;
  readonly file: string;
  readonly revision: string;
}

/** A file whose name is not known: the repository is asked for the one of this type. */
export interface HubSearch {
  readonly kind: "hub-search";
  readonly repository: string;
  readonly quantisation: string;
  readonly revision: string;
}

export type ModelLocation =
  | { readonly kind: "pypi"; readonly package: string; readonly version: string; readonly entry: string }
  | HubFile
  | HubSearch
  | { readonly kind: "web"; readonly url: string }
  | { readonly kind: "disk"; readonly url: string }
  /** A file that came with hearth, below the folder of the catalogue. */
  | { readonly kind: "package"; readonly path: string };

const PYPI = /^pypi:([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)==([A-Za-z0-9][A-Za-z0-9.!+_-]*)#(.+)$/;
const HUB = /^hf:([A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)\/([^@]+)(?:@([\w./-]+))?$/;
const HUB_SEARCH = /^hf:([A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*):([A-Za-z0-9][A-Za-z0-9_]*)(?:@([\w./-]+))?$/;

/** The failure is one sentence that names the uri. */
export function parseModelUri(uri: string): Result<ModelLocation, string> {
  const pypi = PYPI.exec(uri);
  if (pypi !== null) {
    const [, name = "", version = "", entry = ""] = pypi;
    return isInside(entry)
      ? succeed({ kind: "pypi", package: name, version, entry })
      : fail(`"${uri}" names a path outside of the wheel`);
  }
  const hub = HUB.exec(uri);
  if (hub !== null) {
    const [, repository = "", file = "", revision = "main"] = hub;
    return isInside(file) && isInside(revision) && !repository.includes("..")
      ? succeed({ kind: "hub", repository, file, revision })
      : fail(`"${uri}" names a path outside of the repository`);
  }
  const search = HUB_SEARCH.exec(uri);
  if (search !== null) {
    const [, repository = "", quantisation = "", revision = "main"] = search;
    return isInside(revision) && !repository.includes("..")
      ? succeed({ kind: "hub-search", repository, quantisation, revision })
      : fail(`"${uri}" names a path outside of the repository`);
  }
  if (uri.startsWith("package:")) {
    const path = uri.slice("package:".length);
    return isInside(path)
      ? succeed({ kind: "package", path })
      : fail(`"${uri}" names a path outside of hearth's own models`);
  }
  if (uri.startsWith("https:") || uri.startsWith("http:") || uri.startsWith("file:")) return parseUrl(uri);
  return fail(
    `"${uri}" is no model uri: write pypi:package==version#path, hf:owner/repository/file[@revision], hf:owner/repository:TYPE, https://…, file:///… or package:path`,
  );
}

function parseUrl(uri: string): Result<ModelLocation, string> {
  if (!URL.canParse(uri)) return fail(`"${uri}" is no valid address`);
  const url = new URL(uri);
  if (url.protocol === "file:") return succeed({ kind: "disk", url: url.href });
  if (url.protocol === "https:" || isLoopback(url)) return succeed({ kind: "web", url: url.href });
  return fail(`"${uri}" is not encrypted: models are fetched over https only`);
}

/** Plain http is accepted from this machine itself: a local mirror or server. */
export function isLoopback(url: URL): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
}

function isInside(path: string): boolean {
  if (path.includes("\\") || path.includes("\0") || path.startsWith("/")) return false;
  return path.split("/").every((piece) => piece !== "" && piece !== "." && piece !== "..");
}

/** The hub's own address; `HF_ENDPOINT` moves it. */
const HUB_ENDPOINT = "https://huggingface.co";

/** The hub, or the mirror that `endpoint` names. */
export function hubBase(endpoint: string | undefined): Result<string, string> {
  const base = endpoint === undefined || endpoint === "" ? HUB_ENDPOINT : endpoint.replace(/\/+$/, "");
  if (!URL.canParse(base)) return fail(`the hub's address "${base}" is not valid: correct HF_ENDPOINT`);
  const parsed = new URL(base);
  return parsed.protocol === "https:" || isLoopback(parsed)
    ? succeed(base)
    : fail(`the hub's address "${base}" is not encrypted: correct HF_ENDPOINT`);
}

/** The address of a file on the hub. */
export function hubUrl(location: HubFile, endpoint: string | undefined): Result<string, string> {
  const base = hubBase(endpoint);
  if (!base.ok) return base;
  const file = location.file.split("/").map(encodeURIComponent).join("/");
  return succeed(
    `${base.value}/${location.repository}/resolve/${encodeURIComponent(location.revision)}/${file}`,
  );
}
