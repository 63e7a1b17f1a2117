// What is sent for one completion, in the words of each kind of server, and what is left out once a server has rejected it.
import type { ModelRequest } from "../../inference-service.ts";
import type { ControlTexts } from "./control-texts.ts";
import type { ServerOptions } from "./server-options.ts";
import type { ServerPrompt } from "./server-prompt.ts";
import { countTokens } from "./server-prompt.ts";
import type { ServerProfile } from "./server-profile.ts";

/** Fields that not every server takes. */
export type Feature = "suffix" | "logprobs" | "stream_options" | "grammar";

export interface Body {
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The user's text holds something that looks like a control token and was broken by a zero-width space. */
  readonly isBroken: boolean;
}

/** OpenAI allows no more than five; llama-server and vLLM (20) give deeper ones, which names are worth. */
const ALTERNATIVES = { openai: 5, "llama-server": 20 } as const;
/** OpenAI allows four texts that end an answer. */
const MOST_STOPS = 4;

export function writeBody(
  profile: ServerProfile,
  deps: {
    readonly options: ServerOptions;
    readonly controls: ControlTexts;
    readonly refused: ReadonlySet<Feature>;
    /** llama-server: the slot to wait for; undefined leaves the choice to it. */
    readonly slot: number | undefined;
  },
  prompt: ServerPrompt,
  request: ModelRequest,
  /** 0 reads the prompt only. */
  maxTokens: number,
): Body {
  const { options, controls, refused } = deps;
  const limit = maxTokens === 0 ? 0 : maxTokens + countTokens(prompt.typed);
  const alternatives = (request.names?.length ?? 0) === 0 ? 1 : ALTERNATIVES[profile.api];
  const stop = stopTexts(profile, prompt, request);
  if (profile.api === "llama-server") {
    const isGuided = prompt.typed !== "" && !refused.has("grammar");
    return {
      url: `${options.root}/completion`,
      body: {
        ...(profile.model === "" ? {} : { model: profile.model }),
        prompt: mixedPrompt(profile, prompt, controls),
        n_predict: limit,
        stream: true,
        temperature: 0,
        top_k: Math.max(40, alternatives),
        cache_prompt: true,
        ...(deps.slot === undefined ? {} : { id_slot: deps.slot }),
        timings_per_token: true,
        ...(maxTokens === 0 ? {} : { n_probs: alternatives }),
        ...(stop.length === 0 ? {} : { stop }),
        ...(isGuided ? { grammar: grammarFor(prompt) } : {}),
      },
      isBroken: false,
    };
  }
  const usesSuffix = profile.usesSuffix && !refused.has("suffix");
  const shown = [
    ...prompt.pieces.flatMap((piece) => (piece.kind === "text" ? [piece.text] : [])),
    prompt.after,
  ];
  return {
    url: `${options.openai}/completions`,
    body: {
      model: profile.model,
      prompt: textOf(prompt, controls),
      // An empty suffix would be read as none, and some servers then answer as in a chat.
      ...(usesSuffix ? { suffix: prompt.after === "" ? "\n" : clean(prompt.after, controls) } : {}),
      max_tokens: limit,
      stream: true,
      temperature: 0,
      ...(stop.length === 0 ? {} : { stop }),
      ...(refused.has("logprobs") ? {} : { logprobs: alternatives }),
      ...(refused.has("stream_options") ? {} : { stream_options: { include_usage: true } }),
    },
    isBroken: shown.some((text) => controls.has(text)),
  };
}

/** Optional fields that were sent. */
export function optionalIn(body: Body["body"]): readonly Feature[] {
  return (["suffix", "logprobs", "stream_options", "grammar"] as const).filter((feature) => feature in body);
}

/** Those of the fields that a rejection names. */
export function namedIn(reason: string, features: readonly Feature[]): readonly Feature[] {
  const words = reason.toLowerCase();
  return features.filter((feature) => words.includes(feature));
}

/** True when the prompt was longer than the server can read. */
export function isAboutLength(reason: string): boolean {
  return /context|too long|too large|maximum.*(?:length|tokens)|exceed/i.test(reason);
}

function stopTexts(profile: ServerProfile, prompt: ServerPrompt, request: ModelRequest): readonly string[] {
  // The server compares with all that it generates: where the typed part holds a line break, the line's end is found here.
  const isLine = request.shape !== "block" && !/[\r\n]/.test(prompt.typed) && /\S/.test(prompt.lineBefore);
  return [...(isLine ? ["\n"] : []), ...profile.format.format.stop].slice(0, MOST_STOPS);
}

/**
 * Strings and token ids in one list: llama-server reads each string by itself, so a text that looks like a control token is none when
 * it is cut behind its first character. A list without a number would be taken for several prompts.
 */
function mixedPrompt(
  { tokens }: ServerProfile,
  { pieces }: ServerPrompt,
  controls: ControlTexts,
): string | readonly (string | number)[] {
  const mixed: (string | number)[] = [];
  let isMixed = false;
  for (const piece of pieces) {
    if (piece.kind === "token") {
      const token = tokens.get(piece.token);
      if (token === undefined) continue;
      // The first string of a list gets the model's begin token, also when it is empty.
      if (mixed.length === 0) mixed.push("");
      mixed.push(token);
      isMixed = true;
      continue;
    }
    const parts = controls.split(wellFormed(piece.text));
    for (const [index, part] of parts.entries()) {
      const opener = index < parts.length - 1 ? tokens.get(part.slice(-1)) : undefined;
      mixed.push(opener === undefined ? part : part.slice(0, -1));
      if (opener !== undefined) {
        mixed.push(opener);
        isMixed = true;
      }
    }
  }
  const last = mixed.at(-1);
  if (last === "" && mixed.length > 1) mixed.pop();
  // Without a number nothing could be cut: the texts are broken as for any other server.
  return isMixed
    ? mixed
    : pieces.map((piece) => (piece.kind === "text" ? clean(piece.text, controls) : "")).join("");
}

function textOf({ pieces }: ServerPrompt, controls: ControlTexts): string {
  return pieces.map((piece) => (piece.kind === "token" ? piece.token : clean(piece.text, controls))).join("");
}

/** Half a surrogate pair is no text to a server. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, "\uFFFD");
}

function clean(text: string, controls: ControlTexts): string {
  return controls.break(wellFormed(text));
}

/**
 * The answer begins with the typed part: what token healing does in process, as a grammar (GBNF). On a blank line the next character is
 * no line break, since a suggestion belongs on its line.
 */
function grammarFor({ typed, lineBefore }: ServerPrompt): string {
  const literal = typed
    .replaceAll(/[\\"]/g, String.raw`\$&`)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\r", String.raw`\r`)
    .replaceAll("\t", String.raw`\t`);
  const rest = /\S/.test(lineBefore) ? "anything" : String.raw`([^\r\n] anything)?`;
  return `root ::= "${literal}" ${rest}\nanything ::= [^\\x00]*`;
}
