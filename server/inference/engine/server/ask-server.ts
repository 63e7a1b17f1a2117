// One completion from a server that is known: build the prompt, send it, read the answer; fields that the server rejects are left out from then on.
import { createLru, fail, succeed } from "../../../kernel/index.ts";
import type { Result } from "../../../kernel/index.ts";
import type { Clock } from "../../../platform/index.ts";
import { hopelessBound } from "../../decode/hopeless.ts";
import type { ModelCompletion, ModelRequest } from "../../inference-service.ts";
import type { PromptMemory } from "../../prompt/placement.ts";
import { PREFIX_ONLY, showsSuffix } from "../../prompt/prompt-format.ts";
import type { ControlTexts } from "./control-texts.ts";
import type { Exchange } from "./exchange.ts";
import { cutPieces } from "../../decode/pieces.ts";
import { createPromptBudget } from "./prompt-budget.ts";
import { pause } from "./retry.ts";
import { isAboutLength, namedIn, optionalIn, writeBody } from "./request-body.ts";
import type { Feature } from "./request-body.ts";
import { createServerAnswer } from "./server-answer.ts";
import type { AnswerEnd, ServerAnswer } from "./server-answer.ts";
import type { ServerFailure } from "./server-failure.ts";
import type { ServerOptions } from "./server-options.ts";
import { buildServerPrompt, countPrompt } from "./server-prompt.ts";
import type { ServerPrompt } from "./server-prompt.ts";
import type { ServerProfile } from "./server-profile.ts";

export interface AskServer {
  /** `onToken` is told once, when the first text comes. */
  complete(
    request: ModelRequest,
    timing: { readonly submittedMs: number; readonly onToken: () => void },
    signal: AbortSignal,
  ): Promise<Result<ModelCompletion, ServerFailure>>;
  /** Has the server read the prompt and nothing more; undefined where it has no way to do so. */
  warm(request: ModelRequest, signal: AbortSignal): Promise<ServerFailure | undefined>;
  /** Whether `warm` does anything. */
  readonly canWarm: boolean;
  /** For people: how prompts are laid out now. */
  readonly promptFormat: string;
  forget(document: string): void;
}

interface AskDeps {
  readonly profile: ServerProfile;
  readonly exchange: Exchange;
  readonly options: ServerOptions;
  readonly controls: ControlTexts;
  readonly clock: Clock;
  readonly confidenceGate: number;
  /** What the user allows; undefined: what the server can read. */
  readonly contextTokens: number | undefined;
}

const REMEMBERED_PROMPTS = 256;
/** Once without healing, a smaller prompt twice, each optional field once. */
const MOST_ROUNDS = 7;
/** For a prompt that is read ahead: about as long as a new place may take. */
const LONGEST_WAIT_MS = 2500;

