// Which document uses which of the model's few sequences: its own if it has one, else a free one, else the longest unused.
import type { EngineModel, Token } from "../engine/engine.ts";
import { createSequenceState } from "./sequence-state.ts";
import type { SequenceState } from "./sequence-state.ts";

export interface SequencePool {
  /** The document's sequence; among free ones that which holds most of the prompt. */
  acquire(document: string, prompt: readonly Token[]): SequenceState;
  /** True while the sequence still belongs to the document. */
  isHeldBy(document: string, state: SequenceState): boolean;
  /** Throws the document's sequence away, state and all: after a failed evaluation nothing in it can be trusted. */
  discard(document: string): Promise<void>;
  /** The document is closed: its sequence is free for others. */
  forget(document: string): void;
}

interface Slot {
  document: string | undefined;
  readonly state: SequenceState;
}

export function createSequencePool(model: EngineModel): SequencePool {
  // Ordered by use: the longest unused first.
  let slots: Slot[] = [];

  const use = (slot: Slot, document: string): SequenceState => {
    slot.document = document;
    slots = [...slots.filter((other) => other !== slot), slot];
    return slot.state;
  };

  const findFree = (prompt: readonly Token[]): Slot | undefined =>
    slots
      .filter((slot) => slot.document === undefined)
      .sort((a, b) => b.state.countHeld(prompt) - a.state.countHeld(prompt))[0];

  return {
    acquire(document, prompt) {
      const own = slots.find((slot) => slot.document === document);
      if (own !== undefined) return use(own, document);
      const free = findFree(prompt);
      if (free !== undefined && free.state.countHeld(prompt) > 1) return use(free, document);
      if (slots.length < model.sequences) {
        const slot: Slot = { document, state: createSequenceState(model.openSequence()) };
        return use(slot, document);
      }
      const oldest = free ?? slots[0];
      if (oldest === undefined) throw new Error("a model was loaded without sequences");
      return use(oldest, document);
    },
    isHeldBy: (document, state) => slots.some((slot) => slot.document === document && slot.state === state),
    async discard(document) {
      const slot = slots.find((candidate) => candidate.document === document);
      if (slot === undefined) return;
      slots = slots.filter((other) => other !== slot);
      await slot.state.dispose();
    },
    forget(document) {
      for (const slot of slots) if (slot.document === document) slot.document = undefined;
    },
  };
}
