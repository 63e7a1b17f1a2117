// A model that is ready to work: the engine's model with everything that is kept per load.
import type { Clock } from "../platform/index.ts";
import { createFirstTokens } from "./decode/first-tokens.ts";
import type { FirstTokens } from "./decode/first-tokens.ts";
import type { EngineModel } from "./engine/engine.ts";
import type { InferenceParts } from "./inference-parts.ts";
import type { CatalogueEntry } from "./model-source.ts";
import { resolveFormat } from "./prompt/prompt-format.ts";
import type { PromptFormat, ResolvedFormat } from "./prompt/prompt-format.ts";
import type { PromptLayout } from "./prompt/prompt.ts";
import { createSegmentTokens, probeJoint } from "./prompt/segments.ts";
import { createSequencePool } from "./sequences/sequence-pool.ts";
import type { SequencePool } from "./sequences/sequence-pool.ts";
import { createSpeed } from "./sequences/speed.ts";
import type { Speed } from "./sequences/speed.ts";
import type { CallKind, Threads } from "./threads.ts";

export interface LoadedModel {
  readonly entry: CatalogueEntry;
  readonly model: EngineModel;
  readonly format: ResolvedFormat;
  readonly parts: InferenceParts;
  readonly pool: SequencePool;
  readonly speed: Speed;
  readonly firstTokens: FirstTokens;
  layout(): PromptLayout;
  /** Sets the number of threads for the call that follows. */
  beforeCall(call: CallKind): void;
  /** What the call evaluated, and how long it took. */
  afterCall(call: CallKind, tokens: number, ms: number): void;
}

/** What the answer and a long current line may take beside the budget. */
const ROOM_FOR_LINE_AND_ANSWER = 512;
/** Budgets in tokens; a new cut takes the largest that the machine prefills in the time below. */
const BUDGETS = [256, 384, 512, 768, 1024, 2048, 4096];
const COLD_PREFILL_MS = 2500;
/** Before anything is measured. */
const FIRST_BUDGET = 512;

const LEAST_TO_JUDGE = 16;

export function createLoadedModel(
  entry: CatalogueEntry,
  model: EngineModel,
  promptFormat: PromptFormat,
  threads: Threads,
  parts: InferenceParts,
  clock: Clock,
): LoadedModel {
  const format = resolveFormat(promptFormat, model);
  const speed = createSpeed(model.batchTokens);
  const segments = createSegmentTokens(model);
  const joint = probeJoint(model);
  const largest = Math.max(64, model.contextTokens - ROOM_FOR_LINE_AND_ANSWER);
  return {
    entry,
    model,
    format,
    parts,
    pool: createSequencePool(model, clock),
    speed,
    firstTokens: createFirstTokens(model),
    layout() {
      const perSecond = speed.prefillPerSecond();
      const affordable = perSecond === 0 ? FIRST_BUDGET : (perSecond * COLD_PREFILL_MS) / 1000;
      const budget = BUDGETS.findLast((size) => size <= affordable) ?? BUDGETS[0] ?? FIRST_BUDGET;
      return {
        format,
        parts,
        joint,
        segments,
        beginToken: model.beginToken,
        budgetTokens: Math.min(largest, budget),
      };
    },
    beforeCall: (call) => model.setThreads(threads.choose(call)),
    afterCall(call, tokens, ms) {
      if (call === "prefill") speed.recordPrefill(tokens, ms);
      else if (tokens === 1) speed.recordDecode(ms);
      // A few tokens cost as much as one, the more so on many threads.
      if (call === "prefill" ? tokens >= LEAST_TO_JUDGE : tokens === 1) threads.record(call, tokens, ms);
    },
  };
}
