// How fast a model would be on a machine: a roofline over memory for decoding, over arithmetic for reading prompts.
import { SEQUENCES } from "../../context-sizes.ts";
import type { CatalogueEntry } from "../../model-source.ts";

/** What a machine's speed hangs on, wherever the weights lie. */
export interface Pace {
  /** In gigabytes of 10^9 bytes a second. */
  readonly bandwidthGigabytes: number;
  /** The part of it that decoding reaches. */
  readonly efficiency: number;
  /** What each token costs beside reading the weights. */
  readonly overheadMs: number;
  /** Of a model with 1.54 billion parameters. */
  readonly prefillTokensPerSecond: number;
}

export const MEASURE_PARAMETERS = 1.54e9;
/** A suggestion: about a line. */
const SUGGESTED_TOKENS = 24;
/** New prompt tokens of a keystroke when the state of the others is kept; a new place costs more. */
const NEW_TOKENS = 16;

/** `bytes`: of the weights that one token goes through. */
export function decodeTokensPerSecond(pace: Pace, bytes: number): number {
  const seconds = bytes / (pace.efficiency * pace.bandwidthGigabytes * 1e9) + pace.overheadMs / 1000;
  return 1 / seconds;
}

/** From a key to the end of a suggestion of 24 tokens, in milliseconds. */
export function suggestionMs(pace: Pace, entry: CatalogueEntry): number {
  const active = entry.activeParameters ?? entry.parameters;
  const bytes = weightBytes(entry) * (active / entry.parameters);
  const prefill = pace.prefillTokensPerSecond * (MEASURE_PARAMETERS / active);
  return 1000 * (NEW_TOKENS / prefill + SUGGESTED_TOKENS / decodeTokensPerSecond(pace, bytes));
}

/** In the form in which it is loaded. */
export function weightBytes(entry: CatalogueEntry): number {
  return entry.rewrite?.bytes ?? entry.bytes ?? entry.parameters;
}

/** Weights, and the state of all sequences, with a margin of 15 % for buffers. */
export function neededBytes(entry: CatalogueEntry, contextTokens: number): number {
  // Where it is not known: 28 kB at 1.5 billion parameters, growing with the model.
  const kvBytesPerToken = entry.kvBytesPerToken ?? entry.parameters / 50_000;
  const cells = SEQUENCES * Math.min(contextTokens, entry.contextTokens);
  return 1.15 * (weightBytes(entry) + kvBytesPerToken * cells);
}
