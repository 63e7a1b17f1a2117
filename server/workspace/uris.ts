// URIs as clients spell them: one key per document, the file path where there is one, and what people and the model see.

export interface UriParts {
  readonly scheme: string;
  readonly authority: string;
  /** Percent-decoded, begins with a slash for `file:`; empty for a URI without one. */
  readonly path: string;
  /** Query and fragment as written: parts of the identity of virtual documents. */
  readonly rest: string;
}

/** Never throws: a text that is no URI at all becomes a path without a scheme. */
function parseUri(uri: string): UriParts {
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(.*)$/s.exec(uri);
  return {
    scheme: (match?.[1] ?? "").toLowerCase(),
    authority: decode(match?.[2] ?? "").toLowerCase(),
    path: lowerDrive(decode(match?.[3] ?? uri)),
    rest: match?.[4] ?? "",
  };
}

/** Equal for all spellings of one document: percent-encoding and the case of a drive letter make no difference. */
export function uriKey(uri: string): string {
  const { scheme, authority, path, rest } = parseUri(uri);
  return JSON.stringify([scheme, authority, path, decode(rest)]);
}

/** The path of a `file:` URI with forward slashes (`c:/project/a`, `//server/share/a`), undefined for all others. */
export function filePathOf(uri: string): string | undefined {
  const { scheme, authority, path } = parseUri(uri);
  if (scheme !== "file" || path === "") return undefined;
  if (authority !== "" && authority !== "localhost") return `//${authority}${path}`;
  return hasDrive(path) ? path.slice(1) : path;
}

export interface Folder {
  readonly uri: string;
  readonly name: string;
}

/**
 * Relative to the innermost folder that holds the document; with several folders the folder's name comes first, so that
 * equal paths stay apart. Without a folder the last part of the URI: no path of the user's machine is shown.
 */
export function displayPathOf(uri: string, folders: readonly Folder[]): string {
  const document = parseUri(uri);
  const holders = folders
    .map((folder) => ({ name: folder.name, relative: relativeTo(parseUri(folder.uri), document) }))
    .filter((holder): holder is { name: string; relative: string } => holder.relative !== undefined)
    .sort((a, b) => a.relative.length - b.relative.length);
  const innermost = holders[0];
  if (innermost === undefined) return lastPart(document.path) ?? uri;
  return folders.length > 1 && innermost.name !== ""
    ? `${innermost.name}/${innermost.relative}`
    : innermost.relative;
}

function relativeTo(folder: UriParts, document: UriParts): string | undefined {
  if (folder.scheme !== document.scheme || folder.authority !== document.authority) return undefined;
  const base = folder.path.replace(/\/+$/, "");
  if (!document.path.startsWith(`${base}/`)) return undefined;
  const relative = document.path.slice(base.length + 1);
  return relative === "" ? undefined : relative;
}

function lastPart(path: string): string | undefined {
  return path
    .split("/")
    .filter((part) => part !== "")
    .at(-1);
}

/** Sequences that are no valid UTF-8 stay as they are written. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (sequence) => {
    try {
      return decodeURIComponent(sequence);
    } catch {
      return sequence.toUpperCase();
    }
  });
}

function hasDrive(path: string): boolean {
  return /^\/[A-Za-z]:(?:\/|$)/.test(path);
}

function lowerDrive(path: string): string {
  return hasDrive(path) ? `/${path.charAt(1).toLowerCase()}${path.slice(2)}` : path;
}
