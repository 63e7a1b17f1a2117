// The states of documents that lost their sequence to others: put aside in files, since reading a prompt again takes a hundred times as long.
import type { ScratchFiles } from "../../platform/index.ts";
import type { Token } from "../engine/engine.ts";
import type { PromptMemory } from "../prompt/placement.ts";
import type { KnownPlaces, SequenceState } from "./sequence-state.ts";

export interface SavedState {
  readonly document: string;
  readonly tokens: readonly Token[];
  readonly memory: PromptMemory;
}

export interface SavedStates {
  /** Puts aside what the sequence holds, if that is worth it and can be done. */
  save(document: string, state: SequenceState, memory: PromptMemory): Promise<void>;
  /** What was put aside for the document. */
  find(document: string): SavedState | undefined;
  /** Gives the state to a sequence, which holds nothing when this fails: false. It is put aside no longer. */
  restore(saved: SavedState, state: SequenceState): Promise<boolean>;
  forget(document: string): void;
  /** The model is given back: nothing of it can be used again. */
  clear(): void;
}

interface Entry extends SavedState {
  /** Candidates at the last places, so that the next key need not evaluate them again. */
  readonly known: KnownPlaces;
  readonly file: string;
  readonly bytes: number;
}

/** The folder lies in memory on many systems: eleven prompts of the small model (512 tokens, 11.5 MB). */
const MOST_BYTES = 128 * 1024 * 1024;
/** What reads again within this time is not worth a file (a save takes about 10 ms, a restore 5: measured, 11.5 MB). */
const WORTH_MS = 200;
/** The answer's, and those of the typed part before it: about 10 kB each. */
const KNOWN_PLACES = 40;

export function createSavedStates(
  files: ScratchFiles,
  /** How long the model reads that many tokens, in milliseconds; 0 before that is known. */
  readingMs: (tokens: number) => number,
): SavedStates {
  // The longest unused first.
  let entries: readonly Entry[] = [];
  let bytesPerToken = 0;

  const drop = (isGone: (entry: Entry) => boolean): void => {
    for (const entry of entries.filter(isGone)) files.remove(entry.file);
    entries = entries.filter((entry) => !isGone(entry));
  };

  return {
    async save(document, state, memory) {
      drop((entry) => entry.document === document);
      const { length } = state;
      if (readingMs(length) < WORTH_MS || length * bytesPerToken > MOST_BYTES) return;
      const file = files.next();
      if (file === undefined) return;
      const tokens = state.heldFrom(0);
      const known = [...state.known()].filter(([place]) => place > length - KNOWN_PLACES);
      const begun: Entry = { document, tokens, known, memory, file, bytes: 0 };
      entries = [...entries, begun];
      const bytes = await state.saveTo(file);
      // The document may have been closed meanwhile.
      if (bytes === undefined || !entries.includes(begun)) {
        drop((entry) => entry === begun);
        files.remove(file);
        return;
      }
      bytesPerToken = bytes / Math.max(1, length);
      entries = entries.map((entry) => (entry === begun ? { ...begun, bytes } : entry));
      let left = entries.reduce((sum, entry) => sum + entry.bytes, 0);
      for (const entry of entries) {
        if (left <= MOST_BYTES) break;
        left -= entry.bytes;
        drop((other) => other === entry);
      }
    },
    find: (document) => entries.find((entry) => entry.document === document),
    async restore(saved, state) {
      const entry = entries.find((other) => other === saved);
      if (entry === undefined) return false;
      const isRestored = await state.restoreFrom(entry.file, entry.tokens, entry.known);
      drop((other) => other === entry);
      return isRestored;
    },
    forget: (document) => drop((entry) => entry.document === document),
    clear: () => drop(() => true),
  };
}
