// Talking to one server: the key goes to it and to nobody else, redirects are not followed, and what comes back in errors is cleaned.
import { fail, succeed } from "../../../kernel/index.ts";
import type { Result } from "../../../kernel/index.ts";
import type { Clock, HttpAnswer, HttpCalls } from "../../../platform/index.ts";
import { readRetryAfter } from "../../retry-after.ts";
import type { Chunk } from "./completion-chunk.ts";
import { readAnswer } from "./read-answer.ts";
import { describeStatus, describeThrown } from "./server-failure.ts";
import type { ServerFailure } from "./server-failure.ts";
import type { ServerOptions } from "./server-options.ts";
import { keepTime, limitsFor } from "./time-limits.ts";

export interface Exchange {
  /** A GET, or a POST with a body, answered by one JSON value. */
  ask(url: string, body: unknown, signal: AbortSignal): Promise<Result<unknown, ServerFailure>>;
  /**
   * A POST answered bit by bit. `take` sees every chunk, and its true ends the call: the connection is closed, or, when the server
   * itself was at the end, kept. `hasBegun` of a failure: something of an answer had come.
   */
  stream(
    url: string,
    body: unknown,
    take: (chunk: Chunk) => boolean,
    signal: AbortSignal,
  ): Promise<Result<undefined, ServerFailure & { readonly hasBegun: boolean }>>;
}

/** Lists of models and vocabularies; a completion never comes this way. */
const MOST_BYTES = 4_000_000;
const MOST_ERROR_BYTES = 65_536;
/** A health check or a list of models. */
const ASK_TIMEOUT_MS = 5000;
/** For the last events after the answer is known, so that the connection can be kept. */
const DRAIN_MS = 1000;

export function createExchange(deps: {
  readonly calls: HttpCalls;
  readonly clock: Clock;
  readonly options: ServerOptions;
}): Exchange {
  const { calls, clock, options } = deps;
  const { key } = options;
  const headers: Readonly<Record<string, string>> = {
    "user-agent": "hearth",
    accept: "application/json, text/event-stream",
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  const clean = (failure: ServerFailure): ServerFailure =>
    key === undefined ? failure : { ...failure, reason: failure.reason.replaceAll(key, "…") };
  const limits = limitsFor(options.timeoutMs);
  const askLimits = limitsFor(Math.min(ASK_TIMEOUT_MS, options.timeoutMs));

  const send = (url: string, body: unknown, keeper: ReturnType<typeof keepTime>): Promise<HttpAnswer> =>
    calls.send({
      method: body === undefined ? "GET" : "POST",
      url,
      headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: keeper.signal,
      onConnect: () => keeper.connected(),
    });

  const describe = (
    error: unknown,
    keeper: ReturnType<typeof keepTime>,
    signal: AbortSignal,
  ): ServerFailure => {
    if (signal.aborted) return { kind: "cancelled", reason: "was not waited for" };
    return keeper.timeout ?? describeThrown(error);
  };

  const refuse = async (answer: HttpAnswer): Promise<ServerFailure> => {
    const said = await readText(answer, MOST_ERROR_BYTES);
    const retryAfterMs = readRetryAfter(answer.header("retry-after"), clock.wallTime());
    return describeStatus(answer.status, said ?? "", retryAfterMs);
  };

  return {
    async ask(url, body, signal) {
      const keeper = keepTime(clock, signal, askLimits);
      try {
        const answer = await send(url, body, keeper);
        if (answer.status !== 200) return fail(clean(await refuse(answer)));
        const text = await readText(answer, MOST_BYTES);
        if (text === undefined) return fail({ kind: "broken-answer", reason: "sends an answer without end" });
        return parse(text);
      } catch (error) {
        return fail(clean(describe(error, keeper, signal)));
      } finally {
        keeper.dispose();
      }
    },

    async stream(url, body, take, signal) {
      const keeper = keepTime(clock, signal, limits);
      try {
        const answer = await send(url, body, keeper);
        if (answer.status !== 200) return fail({ ...clean(await refuse(answer)), hasBegun: false });
        const chunks = readAnswer(answer.body);
        for (;;) {
          const step = await chunks.next();
          if (step.done === true) {
            if (step.value === undefined) return succeed(undefined);
            return fail({ ...clean(step.value), hasBegun: keeper.hasToken });
          }
          const { value } = step;
          if (value.text !== "" || value.finish !== undefined) keeper.token();
          if (!take(value)) continue;
          if (value.finish === undefined) answer.discard();
          else void drain(chunks, answer, clock);
          return succeed(undefined);
        }
      } catch (error) {
        const failure = describe(error, keeper, signal);
        const hasBegun = keeper.hasToken;
        const isCut = hasBegun && failure.kind === "unreachable";
        return fail(
          isCut
            ? { kind: "broken-answer", reason: "broke off in the middle of its answer", hasBegun }
            : { ...clean(failure), hasBegun },
        );
      } finally {
        // From here on neither the caller nor these limits end the call: what is left of it has a limit of its own.
        keeper.dispose();
      }
    },
  };
}

/** Reads on until the server's own end; a server that does not come to one loses the connection. */
async function drain(
  chunks: AsyncGenerator<Chunk, ServerFailure | undefined>,
  answer: HttpAnswer,
  clock: Clock,
): Promise<void> {
  const unschedule = clock.schedule(DRAIN_MS, () => answer.discard());
  try {
    for (;;) if ((await chunks.next()).done === true) return;
  } catch {
    // The answer is known already: how the connection ends afterwards changes nothing.
    answer.discard();
  } finally {
    unschedule();
  }
}

/** Undefined: longer than `most` bytes. */
async function readText(answer: HttpAnswer, most: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const part of answer.body) {
    bytes += part.length;
    if (bytes > most) return undefined;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function parse(text: string): Result<unknown, ServerFailure> {
  try {
    return succeed(JSON.parse(text));
  } catch {
    // A page, or cut off.
    return fail({ kind: "broken-answer", reason: "answers with something that is not JSON" });
  }
}
