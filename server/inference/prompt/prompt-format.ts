// Prompt layouts are data (models/prompt-formats.json): parsed here, and resolved to the tokens of a loaded model.
import { fail, succeed } from "../../kernel/index.ts";
import type { Result } from "../../kernel/index.ts";
import type { EngineModel, Token } from "../engine/engine.ts";

/** `suffix-prefix` is for models that have no middle token: the answer follows the prefix. */
export type InfillOrder = "prefix-suffix-middle" | "suffix-prefix-middle" | "suffix-prefix";

type PathLayout = "comment" | "none" | { readonly token: string };

interface Shared {
  readonly path: PathLayout;
  /** Texts of special tokens that end an answer, beside the model's own. */
  readonly stop: readonly string[];
}

export type PromptFormat =
  | (Shared & { readonly kind: "prefix" })
  | (Shared & {
      readonly kind: "infill";
      readonly order: InfillOrder;
      readonly prefix: string;
      readonly suffix: string;
      readonly middle: string | undefined;
    });

export interface InfillTokens {
  readonly order: InfillOrder;
  readonly prefix: Token;
  readonly suffix: Token;
  readonly middle: Token | undefined;
}

/** A format in the vocabulary of one model. */
export interface ResolvedFormat {
  /** Undefined: the prompt is what stands left of the cursor. */
  readonly infill: InfillTokens | undefined;
  readonly path: "comment" | "none" | { readonly token: Token };
  readonly stop: ReadonlySet<Token>;
  /** Why a fill-in-the-middle format is used without its middle; undefined when all is as the data says. */
  readonly degraded: string | undefined;
}

export const PREFIX_ONLY: PromptFormat = { kind: "prefix", path: "comment", stop: [] };

export function resolveFormat(
  format: PromptFormat,
  model: Pick<EngineModel, "findSpecialToken">,
): ResolvedFormat {
  const stop = new Set<Token>();
  for (const text of format.stop) {
    const token = model.findSpecialToken(text);
    if (token !== undefined) stop.add(token);
  }
  const pathToken = typeof format.path === "object" ? model.findSpecialToken(format.path.token) : undefined;
  const path =
    typeof format.path === "string"
      ? format.path
      : pathToken === undefined
        ? "comment"
        : { token: pathToken };
  if (format.kind === "prefix") return { infill: undefined, path, stop, degraded: undefined };

  const prefix = model.findSpecialToken(format.prefix);
  const suffix = model.findSpecialToken(format.suffix);
  const middle = format.middle === undefined ? undefined : model.findSpecialToken(format.middle);
  if (prefix === undefined || suffix === undefined || (format.middle !== undefined && middle === undefined)) {
    const degraded = `the model's vocabulary lacks ${format.prefix}, ${format.suffix} or ${format.middle ?? ""}`;
    return { infill: undefined, path, stop, degraded };
  }
  return { infill: { order: format.order, prefix, suffix, middle }, path, stop, degraded: undefined };
}

/** The formats of the file's text by name, or one sentence that says what is wrong with it. */
export function parsePromptFormats(text: string): Result<ReadonlyMap<string, PromptFormat>, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail(`prompt-formats.json is not JSON: ${String(error)}`);
  }
  const formats = isRecord(json) && isRecord(json["formats"]) ? json["formats"] : undefined;
  if (formats === undefined) return fail("prompt-formats.json has no object `formats`");
  const parsed = new Map<string, PromptFormat>();
  for (const [name, value] of Object.entries(formats)) {
    const format = parseFormat(value);
    if (format === undefined) return fail(`prompt-formats.json: the format ${name} is not understood`);
    parsed.set(name, format);
  }
  return succeed(parsed);
}

const ORDERS: readonly InfillOrder[] = ["prefix-suffix-middle", "suffix-prefix-middle", "suffix-prefix"];

function parseFormat(value: unknown): PromptFormat | undefined {
  if (!isRecord(value) || !Array.isArray(value["stop"])) return undefined;
  const stop = value["stop"].filter((text): text is string => typeof text === "string");
  const path = parsePath(value["path"]);
  if (path === undefined || stop.length !== value["stop"].length) return undefined;
  if (value["kind"] === "prefix") return { kind: "prefix", path, stop };
  const order = ORDERS.find((known) => known === value["order"]);
  const { prefix, suffix, middle } = value;
  if (value["kind"] !== "infill" || order === undefined) return undefined;
  if (typeof prefix !== "string" || typeof suffix !== "string") return undefined;
  if (order === "suffix-prefix")
    return { kind: "infill", path, stop, order, prefix, suffix, middle: undefined };
  if (typeof middle !== "string") return undefined;
  return { kind: "infill", path, stop, order, prefix, suffix, middle };
}

function parsePath(value: unknown): PathLayout | undefined {
  if (value === "comment" || value === "none") return value;
  if (isRecord(value) && typeof value["token"] === "string") return { token: value["token"] };
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
