// Finds out what a server is: which programme, which model, how much it can read, and how its prompts are laid out.
import { fail, isRecord, succeed } from "../../../kernel/index.ts";
import type { Result } from "../../../kernel/index.ts";
import { PREFIX_ONLY, showsSuffix } from "../../prompt/prompt-format.ts";
import type { PromptFormat } from "../../prompt/prompt-format.ts";
import { tokensIn } from "../../prompt/template.ts";
import type { Exchange } from "./exchange.ts";
import type { ServerFailure } from "./server-failure.ts";
import type { ServerOptions } from "./server-options.ts";

export interface NamedFormat {
  readonly name: string;
  readonly format: PromptFormat;
}

export interface ServerProfile {
  readonly api: "openai" | "llama-server";
  /** As requests name it. */
  readonly model: string;
  /** Undefined where the server does not say. */
  readonly contextTokens: number | undefined;
  /** How a prompt is written where the server does not lay it out. */
  readonly format: NamedFormat;
  /** True: the server is asked to lay out the prompt itself (the field `suffix`). */
  readonly usesSuffix: boolean;
  /** llama-server: single tokens by their text. */
  readonly tokens: ReadonlyMap<string, number>;
  /** llama-server on this machine: how many requests it works on at a time; 0: its slots are not ours to choose. */
  readonly slots: number;
  /** Why fill-in-the-middle is not used although it was wanted. */
  readonly degraded: string | undefined;
}

interface ProfileDeps {
  readonly exchange: Exchange;
  readonly options: ServerOptions;
  readonly formats: ReadonlyMap<string, PromptFormat>;
  /** The name of the format that the catalogue knows for a model's name. */
  readonly formatOf: (modelName: string) => string | undefined;
}

const prefixOnly: NamedFormat = { name: "prefix-only", format: PREFIX_ONLY };

export async function describeServer(
  deps: ProfileDeps,
  signal: AbortSignal,
): Promise<Result<ServerProfile, ServerFailure>> {
  const { exchange, options } = deps;
  const listed = await exchange.ask(`${options.openai}/models`, undefined, signal);
  // A server without a list of models is asked by the name that the user gave.
  const hasNoList =
    !listed.ok && listed.failure.kind === "misconfigured" && /\(40[45]\)/.test(listed.failure.reason);
  if (!listed.ok && !(hasNoList && (options.model !== undefined || options.api === "llama-server")))
    return listed;
  const models = listed.ok ? readModels(listed.value) : [];
  if (models === undefined)
    return fail({ kind: "misconfigured", reason: "has no list of models where server.url leads to" });
  const found =
    models.find(({ id }) => id === options.model) ?? (options.model === undefined ? models[0] : undefined);
  const owner = (found ?? models[0])?.owner;
  const api = options.api === "auto" ? (owner === "llamacpp" ? "llama-server" : "openai") : options.api;
  const model = options.model ?? found?.id;
  if (model === undefined && api === "openai") {
    return fail({ kind: "misconfigured", reason: "serves no model" });
  }
  const shared = { api, model: model ?? "", contextTokens: found?.contextTokens };
  if (api === "llama-server") {
    const tokens = await readVocabulary(deps, model, signal);
    if (!tokens.ok) return tokens;
    return succeed({
      ...shared,
      ...chooseByVocabulary(deps, shared.model, tokens.value),
      usesSuffix: false,
      tokens: tokens.value,
      slots: await readSlots(deps, signal),
    });
  }
  const named = find(deps, options.promptFormat ?? deps.formatOf(shared.model)) ?? prefixOnly;
  // vLLM and llama-server reject the field; whoever else does is found out by asking. A format that the user names is written here.
  const usesSuffix = options.promptFormat === undefined && owner !== "vllm" && owner !== "llamacpp";
  return succeed({
    ...shared,
    format: named,
    usesSuffix,
    tokens: new Map<string, number>(),
    slots: 0,
    degraded: undefined,
  });
}

/** One short request that says whether the server can work now. */
export async function checkHealth(
  deps: Pick<ProfileDeps, "exchange" | "options">,
  profile: ServerProfile | undefined,
  signal: AbortSignal,
): Promise<ServerFailure | undefined> {
  const { exchange, options } = deps;
  const url = profile?.api === "llama-server" ? `${options.root}/health` : `${options.openai}/models`;
  const answer = await exchange.ask(url, undefined, signal);
  if (answer.ok) return undefined;
  // What has no such address answers at least.
  return answer.failure.kind === "misconfigured" && /\(40[45]\)/.test(answer.failure.reason)
    ? undefined
    : answer.failure;
}

interface ListedModel {
  readonly id: string;
  readonly owner: string | undefined;
  readonly contextTokens: number | undefined;
}

