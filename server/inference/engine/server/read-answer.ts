// The body of an answer as chunks, whatever the server calls it: an event stream, one JSON object, JSON lines, or a page that is no answer.
import type { Chunk } from "./completion-chunk.ts";
import { parseChunk } from "./completion-chunk.ts";
import type { ServerFailure } from "./server-failure.ts";
import { createSseParser, TooLarge } from "./sse.ts";

/** A block of code has some kilobytes; with the probabilities of 20 alternatives each token adds two. */
const MOST_BYTES = 8_000_000;
const MOST_JSON_BYTES = 2_000_000;

/**
 * The chunks, and at the end why the answer is not whole; undefined when it is. What the first character says counts, not the content
 * type: servers and gateways label errors as streams and streams as JSON. Throws what reading the body throws.
 */
export async function* readAnswer(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Chunk, ServerFailure | undefined> {
  const reader = body[Symbol.asyncIterator]();
  try {
    const head = await readHead(reader);
    if (head === undefined) return broken("sent an empty answer");
    const kind = firstCharacter(head);
    if (kind === "<") return broken("answers with a page, not with a completion");
    const rest = { head, [Symbol.asyncIterator]: () => reader };
    return kind === "{" || kind === "[" ? yield* readJson(rest) : yield* readEvents(rest);
  } finally {
    await reader.return?.();
  }
}

interface Body {
  readonly head: Uint8Array;
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array>;
}

async function* readEvents(body: Body): AsyncGenerator<Chunk, ServerFailure | undefined> {
  const parser = createSseParser();
  const progress = { isFinished: false, count: 0 };
  try {
    let bytes = 0;
    for await (const part of joined(body)) {
      bytes += part.length;
      if (bytes > MOST_BYTES) return broken("sends an answer without end");
      const failure = yield* readData(parser.feed(part), progress);
      if (failure !== undefined) return failure;
    }
    const failure = yield* readData(parser.finish(), progress);
    if (failure !== undefined) return failure;
  } catch (error) {
    if (error instanceof TooLarge) return broken("sends an event without end");
    throw error;
  }
  if (progress.isFinished) return undefined;
  return broken(
    progress.count === 0 ? "sent something that is no completion" : "broke off in the middle of its answer",
  );
}

function* readData(
  events: readonly string[],
  progress: { isFinished: boolean; count: number },
): Generator<Chunk, ServerFailure | undefined> {
  for (const data of events) {
    const text = data.trim();
    if (text === "") continue;
    if (text === "[DONE]") {
      progress.isFinished = true;
      continue;
    }
    const chunk = parseText(text);
    if ("kind" in chunk) return chunk;
    progress.count += 1;
    progress.isFinished ||= chunk.finish !== undefined;
    yield chunk;
  }
  return undefined;
}

/** A whole object at once, or one object a line, though a stream of events was asked for. */
async function* readJson(body: Body): AsyncGenerator<Chunk, ServerFailure | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of joined(body)) {
    text += decoder.decode(part, { stream: true });
    if (text.length > MOST_JSON_BYTES) return broken("sends an answer without end");
  }
  text += decoder.decode();
  const whole = parseText(text);
  if (!("kind" in whole)) {
    yield { ...whole, finish: whole.finish ?? "stop" };
    return undefined;
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length < 2) return whole;
  let isFinished = false;
  for (const line of lines) {
    const chunk = parseText(line);
    if ("kind" in chunk) return isFinished ? undefined : chunk;
    isFinished ||= chunk.finish !== undefined;
    yield chunk;
  }
  return isFinished ? undefined : broken("broke off in the middle of its answer");
}

function parseText(text: string): Chunk | ServerFailure {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Cut off or never JSON: the same to us.
    return broken("sent JSON that cannot be read");
  }
  const chunk = parseChunk(json);
  return chunk.ok ? chunk.value : broken(chunk.failure);
}

async function* joined(body: Body): AsyncGenerator<Uint8Array> {
  yield body.head;
  const reader = body[Symbol.asyncIterator]();
  for (;;) {
    const step = await reader.next();
    if (step.done === true) return;
    yield step.value;
  }
}

/** Bytes up to the first that is no white space, joined with what came with it. */
async function readHead(reader: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  for (;;) {
    const step = await reader.next();
    if (step.done === true) return undefined;
    if (firstCharacter(step.value) !== undefined) return step.value;
  }
}

function firstCharacter(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes.subarray(0, 64)).replace(/^[\s\uFEFF]+/, "");
  return text === "" ? undefined : text.charAt(0);
}

function broken(reason: string): ServerFailure {
  return { kind: "broken-answer", reason };
}
