// A model that is ready to work: the engine's model with everything that is kept per load.
import type { Clock, ScratchFiles } from "../platform/index.ts";
import { createFirstTokens } from "./decode/first-tokens.ts";
import type { FirstTokens } from "./decode/first-tokens.ts";
import type { EngineModel } from "./engine/engine.ts";
import type { InferenceParts } from "./inference-parts.ts";
import type { CatalogueEntry } from "./model-source.ts";
import { createBudget } from "./prompt/budget.ts";
import { keepPlain } from "./prompt/plain-text.ts";
import { PREFIX_ONLY, resolveFormat } from "./prompt/prompt-format.ts";
import type { PromptFormat, ResolvedFormat } from "./prompt/prompt-format.ts";
import type { PromptLayout } from "./prompt/prompt.ts";
import { createSegmentTokens, probeJoint } from "./prompt/segments.ts";
import { createSavedStates } from "./sequences/saved-states.ts";
import type { SavedStates } from "./sequences/saved-states.ts";
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
  readonly saved: SavedStates;
  readonly speed: Speed;
  readonly firstTokens: FirstTokens;
  layout(): PromptLayout;
  /** Sets the number of threads for the call that follows. */
  beforeCall(call: CallKind): void;
  /** What the call evaluated, and how long it took. */
  afterCall(
    call: CallKind,
    done: {
      readonly tokens: number;
      /** How many of them were a guess. */
      readonly guessed: number;
      readonly depth: number;
      readonly ms: number;
    },
  ): void;
}

/** What the answer and a long current line may take beside the budget; half of a small context. */
const ROOM_FOR_LINE_AND_ANSWER = 512;
const LEAST_TO_JUDGE = 16;

export function createLoadedModel(
  entry: CatalogueEntry,
  engineModel: EngineModel,
  promptFormat: PromptFormat | undefined,
  threads: Threads,
  parts: InferenceParts,
  clock: Clock,
  scratch: ScratchFiles,
): LoadedModel {
  const format: ResolvedFormat =
    promptFormat === undefined
      ? { ...resolveFormat(PREFIX_ONLY, engineModel), degraded: describeUnknown(entry) }
      : resolveFormat(promptFormat, engineModel);
  const model = keepPlain(engineModel, format.special);
  const speed = createSpeed(model.batchTokens);
  const segments = createSegmentTokens(model);
  const joint = probeJoint(model);
  const room = Math.min(ROOM_FOR_LINE_AND_ANSWER, Math.floor(model.contextTokens / 2));
  const saved = createSavedStates(scratch, (tokens) => {
    const perSecond = speed.prefillPerSecond();
    return perSecond === 0 ? 0 : (tokens / perSecond) * 1000;
  });
  const budget = createBudget(speed, model.contextTokens - room);
  return {
    entry,
    model,
    format,
    parts,
    saved,
    pool: createSequencePool(model, clock, saved),
    speed,
    firstTokens: createFirstTokens(model),
    layout: () => ({
      format,
      parts,
      joint,
      segments,
      beginToken: model.beginToken,
      budgetTokens: budget.tokens(),
      lineTokens: Math.floor(room / 2),
    }),
    beforeCall: (call) => model.setThreads(threads.choose(call)),
    afterCall(call, { depth, guessed, ms, tokens }) {
      if (call === "prefill") speed.recordPrefill(tokens, ms);
      else if (guessed > 0 && tokens === guessed + 1) speed.recordDraft(guessed, ms, depth);
      else if (tokens === 1) speed.recordDecode(ms, depth);
      // A few tokens cost as much as one, the more so on many threads.
      if (call === "prefill" ? tokens >= LEAST_TO_JUDGE : tokens === 1) threads.record(call, tokens, ms);
    },
  };
}

function describeUnknown({ id, promptFormat }: CatalogueEntry): string {
  return `the entry ${id} names the prompt format ${promptFormat}, which prompt-formats.json lacks: its prompts hold the text before the cursor only`;
}