export function createAskServer(deps: AskDeps): AskServer {
  const { profile, exchange, clock, options, controls } = deps;
  const memories = createLru<string, PromptMemory>(REMEMBERED_PROMPTS);
  /** Which document has which of llama-server's slots; the one used last at the end. */
  const slots = new Map<string, number>();
  /** Prompts that are read ahead just now. */
  const warming = new Map<string, Promise<unknown>>();
  const refused = new Set<Feature>();
  const limits = [deps.contextTokens, profile.contextTokens].filter((size) => size !== undefined);
  const budget = createPromptBudget(limits.length === 0 ? undefined : Math.min(...limits));

  const usesSuffix = (): boolean => profile.usesSuffix && !refused.has("suffix");

  const build = (request: ModelRequest, isHealed: boolean): ServerPrompt => {
    // A server that puts the suffix into the prompt itself gets the rest as plain text.
    const format = usesSuffix() ? PREFIX_ONLY : profile.format.format;
    const prompt = buildServerPrompt(
      request,
      { format, budgetTokens: budget.tokens, isHealed, hasSuffix: usesSuffix() || showsSuffix(format) },
      memories.get(request.document),
    );
    memories.set(request.document, prompt.memory);
    return prompt;
  };

  /**
   * A slot is busy for a moment after its request was given up, and the server would choose another one, where the whole prompt has to
   * be read anew (measured: 311 tokens in place of 1). So each document has a slot of its own, as long as there are enough.
   */
  const slotOf = (document: string): number | undefined => {
    if (profile.slots < 2) return undefined;
    const taken = new Set(slots.values());
    const free = Array.from({ length: profile.slots }, (_, index) => index).find(
      (index) => !taken.has(index),
    );
    const [oldest] = slots.keys();
    const slot = slots.get(document) ?? free ?? (oldest === undefined ? 0 : (slots.get(oldest) ?? 0));
    if (!slots.has(document) && free === undefined && oldest !== undefined) slots.delete(oldest);
    slots.delete(document);
    slots.set(document, slot);
    return slot;
  };

  /** True when the request is worth sending again in another form. */
  const adapt = (
    failure: ServerFailure,
    body: Readonly<Record<string, unknown>>,
    document: string,
  ): boolean => {
    if (failure.kind !== "bad-request" || isAboutInsert(failure)) return false;
    const optional = optionalIn(body);
    const named = namedIn(failure.reason, optional);
    if (named.length === 0 && isAboutLength(failure.reason)) {
      budget.noteTooLong();
      memories.delete(document);
      return true;
    }
    const left = named.length > 0 ? named : optional;
    for (const feature of left) refused.add(feature);
    return left.length > 0;
  };

  return {
    canWarm: profile.api === "llama-server",
    get promptFormat() {
      return usesSuffix() ? "the server's own" : profile.format.name;
    },

    async complete(request, timing, signal) {
      const startedMs = clock.nowMs();
      // The server reads this text already: asked at once, it would read it a second time in another slot.
      const ahead = warming.get(request.document);
      if (ahead !== undefined) await Promise.race([ahead, pause(clock, LONGEST_WAIT_MS, signal)]);
      if (signal.aborted) return fail({ kind: "cancelled", reason: "was not waited for" });
      let isHealed = true;
      let failure: ServerFailure = { kind: "bad-request", reason: "does not take the request in any form" };
      for (let round = 0; round < MOST_ROUNDS; round += 1) {
        const known = memories.get(request.document)?.window;
        const prompt = build(request, isHealed);
        const { start, first } = prompt.memory.window;
        // A server that does not tell what it read: all of it at a new place, next to nothing at a known one.
        const estimated = known?.start === start && known.first === first ? 0 : countPrompt(prompt);
        const { url, body, isBroken } = writeBody(
          profile,
          { options, controls, refused, slot: slotOf(request.document) },
          prompt,
          request,
          request.maxTokens,
        );
        const answer = createServerAnswer({
          request,
          typed: prompt.typed,
          lineBefore: prompt.lineBefore,
          hopelessBelow: hopelessBound(request.requestClass, deps.confidenceGate),
          findControl: (text) => controls.findIn(text),
          isBroken,
        });
        const sentMs = clock.nowMs();
        const marks: Marks = { firstMs: undefined, evaluated: 0, reused: 0 };
        let end: AnswerEnd | undefined;
        const outcome = await exchange.stream(
          url,
          body,
          (chunk) => {
            if (chunk.promptTokens !== undefined) Object.assign(marks, chunk.promptTokens);
            if (chunk.text !== "" && marks.firstMs === undefined) {
              marks.firstMs = clock.nowMs();
              timing.onToken();
              budget.noteCold(marks.evaluated > 0 ? marks.evaluated : estimated, marks.firstMs - sentMs);
            }
            end = answer.take(chunk);
            if (!signal.aborted && end !== "unhealed" && chunk.text !== "")
              request.onProgress?.(answer.progress);
            return end !== undefined;
          },
          signal,
        );
        if (!outcome.ok) {
          failure = outcome.failure;
          if (adapt(failure, body, request.document)) continue;
          return fail(isAboutInsert(failure) ? { kind: "misconfigured", reason: NO_INSERT } : failure);
        }
        // A stream may end with its mark only.
        end ??= answer.take({ text: "", tokens: [], finish: "stop", promptTokens: undefined }) ?? "line-end";
        if (end !== "unhealed") return succeed(finish(answer, end, { ...timing, startedMs, sentMs }, marks));
        if (!isHealed) break;
        isHealed = false;
      }
      return fail(failure);
    },

    async warm(request, signal) {
      if (profile.api !== "llama-server") return undefined;
      const { url, body } = writeBody(
        profile,
        { options, controls, refused, slot: slotOf(request.document) },
        build(request, true),
        request,
        0,
      );
      const asked = exchange.stream(url, body, (chunk) => chunk.finish !== undefined, signal);
      warming.set(request.document, asked);
      const outcome = await asked;
      if (warming.get(request.document) === asked) warming.delete(request.document);
      if (outcome.ok) return undefined;
      return adapt(outcome.failure, body, request.document) ? undefined : outcome.failure;
    },

    forget(document) {
      memories.delete(document);
      slots.delete(document);
    },
  };

  function finish(
    answer: ServerAnswer,
    stop: ModelCompletion["stop"],
    times: { readonly submittedMs: number; readonly startedMs: number; readonly sentMs: number },
    marks: Marks,
  ): ModelCompletion {
    const { text: whole, pieces, names } = answer.progress;
    const text = stop === "line-end" || stop === "end-of-text" ? whole.trimEnd() : whole;
    const nowMs = clock.nowMs();
    // Of a block that was cut the lines before the cut are as good as any.
    const isCut = stop === "repetition" || (stop === "low-confidence" && !text.includes("\n"));
    // A server that tells no probabilities: an answer that came to its own end is worth showing, one that was cut is not.
    const isUnscored = answer.probabilities === undefined;
    const isSure = isUnscored ? stop !== "token-limit" : answer.probabilities.mean >= deps.confidenceGate;
    const unscored = { mean: deps.confidenceGate, min: deps.confidenceGate };
    const { mean, min } = answer.probabilities ?? unscored;
    return {
      text,
      pieces: text === whole ? pieces : cutPieces(pieces, text.length),
      names,
      meanProbability: mean,
      minProbability: min,
      isConfident: text.trim() !== "" && !isCut && isSure,
      stop,
      tokens: { evaluated: marks.evaluated, reused: marks.reused, generated: answer.tokens },
      timing: {
        queuedMs: times.startedMs - times.submittedMs,
        prefillMs: (marks.firstMs ?? nowMs) - times.sentMs,
        firstTokenMs: (marks.firstMs ?? nowMs) - times.submittedMs,
        totalMs: nowMs - times.submittedMs,
      },
      modelId: serverModelId(profile.model, options),
    };
  }
}

/**
 * Ollama knows no template for a text on both sides. Without one it would answer as in a chat, unless the model has no chat template
 * either: only the user can know that.
 */
function isAboutInsert({ reason }: ServerFailure): boolean {
  return /does not support insert/i.test(reason);
}

const NO_INSERT =
  "has no layout for this model's fill-in-the-middle: choose another model, or set server.promptFormat for one without a chat template";

interface Marks {
  firstMs: number | undefined;
  evaluated: number;
  reused: number;
}

/** The id under which a server's model appears in answers and in the status. */
export function serverModelId(model: string | undefined, options: ServerOptions): string {
  const name = shortModelName(model);
  return name === undefined ? options.name : `${name} at ${options.name}`;
}

/** llama-server names a model by the path of its file unless it is told a name. */
export function shortModelName(model: string | undefined): string | undefined {
  if (model === undefined || model === "") return undefined;
  return /\.gguf$/i.test(model) ? model.split(/[/\\]/).at(-1) : model;
}
