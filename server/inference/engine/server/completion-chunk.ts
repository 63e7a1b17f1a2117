// One object of an answer, in the shapes that servers give it: OpenAI's completions and llama-server's own. Foreign input is parsed here.
import { fail, isRecord, succeed } from "../../../kernel/index.ts";
import type { Result } from "../../../kernel/index.ts";
import { messageIn } from "./server-failure.ts";

export interface ScoredText {
  readonly text: string;
  /** Natural logarithm. */
  readonly logProbability: number;
}

export interface ChunkToken extends ScoredText {
  /** The most probable tokens at this place, this one among them. */
  readonly alternatives: readonly ScoredText[];
}

export interface Chunk {
  readonly text: string;
  /** Empty where the server tells no probabilities. */
  readonly tokens: readonly ChunkToken[];
  readonly finish: "stop" | "length" | undefined;
  readonly promptTokens: { readonly evaluated: number; readonly reused: number } | undefined;
}

/** A failure is half a sentence: what the server said in place of a completion. */
export function parseChunk(json: unknown): Result<Chunk, string> {
  if (!isRecord(json)) return fail("sent something that is no completion");
  if (json["error"] !== undefined && json["error"] !== null) {
    return fail(`reports an error: ${(messageIn(json) ?? "without words").slice(0, 160)}`);
  }
  if (Array.isArray(json["choices"])) return parseOpenAi(json, json["choices"]);
  if (typeof json["content"] === "string") return succeed(parseNative(json, json["content"]));
  return fail("sent something that is no completion");
}

function parseOpenAi(json: Record<string, unknown>, choices: readonly unknown[]): Result<Chunk, string> {
  const usage = isRecord(json["usage"]) ? readUsage(json["usage"]) : undefined;
  const promptTokens = usage ?? readTimings(json["timings"]);
  const [choice] = choices;
  // The last object of a stream may hold the usage only.
  if (choice === undefined) return succeed({ text: "", tokens: [], finish: undefined, promptTokens });
  if (!isRecord(choice)) return fail("sent something that is no completion");
  const reason = choice["finish_reason"];
  if (reason === "error") return fail("ended its answer with an error");
  const text = choice["text"];
  if (typeof text !== "string" && choice["delta"] !== undefined) {
    return fail("answers as in a chat: server.url must lead to an address with /completions");
  }
  return succeed({
    text: typeof text === "string" ? text : "",
    tokens: readLogProbabilities(choice["logprobs"]),
    finish: reason === "length" ? "length" : typeof reason === "string" && reason !== "" ? "stop" : undefined,
    promptTokens,
  });
}

function parseNative(json: Record<string, unknown>, text: string): Chunk {
  const isLast = json["stop"] === true;
  return {
    text,
    tokens: readTokenList(json["completion_probabilities"]),
    finish: isLast ? (json["stop_type"] === "limit" ? "length" : "stop") : undefined,
    promptTokens: readTimings(json["timings"]),
  };
}

/** OpenAI's parallel lists, or the list of objects that llama-server and chat answers use. */
function readLogProbabilities(value: unknown): readonly ChunkToken[] {
  if (!isRecord(value)) return [];
  if (Array.isArray(value["content"])) return readTokenList(value["content"]);
  const { tokens, token_logprobs: numbers, top_logprobs: tops } = value;
  if (!Array.isArray(tokens) || !Array.isArray(numbers)) return [];
  return tokens.flatMap((text: unknown, index): ChunkToken[] => {
    const logProbability: unknown = numbers[index];
    if (typeof text !== "string" || !isLogProbability(logProbability)) return [];
    const top: unknown = Array.isArray(tops) ? tops[index] : undefined;
    return [{ text, logProbability, alternatives: readTop(top) }];
  });
}

function readTokenList(value: unknown): readonly ChunkToken[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown): ChunkToken[] => {
    const scored = readScored(entry);
    if (scored === undefined || !isRecord(entry)) return [];
    const top: unknown = entry["top_logprobs"];
    const alternatives = Array.isArray(top) ? top.flatMap((one: unknown) => readScored(one) ?? []) : [];
    return [{ ...scored, alternatives }];
  });
}

function readTop(value: unknown): readonly ScoredText[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([text, logProbability]) =>
    isLogProbability(logProbability) ? [{ text, logProbability }] : [],
  );
}

function readScored(value: unknown): ScoredText | undefined {
  if (!isRecord(value)) return undefined;
  const { token, logprob } = value;
  return typeof token === "string" && isLogProbability(logprob)
    ? { text: token, logProbability: logprob }
    : undefined;
}

/** Some servers write a positive number or -9999 for what they do not know. */
function isLogProbability(value: unknown): value is number {
  return typeof value === "number" && value <= 1e-6 && !Number.isNaN(value);
}

function readUsage(usage: Record<string, unknown>): Chunk["promptTokens"] {
  const whole = usage["prompt_tokens"];
  if (typeof whole !== "number") return undefined;
  const details = usage["prompt_tokens_details"];
  const cached =
    isRecord(details) && typeof details["cached_tokens"] === "number" ? details["cached_tokens"] : 0;
  return { evaluated: Math.max(0, whole - cached), reused: Math.min(whole, cached) };
}

/** llama-server: `prompt_n` tokens were processed, `cache_n` were in its cache. */
function readTimings(timings: unknown): Chunk["promptTokens"] {
  if (!isRecord(timings) || typeof timings["prompt_n"] !== "number") return undefined;
  const cached = timings["cache_n"];
  return { evaluated: timings["prompt_n"], reused: typeof cached === "number" ? cached : 0 };
}
