// A synchronous event: listeners are called in the order in which they subscribed.
import { onDispose } from "./disposable.ts";
import type { Disposable } from "./disposable.ts";

export interface Emitter<Event> {
  on(listener: (event: Event) => void): Disposable;
  emit(event: Event): void;
}

export function createEmitter<Event>(): Emitter<Event> {
  const listeners = new Set<(event: Event) => void>();
  return {
    on(listener) {
      listeners.add(listener);
      return onDispose(() => listeners.delete(listener));
    },
    emit(event) {
      for (const listener of [...listeners]) listener(event);
    },
  };
}
