// Which place uses which of the model's few sequences. A place is where somebody works in a document; a document may have several.
import type { Clock } from "../../platform/index.ts";
import type { EngineModel, Token } from "../engine/engine.ts";
import type { PromptMemory } from "../prompt/placement.ts";
import type { Prompt } from "../prompt/prompt.ts";
import type { SavedStates } from "./saved-states.ts";
import { isNearlyFull } from "../prompt/window.ts";
import { countCommon, createSequenceState } from "./sequence-state.ts";
import type { SequenceState } from "./sequence-state.ts";

export interface Place {
  readonly state: SequenceState;
  readonly prompt: Prompt;
}

export interface SequencePool {
  /**
   * The document's place whose state serves the prompt best; `build` makes the prompt with what a place remembers.
   * When that would throw away much of what another place needs, the common part is copied to a sequence of its own.
   */
  acquire(document: string, build: (memory: PromptMemory | undefined) => Prompt): Promise<Place>;
  /**
   * Another place of the document, for a prompt whose window is cut anew: what is read there serves the next prompt once
   * the window at hand is full. Undefined where no sequence can be spared.
   */
  acquireNext(
    document: string,
    build: (memory: PromptMemory | undefined) => Prompt,
  ): Promise<Place | undefined>;
  /** True while the sequence still belongs to the document. */
  isHeldBy(document: string, state: SequenceState): boolean;
  /** Throws a sequence away, state and all: after a failed evaluation nothing in it can be trusted. */
  discard(state: SequenceState): Promise<void>;
  /** The document is closed: its sequences are free for others. */
  forget(document: string): void;
}

interface Slot {
  document: string | undefined;
  memory: PromptMemory | undefined;
  usedMs: number;
  readonly state: SequenceState;
}

/** A copy takes the time of one token; what a keystroke may cost need not be kept. */
const WORTH_KEEPING = 3;
/** Enter, or a line deleted: the same place goes on. Further away is another one (in pieces of text, about lines). */
const NEAR = 3;
/** A document whose only place was used within this time keeps it when another one wants a second place. */
const IN_USE_MS = 60_000;
/** Where a sequence cannot be copied, a second place costs a whole prompt: only if little of it is held anyway. */
const SMALL_SHARE = 0.25;

export function createSequencePool(
  model: EngineModel,
  clock: Pick<Clock, "nowMs">,
  saved: SavedStates,
): SequencePool {
  // Ordered by use: the longest unused first.
  let slots: Slot[] = [];

  const use = (slot: Slot, document: string, prompt: Prompt): Place => {
    slot.document = document;
    slot.memory = prompt.memory;
    slot.usedMs = clock.nowMs();
    slots = [...slots.filter((other) => other !== slot), slot];
    return { state: slot.state, prompt };
  };

  /** The same for another document's sequence: if it is that one's only place, its state is put aside. */
  const takeOver = async (slot: Slot, document: string, prompt: Prompt): Promise<Place> => {
    const { document: former, memory, state } = slot;
    const place = use(slot, document, prompt);
    const hasLost = former !== undefined && slots.every((other) => other.document !== former);
    if (hasLost && memory !== undefined) await saved.save(former, state, memory);
    return place;
  };

  const open = (): Slot | undefined => {
    if (slots.length >= model.sequences) return undefined;
    const state = createSequenceState(model.openSequence());
    return { document: undefined, memory: undefined, usedMs: 0, state };
  };

  const findFree = (prompt: readonly Token[]): Slot | undefined =>
    slots
      .filter((slot) => slot.document === undefined)
      .sort((a, b) => b.state.countHeld(prompt) - a.state.countHeld(prompt))[0];

  /** A sequence for a second place: a free one, else the oldest one that nobody misses. */
  const findSpare = (busy: Slot, prompt: readonly Token[]): Slot | undefined => {
    const counts = new Map<string | undefined, number>();
    for (const { document } of slots) counts.set(document, (counts.get(document) ?? 0) + 1);
    return (
      open() ??
      findFree(prompt) ??
      slots.find(
        (slot) =>
          slot !== busy && ((counts.get(slot.document) ?? 0) > 1 || clock.nowMs() - slot.usedMs > IN_USE_MS),
      )
    );
  };

  const acquireFirst = async (
    document: string,
    build: (memory: PromptMemory | undefined) => Prompt,
  ): Promise<Place> => {
    const aside = saved.find(document);
    const prompt = build(aside?.memory);
    const free = findFree(prompt.tokens);
    const asideHeld = aside === undefined ? 0 : countCommon(aside.tokens, prompt.tokens);
    if (free !== undefined && free.state.countHeld(prompt.tokens) > Math.max(1, asideHeld))
      return use(free, document, prompt);
    const slot = open() ?? free ?? slots[0];
    if (slot === undefined) throw new Error("a model was loaded without sequences");
    const place = await takeOver(slot, document, prompt);
    if (aside !== undefined && asideHeld > 1) await saved.restore(aside, place.state);
    return place;
  };

  return {
    async acquire(document, build) {
      let best: { slot: Slot; prompt: Prompt; held: number } | undefined;
      // The latest first: of places that are as good it is the one.
      for (const slot of slots.filter((own) => own.document === document).reverse()) {
        const prompt = build(slot.memory);
        const held = slot.state.countHeld(prompt.tokens);
        const cost = prompt.tokens.length - held;
        if (best === undefined || cost < best.prompt.tokens.length - best.held) best = { slot, prompt, held };
      }
      if (best === undefined) return acquireFirst(document, build);
      const { held, prompt, slot } = best;
      const lost = slot.state.length - held;
      if (lost < WORTH_KEEPING || !isElsewhere(prompt, slot.memory)) return use(slot, document, prompt);
      if (!slot.state.canCopy && held > prompt.tokens.length * SMALL_SHARE)
        return use(slot, document, prompt);
      const spare = findSpare(slot, prompt.tokens);
      if (spare === undefined) return use(slot, document, prompt);
      // Whoever had it finds out at its next step that it was displaced.
      const place = await takeOver(spare, document, prompt);
      if (slot.state.canCopy && held > spare.state.countHeld(prompt.tokens))
        await spare.state.copyFrom(slot.state, held);
      return place;
    },
    async acquireNext(document, build) {
      const [busy, ...others] = slots.filter((slot) => slot.document === document).reverse();
      if (busy === undefined) return undefined;
      // One that was begun before goes on: lines were typed meanwhile.
      for (const slot of others) {
        const prompt = build(slot.memory);
        const isBegun = slot.state.countHeld(prompt.tokens) > prompt.tokens.length / 2;
        if (isBegun && !isNearlyFull(prompt.memory.window)) return use(slot, document, prompt);
      }
      const prompt = build(undefined);
      const spare = findSpare(busy, prompt.tokens);
      return spare === undefined ? undefined : takeOver(spare, document, prompt);
    },
    isHeldBy: (document, state) => slots.some((slot) => slot.document === document && slot.state === state),
    async discard(state) {
      slots = slots.filter((slot) => slot.state !== state);
      await state.dispose();
    },
    forget(document) {
      for (const slot of slots) if (slot.document === document) slot.document = undefined;
      saved.forget(document);
    },
  };
}

function isElsewhere(prompt: Prompt, memory: PromptMemory | undefined): boolean {
  return memory === undefined || Math.abs(prompt.memory.anchor.total - memory.anchor.total) > NEAR;
}