function readModels(json: unknown): readonly ListedModel[] | undefined {
  if (!isRecord(json) || !Array.isArray(json["data"])) return undefined;
  return json["data"].flatMap((entry: unknown): ListedModel[] => {
    if (!isRecord(entry) || typeof entry["id"] !== "string") return [];
    const { id, owned_by: owner, meta } = entry;
    const sizes = [
      isRecord(meta) ? meta["n_ctx"] : undefined,
      entry["max_model_len"],
      entry["max_context_length"],
    ];
    const contextTokens = sizes.find((size): size is number => typeof size === "number" && size > 0);
    return [{ id, owner: typeof owner === "string" ? owner : undefined, contextTokens }];
  });
}

/** First characters of what looks like a control token: prompts are cut behind them. */
const OPENERS: readonly string[] = ["<", "["];

/** Which control texts of all formats are single tokens of the model, in one request. */
async function readVocabulary(
  { exchange, options, formats }: ProfileDeps,
  model: string | undefined,
  signal: AbortSignal,
): Promise<Result<ReadonlyMap<string, number>, ServerFailure>> {
  const wanted = new Set([...formats.values()].flatMap(controlsOf).concat(OPENERS));
  const content = [...wanted].join("\n");
  const answer = await exchange.ask(
    `${options.root}/tokenize`,
    // A router of several models looks at the name.
    { model, content, add_special: false, parse_special: true, with_pieces: true },
    signal,
  );
  if (!answer.ok) return answer;
  const list = isRecord(answer.value) && Array.isArray(answer.value["tokens"]) ? answer.value["tokens"] : [];
  const tokens = new Map<string, number>();
  for (const entry of list as readonly unknown[]) {
    if (!isRecord(entry)) continue;
    const { id, piece } = entry;
    if (typeof id === "number" && typeof piece === "string" && wanted.has(piece)) tokens.set(piece, id);
  }
  // A conversion of the model may carry a token under another spelling: the format's own name stands for it.
  for (const { spellings } of formats.values()) {
    for (const [name, others] of spellings) {
      const id = others.map((text) => tokens.get(text)).find((found) => found !== undefined);
      if (id !== undefined && !tokens.has(name)) tokens.set(name, id);
    }
  }
  return succeed(tokens);
}

/** A server elsewhere has other clients, too: who gets which slot is its business. */
async function readSlots({ exchange, options }: ProfileDeps, signal: AbortSignal): Promise<number> {
  if (!options.isLoopback) return 0;
  const answer = await exchange.ask(`${options.root}/props`, undefined, signal);
  const slots = answer.ok && isRecord(answer.value) ? answer.value["total_slots"] : undefined;
  return typeof slots === "number" && Number.isInteger(slots) && slots > 0 ? slots : 0;
}

/** All control texts of a format. */
export function controlsOf(format: PromptFormat): readonly string[] {
  const templates = [format.prompt, format.file, format.repository, ...format.header];
  const spellings = [...format.spellings.values()].flat();
  return [...new Set([...templates.flatMap(tokensIn), ...format.stop, ...spellings])];
}

function chooseByVocabulary(
  deps: ProfileDeps,
  model: string,
  tokens: ReadonlyMap<string, number>,
): { readonly format: NamedFormat; readonly degraded: string | undefined } {
  const { formats, options } = deps;
  const fits = ({ format }: NamedFormat): boolean =>
    tokensIn(format.prompt).every((text) => tokens.has(text));
  const named = find(deps, options.promptFormat ?? deps.formatOf(model));
  if (named !== undefined && showsSuffix(named.format) && fits(named))
    return { format: named, degraded: undefined };
  if (options.promptFormat !== undefined && named !== undefined) {
    const isWhole = !showsSuffix(named.format);
    return isWhole
      ? { format: named, degraded: undefined }
      : {
          format: prefixOnly,
          degraded: `the server's model lacks tokens of the format ${named.name}: its prompts hold the text before the cursor only`,
        };
  }
  // Of the formats whose tokens are all there, the one that the vocabulary has most of.
  let best: { readonly candidate: NamedFormat; readonly share: number } | undefined;
  for (const [name, format] of formats) {
    const candidate = { name, format };
    if (!showsSuffix(format) || !fits(candidate)) continue;
    const all = [...tokensIn(format.prompt), ...format.header.flatMap(tokensIn), ...format.stop];
    const share = all.filter((text) => tokens.has(text)).length / all.length;
    if (best === undefined || share > best.share) best = { candidate, share };
  }
  return { format: best?.candidate ?? prefixOnly, degraded: undefined };
}

function find({ formats }: ProfileDeps, name: string | undefined): NamedFormat | undefined {
  const format = name === undefined ? undefined : formats.get(name);
  return name === undefined || format === undefined ? undefined : { name, format };
}
