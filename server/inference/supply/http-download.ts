// Downloads one file over HTTP into the part file: resumes, retries with growing pauses, notices a file that was replaced.
import { isCancelled } from "../../kernel/index.ts";
import type { Clock, DownloadResponse, Downloads } from "../../platform/index.ts";
import { HearthError, describeError } from "../../kernel/index.ts";
import { readRetryAfter } from "../retry-after.ts";
import { RedirectProblem, createWatchdog, sendFollowing } from "./http-request.ts";
import type { Answer, HubDeclaration } from "./http-request.ts";
import type { PartFile } from "./part-file.ts";
import { pause } from "./pause.ts";
import { SupplyError, give } from "./supply-error.ts";

interface DownloadTask {
  readonly url: string;
  readonly token: string | undefined;
  readonly part: PartFile;
  /** Where in the part file this download begins. */
  readonly baseBytes: number;
  /** What a try before this one was told: a strong ETag or a date. Bytes that are there without it are used only with `expectedSha256`. */
  readonly validator: string | undefined;
  /** Of the file behind `url`, where the catalogue pins it. */
  readonly expectedBytes: number | undefined;
  readonly expectedSha256: string | undefined;
  /** Appended to a message when nothing answers, for example about a proxy. */
  readonly networkHint: string;
  readonly signal: AbortSignal;
  /** Called before the first byte, and again when the server has another file than before. */
  readonly onFile: (file: {
    readonly validator: string | undefined;
    readonly bytes: number | undefined;
  }) => Promise<void>;
  readonly onBytes: (bytes: number, ofBytes: number | undefined) => void;
}

/** Tries without a single new byte before giving up; each try that brings something starts the count anew. */
const MAX_FRUITLESS_TRIES = 6;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;
const MAX_ASKED_PAUSE_MS = 60_000;
const STALL_MS = 30_000;

type Step =
  | { readonly kind: "done"; readonly declared: HubDeclaration }
  | { readonly kind: "again"; readonly reason: string; readonly afterMs?: number | undefined };

