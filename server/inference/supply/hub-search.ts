// Finds the file of one quantisation in a repository of the model hub: publishers name their files as they like.
import type { Clock, DownloadResponse, Downloads } from "../../platform/index.ts";
import { describeError, isCancelled } from "../../kernel/index.ts";
import { RedirectProblem, createWatchdog, sendFollowing } from "./http-request.ts";
import { hubBase } from "./model-uri.ts";
import type { HubFile, HubSearch } from "./model-uri.ts";
import { SupplyError, give } from "./supply-error.ts";

/** The longest listings seen are some hundred files of about 300 bytes each. */
const MAX_LISTING_BYTES = 8 * 1024 * 1024;
const STALL_MS = 30_000;

/** Throws a `SupplyError` when the hub does not answer or has no such file, or the cancelled error. */
export async function findHubFile(
  deps: { readonly downloads: Downloads; readonly clock: Clock },
  search: HubSearch,
  hub: {
    readonly endpoint: string | undefined;
    readonly token: string | undefined;
    readonly networkHint: string;
    readonly signal: AbortSignal;
  },
): Promise<HubFile> {
  const base = hubBase(hub.endpoint);
  if (!base.ok) throw give({ kind: "unreachable", reason: `${base.failure}.` });
  const { repository, revision, quantisation } = search;
  const url = `${base.value}/api/models/${repository}/tree/${encodeURIComponent(revision)}?recursive=true`;
  const paths = readPaths(await ask(url));
  const file = chooseFile(paths, quantisation);
  if (file !== undefined) return { kind: "hub", repository, file, revision };
  const models = paths.filter((path) => /\.gguf$/i.test(path));
  const there = models.length === 0 ? "it holds no GGUF file" : `it holds ${models.slice(0, 8).join(", ")}`;
  throw give({
    kind: "unreachable",
    reason: `${repository} has no single file of the type ${quantisation}: ${there}.`,
  });

  async function ask(address: string): Promise<string> {
    const watchdog = createWatchdog(deps.clock, hub.signal, STALL_MS);
    try {
      const request = { method: "GET", url: address, headers: {}, token: hub.token } as const;
      const { response, host } = await sendFollowing(deps.downloads, { ...request, signal: watchdog.signal });
      try {
        if (response.status === 200) return await readText(response, () => watchdog.feed());
        const isLocked = response.status === 401 || response.status === 403;
        const why = isLocked ? "it may not exist, or need a token: set HF_TOKEN" : "no such repository";
        const reason = `${host} answered ${response.status} for ${repository} (${why}).`;
        throw give({ kind: "unreachable", reason });
      } finally {
        response.discard();
      }
    } catch (error) {
      const cause = watchdog.explain(error);
      if (cause instanceof SupplyError || isCancelled(cause)) throw cause;
      const said = cause instanceof RedirectProblem ? cause.message : describeError(cause);
      const reason = `${new URL(address).host} could not be asked for ${repository}: ${said}.${hub.networkHint}`;
      throw give({ kind: "unreachable", reason });
    } finally {
      watchdog.dispose();
    }
  }
}

async function readText(response: DownloadResponse, feed: () => void): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body) {
    feed();
    bytes += piece.length;
    if (bytes > MAX_LISTING_BYTES) throw new Error("its listing is too long");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** The hub's listing: `[{ "type": "file", "path": … }, …]`. What is not of that form is skipped. */
function readPaths(text: string): readonly string[] {
  let rows: unknown;
  try {
    rows = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    if (typeof row !== "object" || row === null || !("path" in row) || typeof row.path !== "string")
      return [];
    return "type" in row && row.type === "file" ? [row.path] : [];
  });
}

/** A whole model whose name holds the type as a piece of its own; the shortest path, since others are variants of it. */
export function chooseFile(paths: readonly string[], quantisation: string): string | undefined {
  const piece = new RegExp(`(^|[-._/])${quantisation.replace(/[^A-Za-z0-9_]/g, "")}([-._/]|$)`, "i");
  const fitting = paths.filter((path) => {
    const isPart = /-\d{5}-of-\d{5}\.gguf$/i.test(path);
    const isOther = /(^|\/)(mmproj|imatrix)/i.test(path) || path.includes("..") || path.startsWith("/");
    return /\.gguf$/i.test(path) && !isPart && !isOther && piece.test(path.replace(/\.gguf$/i, ""));
  });
  return [...fitting].sort((left, right) => left.length - right.length || (left < right ? -1 : 1))[0];
}
