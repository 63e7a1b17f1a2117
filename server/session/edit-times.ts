// When each document was last edited: a request right after an edit was made by an editor, not by a hand.
import type { Clock } from "../platform/index.ts";

export interface EditTimes {
  noted(document: string): void;
  /** Milliseconds since the last edit; infinite when there was none. */
  sinceMs(document: string): number;
  forget(document: string): void;
}

export function createEditTimes(clock: Clock): EditTimes {
  const times = new Map<string, number>();
  return {
    noted: (document) => void times.set(document, clock.nowMs()),
    sinceMs: (document) => clock.nowMs() - (times.get(document) ?? Number.NEGATIVE_INFINITY),
    forget: (document) => void times.delete(document),
  };
}