/** Returns what the hub declared about the file; throws a `SupplyError`, or the cancelled error at once. */
export async function download(
  deps: { readonly downloads: Downloads; readonly clock: Clock; readonly random: () => number },
  task: DownloadTask,
): Promise<HubDeclaration> {
  const { clock } = deps;
  const { part, baseBytes, signal } = task;
  const host = new URL(task.url).host;
  let validator = task.validator;
  let fruitless = 0;
  for (;;) {
    const before = part.bytes();
    const step = await tryOnce();
    if (step.kind === "done") return step.declared;
    fruitless = part.bytes() > before ? 0 : fruitless + 1;
    if (fruitless >= MAX_FRUITLESS_TRIES) {
      throw give({
        kind: "unreachable",
        reason: `${host} could not be read: ${step.reason}.${task.networkHint}`,
      });
    }
    // Growing pauses with jitter (full-range factor 0.5 to 1.5), so that many clients do not come back at once.
    const grown = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** fruitless) * (0.5 + deps.random());
    await pause(clock, step.afterMs ?? grown, signal);
  }

  async function tryOnce(): Promise<Step> {
    const watchdog = createWatchdog(clock, signal, STALL_MS);
    try {
      return await transfer(watchdog.signal, () => watchdog.feed());
    } catch (error) {
      const cause = watchdog.explain(error);
      if (cause instanceof SupplyError || isCancelled(cause)) throw cause;
      if (cause instanceof RedirectProblem) throw give({ kind: "unreachable", reason: `${cause.message}.` });
      // The disk's own errors are not the network's.
      if (cause instanceof HearthError) throw cause;
      return { kind: "again", reason: withoutAddress(describeError(cause)) };
    } finally {
      watchdog.dispose();
    }
  }

  async function transfer(trySignal: AbortSignal, feed: () => void): Promise<Step> {
    // Without a validator only a pinned hash can tell whether old and new bytes are of one file.
    if (validator === undefined && task.expectedSha256 === undefined) await part.cutTo(baseBytes);
    const offset = part.bytes() - baseBytes;
    const headers: Record<string, string> = {};
    if (offset > 0) {
      headers["range"] = `bytes=${offset}-`;
      if (validator !== undefined) headers["if-range"] = validator;
    }
    const request = { method: "GET", url: task.url, headers, token: task.token, signal: trySignal } as const;
    const answer = await sendFollowing(deps.downloads, request);
    feed();
    try {
      return await receive(answer, offset, feed);
    } finally {
      answer.response.discard();
    }
  }

  async function receive(answer: Answer, offset: number, feed: () => void): Promise<Step> {
    const { response, declared } = answer;
    refuseOtherFile(declared);
    if (response.status === 416) return afterUnsatisfiable(response, offset, declared);
    if (response.status !== 200 && response.status !== 206) return afterRefusal(answer);
    if ((response.header("content-type") ?? "").startsWith("text/html")) {
      const reason = `${answer.host} answered with a web page in place of the file: a network that wants a login first, or a wrong address.`;
      throw give({ kind: "unreachable", reason });
    }
    const range = parseContentRange(response.header("content-range"));
    let start = offset;
    if (response.status === 200) {
      // The file was replaced on the server, or the server knows no ranges.
      await part.cutTo(baseBytes);
      start = 0;
    } else if (range === undefined || range.start !== offset) {
      await part.cutTo(baseBytes);
      return { kind: "again", reason: "it answered with another range than asked for" };
    }
    const total = response.status === 206 ? range?.total : lengthOf(response);
    refuseOtherSize(total ?? declared.bytes);
    const bytes = total ?? declared.bytes ?? task.expectedBytes;
    if (start === 0 || validator === undefined) {
      validator = strongValidator(response);
      await task.onFile({ validator, bytes });
    }
    if (bytes !== undefined) await part.needSpace(bytes - start);
    for await (const chunk of response.body) {
      feed();
      await part.append(chunk);
      task.onBytes(part.bytes() - baseBytes, bytes);
    }
    const received = part.bytes() - baseBytes;
    if (total !== undefined && received < total) {
      return { kind: "again", reason: `the connection ended after ${received} of ${total} bytes` };
    }
    refuseOtherSize(received);
    return { kind: "done", declared };
  }

  async function afterUnsatisfiable(
    response: DownloadResponse,
    offset: number,
    declared: HubDeclaration,
  ): Promise<Step> {
    const total = /^bytes \*\/(\d+)$/.exec(response.header("content-range") ?? "")?.[1];
    if (offset > 0 && total !== undefined && Number(total) === offset) return { kind: "done", declared };
    await part.cutTo(baseBytes);
    return { kind: "again", reason: "it does not have the rest of the file" };
  }

  function afterRefusal({ response, isRedirected, host: refusing }: Answer): Step {
    const { status } = response;
    const isBusy = status === 408 || status === 425 || status === 429 || status >= 500;
    // A storage host behind a redirect refuses when the signed address ran out: the next try gets a new one.
    const isExpired = isRedirected && (status === 401 || status === 403);
    if (isBusy || isExpired) {
      const askedMs = readRetryAfter(response.header("retry-after"), clock.wallTime());
      const afterMs = askedMs === undefined ? undefined : Math.min(MAX_ASKED_PAUSE_MS, askedMs);
      return { kind: "again", reason: `${refusing} answered ${status}`, afterMs };
    }
    const reason =
      status === 401 || status === 403
        ? `${refusing} refuses the file (${status}): ${
            task.token === undefined
              ? "it may need a token; set HF_TOKEN."
              : "the token in use does not give access to it."
          }`
        : status === 404 || status === 410
          ? `${refusing} does not have the file (${status}).`
          : `${refusing} answered ${status}.`;
    throw give({ kind: "unreachable", reason });
  }

  /** Better said before gigabytes have travelled than after. */
  function refuseOtherFile(declared: HubDeclaration): void {
    if (declared.sha256 === undefined || task.expectedSha256 === undefined) return;
    if (declared.sha256 === task.expectedSha256) return;
    throw give({ kind: "wrong-hash", expected: task.expectedSha256, actual: declared.sha256 });
  }

  function refuseOtherSize(bytes: number | undefined): void {
    if (bytes === undefined || task.expectedBytes === undefined || bytes === task.expectedBytes) return;
    throw give({
      kind: "invalid-file",
      reason: `${host} has a file of ${bytes} bytes; ${task.expectedBytes} were expected.`,
    });
  }
}

function lengthOf(response: DownloadResponse): number | undefined {
  const text = response.header("content-length");
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function parseContentRange(
  text: string | undefined,
): { readonly start: number; readonly total: number | undefined } | undefined {
  const found = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(text ?? "");
  if (found === null) return undefined;
  return { start: Number(found[1]), total: found[2] === "*" ? undefined : Number(found[2]) };
}

/** If-Range takes only a strong ETag, or a date. */
function strongValidator(response: DownloadResponse): string | undefined {
  const tag = response.header("etag");
  if (tag !== undefined && /^"[^"]+"$/.test(tag)) return tag;
  return response.header("last-modified");
}

/** Signed addresses carry secrets in their query. */
function withoutAddress(text: string): string {
  return text.replace(/https?:\/\/\S+/g, "<address>");
}
